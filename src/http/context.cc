#include "http/context.h"

#include "base/secret.h"
#include "base/text.h"

namespace cstims {
namespace {

constexpr std::string_view flash_name = "cstims_flash";
constexpr char unit_separator = '\x1f';

std::string signature(std::string_view payload, std::string_view secret) {
  return base64(hmac_sha256(secret, "flash|" + std::string(payload)));
}

std::string cookie(std::string_view value, std::string_view age, const Site& site) {
  std::string header(flash_name);
  header.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Lax; Max-Age=").append(age);
  return site.https() ? header + "; Secure" : header;
}

}  // namespace

std::optional<Message> read_flash(const Request& request, std::string_view secret) {
  const auto found = request.cookies.find(flash_name);
  if (found == request.cookies.end()) return std::nullopt;
  const auto dot = found->second.find('.');
  if (dot == std::string::npos) return std::nullopt;
  const std::string payload = found->second.substr(0, dot);
  if (!equal_in_constant_time(found->second.substr(dot + 1), signature(payload, secret)))
    return std::nullopt;
  const auto text = parse_base64(payload);
  if (!text) return std::nullopt;
  Message flash;
  const auto pieces = split(*text, unit_separator);
  flash.text = pieces.front();
  for (std::size_t n = 1; n < pieces.size(); ++n) flash.arguments.emplace_back(pieces[n]);
  return flash;
}

std::string flash_cookie(const Message& flash, const Site& site, std::string_view secret) {
  std::string text = flash.text;
  for (const auto& argument : flash.arguments) text += unit_separator + shorten(argument, 200);
  const std::string payload = base64(text);
  return cookie(payload + "." + signature(payload, secret), "60", site);
}

std::string no_flash_cookie(const Site& site) {
  return cookie("", "0", site);
}

Response Context::page(std::string_view view, const Message& title, const Fill& fill,
                       int status) const {
  return frame(*this, view, title, fill, status);
}

void Context::claim_form(Transaction& tx) const {
  if (form_key.key.empty() || form_claimed) return;
  claim_form_key(tx, form_key);
  tx.after_commit([this] { form_claimed = true; });
}

Response Context::redirect(std::string_view path, const Message& flash) const {
  Response response = Response::see_other(path);
  if (!flash.text.empty()) response.add("Set-Cookie", flash_cookie(flash, site(), services.secret));
  return response;
}

}  // namespace cstims
