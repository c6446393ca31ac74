// Every failure as a page: a status, one sentence, a request id. What happened in truth stands in
// the log only.
#pragma once

#include <exception>
#include <string_view>

#include "http/dispatch.h"

namespace cstims {

/// Drawn by `parts.error_page`; plain when that fails or is absent.
Response error_page(const Parts& parts, const Context& context, int status);
/// For what a handler threw; logs it.
Response failure_page(const Parts& parts, const Context& context, std::exception_ptr failure);
/// Methods that the HTTP standards define and that we answer 405; all others are 501.
bool is_known_method(std::string_view method);
std::string_view reason_phrase(int status);

}  // namespace cstims
