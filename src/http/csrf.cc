#include "http/csrf.h"

#include "base/secret.h"
#include "base/text.h"

namespace cstims {
namespace {

std::string mark(std::string_view key, std::string_view session_token) {
  return hmac_sha256(key, "csrf|" + std::string(session_token));
}

std::string mixed(std::string_view one, std::string_view other) {
  std::string bytes(one);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(bytes[i] ^ other[i]);
  return bytes;
}

}  // namespace

std::string csrf_token(std::string_view key, std::string_view session_token) {
  const std::string own = mark(key, session_token);
  const std::string mask = random_bytes(own.size());
  return base64(mask + mixed(own, mask));
}

bool csrf_valid(std::string_view key, std::string_view session_token, std::string_view token) {
  if (session_token.empty()) return false;
  const std::string own = mark(key, session_token);
  const auto bytes = parse_base64(token);
  if (!bytes || bytes->size() != 2 * own.size()) return false;
  const std::string_view mask = std::string_view(*bytes).substr(0, own.size());
  return equal_in_constant_time(own, mixed(std::string_view(*bytes).substr(own.size()), mask));
}

bool is_cross_site(const Request& request, std::string_view own_origin) {
  const std::string site = request.header("sec-fetch-site");
  if (!site.empty()) return site != "same-origin" && site != "none";
  const std::string origin = lower_ascii(request.header("origin"));
  if (origin.empty() || origin == "null" || origin == own_origin) return false;
  // The server answers under other names too (localhost); which ones, it checked before.
  const std::string_view scheme = own_origin.substr(0, own_origin.find("://"));
  return origin != std::string(scheme) + "://" + lower_ascii(request.header("host"));
}

}  // namespace cstims
