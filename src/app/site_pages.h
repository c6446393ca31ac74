// The operator's own pages, written in Markdown: how to pay, privacy, terms. A file of the folder
// site.pages stands in place of the built-in text; it is read at each visit, so that editing it is
// enough.
#pragma once

#include "http/context.h"

namespace cstims {

Response show_pay_page(Context& context);      // GET /pay, anyone
Response show_privacy_page(Context& context);  // GET /privacy, anyone
Response show_terms_page(Context& context);    // GET /terms, anyone

}  // namespace cstims
