// Files of a form are shown to the virus scanner before anything is done with them.
#pragma once

#include "base/refusal.h"
#include "http/context.h"

namespace cstims {

/// Once the form is right, and before `context.act`: it may take seconds. Refuses, beside its
/// field, what is infected, and what could not be scanned: that may be sent again. Nothing is
/// refused where there is no scanner.
Result<void> check_uploads(const Context& context);

}  // namespace cstims
