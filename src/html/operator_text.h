// The operator's own texts, written in Markdown: how to pay, privacy, terms. A file of the folder
// site.pages stands in place of the built-in one; it is read at each visit, so that editing it is
// enough.
#pragma once

#include <string>

#include "base/site.h"

namespace cstims {

/// Of "pay.md", "privacy.md" or "terms.md"; throws NotFound. They speak to clients: for staff, who
/// would be refused there, the words of a link to a client's page stand without the link.
std::string operator_text(const Site& site, const std::string& name, bool for_staff);

}  // namespace cstims
