// The one cookie (interface: cstims_session; over https __Host-cstims_session with Secure).
#pragma once

#include <string>
#include <string_view>

#include "base/site.h"

namespace cstims {

std::string_view session_cookie_name(const Site& site);
/// Value of a Set-Cookie header that keeps the token until the browser is closed, or for
/// `max_age_seconds`.
std::string session_cookie(const Site& site, std::string_view token, int max_age_seconds = 0);
/// Value of a Set-Cookie header that removes the cookie.
std::string no_session_cookie(const Site& site);
/// The form of tokens that we give out (base64url, 128 bits at least): anything else counts as no
/// cookie.
bool is_session_token(std::string_view text);

}  // namespace cstims
