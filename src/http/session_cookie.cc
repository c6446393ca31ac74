#include "http/session_cookie.h"

#include <algorithm>

namespace cstims {

std::string_view session_cookie_name(const Site& site) {
  return site.https() ? "__Host-cstims_session" : "cstims_session";
}

std::string session_cookie(const Site& site, std::string_view token, int max_age_seconds) {
  std::string cookie(session_cookie_name(site));
  cookie.append("=").append(token).append("; Path=/; HttpOnly; SameSite=Lax");
  if (max_age_seconds > 0) cookie += "; Max-Age=" + std::to_string(max_age_seconds);
  if (site.https()) cookie += "; Secure";
  return cookie;
}

std::string no_session_cookie(const Site& site) {
  return session_cookie(site, "") + "; Max-Age=0";
}

bool is_session_token(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  return text.size() >= 22 && text.size() <= 128 && std::ranges::all_of(text, allowed);
}

}  // namespace cstims
