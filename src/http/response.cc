#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "base/text.h"
#include "http/request.h"

namespace cstims {
namespace {

bool same_name(std::string_view one, std::string_view other) {
  return one.size() == other.size() && starts_with_ignoring_case(one, other);
}

bool is_token_character(char c) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         others.find(c) != std::string_view::npos;
}

bool is_control_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

Response redirection(std::string_view path, int status) {
  if (!is_own_path(path)) throw std::logic_error("redirects lead to paths of ours only");
  Response response;
  response.status = status;
  response.add("Location", path);
  return response;
}

/// RFC 8187 §3.2.1 attr-char stays, the rest is percent-encoded UTF-8.
std::string extended_value(std::string_view utf8) {
  constexpr std::string_view others = "!#$&+-.^_`|~";
  std::string value = "UTF-8''";
  for (const char c : utf8) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       others.find(c) != std::string_view::npos;
    if (plain) {
      value += c;
    } else {
      value += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return value;
}

/// The last component, without anything that could leave the header or lie about the type's suffix.
std::string safe_file_name(std::string_view name) {
  const auto slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  std::string safe = is_utf8(name) ? single_line(name) : std::string();
  while (safe.starts_with('.')) safe.erase(0, 1);
  safe = std::string(first_characters(safe, 150));
  return safe.empty() ? "file" : safe;
}

/// RFC 6266 §4.3 and appendix D: a plain ASCII name for old programs, the true one beside it.
std::string disposition(std::string_view how, std::string_view given_name) {
  const std::string name = safe_file_name(given_name);
  std::string plain;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) == 0x80) continue;  // the rest of a character already replaced
    plain += byte >= 0x80 || c == '"' || c == '\\' || c == '%' ? '_' : c;
  }
  return fmt::format("{}; filename=\"{}\"; filename*={}", how, plain, extended_value(name));
}

Response download_head(std::string_view file_name, std::string_view media_type,
                       std::string_view how = "attachment") {
  Response response;
  response.add("Content-Type", media_type);
  response.add("Content-Disposition", disposition(how, file_name));
  response.add("X-Content-Type-Options", "nosniff");
  response.add("Content-Security-Policy", "sandbox; default-src 'none'");
  return response;
}

}  // namespace

const std::string* Response::find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      headers, [&](const auto& header) { return same_name(header.first, name); });
  return found == headers.end() ? nullptr : &found->second;
}

Response& Response::add(std::string_view name, std::string_view value) {
  if (name.empty() || !std::ranges::all_of(name, is_token_character)) {
    throw std::logic_error("a header's name is a token");
  }
  if (std::ranges::any_of(value, is_control_byte)) {
    throw std::logic_error("a header's value has no controls");
  }
  headers.emplace_back(name, value);
  return *this;
}

Response Response::html(std::string body, int status) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  response.add("Content-Type", "text/html; charset=utf-8");
  return response;
}

Response Response::text(std::string body, int status) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  response.add("Content-Type", "text/plain; charset=utf-8");
  return response;
}

Response Response::csv(std::string file_name, std::string body) {
  return download(std::move(file_name), "text/csv; charset=utf-8", std::move(body));
}

Response Response::see_other(std::string_view path) {
  return redirection(path, 303);
}

Response Response::moved(std::string_view path) {
  return redirection(path, 301);
}

Response Response::download(std::string file_name, std::string media_type, std::string bytes) {
  Response response = download_head(file_name, media_type);
  response.body = std::move(bytes);
  return response;
}

Response Response::download_file(std::string file_name, std::string media_type, std::string path) {
  Response response = download_head(file_name, media_type);
  response.file = std::move(path);
  return response;
}

Response Response::show_picture(std::string file_name, std::string media_type, std::string path) {
  Response response = download_head(file_name, media_type, "inline");
  response.file = std::move(path);
  return response;
}

}  // namespace cstims
