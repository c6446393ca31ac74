// Every unsafe request must come from a page of ours: its origin is checked, and a token in the
// form is bound to the session cookie's value (also of visitors who are not signed in: theirs is a
// random anonymous one).
#pragma once

#include <string>
#include <string_view>

#include "http/request.h"

namespace cstims {

/// For the hidden field `csrf`; `key` is services.secret. Another text at each call, so that
/// compressed pages do not leak it (BREACH).
std::string csrf_token(std::string_view key, std::string_view session_token);
bool csrf_valid(std::string_view key, std::string_view session_token, std::string_view token);

/// Judged by Sec-Fetch-Site, else by Origin ("https://portal.example.org"). Requests with neither,
/// or with `Origin: null` (no-referrer pages without Fetch Metadata), are not known to be foreign:
/// the token decides.
bool is_cross_site(const Request& request, std::string_view own_origin);

}  // namespace cstims
