#include "http/headers.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/secret.h"
#include "base/text.h"
#include "http/wire.h"

namespace cstims {
namespace {

constexpr std::size_t least_compressed = 1024;

void add_unless_there(Response& response, std::string_view name, std::string_view value) {
  if (response.find(name) == nullptr) response.add(name, value);
}

bool is_type(const Response& response, std::string_view prefix) {
  const std::string* type = response.find("Content-Type");
  return type != nullptr && type->starts_with(prefix);
}

/// Scripts are allowed on pages that have one, and then only our own files.
std::string_view content_policy(const Response& response) {
  const bool scripted =
      is_type(response, "text/html") && body_of(response).find("<script") != std::string_view::npos;
  return scripted ? "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
                    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
                  : "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
                    "base-uri 'none'; frame-ancestors 'none'";
}

/// Memory for deflate is 256 KiB: each worker keeps one.
class Deflate {
 public:
  explicit Deflate(int level) : level_(level) {
    if (deflateInit2(&stream_, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::runtime_error("zlib cannot start");
    }
  }
  ~Deflate() { deflateEnd(&stream_); }
  Deflate(const Deflate&) = delete;
  Deflate& operator=(const Deflate&) = delete;

  int level() const { return level_; }
  std::string run(std::string_view bytes) {
    deflateReset(&stream_);
    std::string result(deflateBound(&stream_, static_cast<uLong>(bytes.size())), '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(result.data());
    stream_.avail_out = static_cast<uInt>(result.size());
    if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("zlib failed");
    result.resize(stream_.total_out);
    return result;
  }

 private:
  z_stream stream_{};
  int level_;
};

}  // namespace

void add_security_headers(Response& response, const HeaderRules& rules) {
  add_unless_there(response, "Content-Security-Policy", content_policy(response));
  add_unless_there(response, "X-Content-Type-Options", "nosniff");
  add_unless_there(response, "Referrer-Policy", "same-origin");
  add_unless_there(response, "Cross-Origin-Opener-Policy", "same-origin");
  add_unless_there(response, "Cross-Origin-Resource-Policy", "same-origin");
  if (rules.https) {
    add_unless_there(response, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  }
}

void add_cache_headers(const Request& request, Response& response, const HeaderRules& rules) {
  if (response.find("Cache-Control") != nullptr) return;
  const bool public_page = !rules.signed_in && request.method == "GET" && response.status == 200 &&
                           is_type(response, "text/html") && response.file.empty() &&
                           response.find("Set-Cookie") == nullptr;
  if (!public_page) {
    response.add("Cache-Control", "no-store");
    return;
  }
  const std::string tag = "W/\"" + sha256_hex(body_of(response)).substr(0, 32) + "\"";
  response.add("Cache-Control", "no-cache");
  response.add("ETag", tag);
  response.add("Vary", "Cookie");
  if (!tag_matches(request.header("if-none-match"), tag)) return;
  response.status = 304;
  response.body.clear();
  response.static_body = {};
}

bool accepts_gzip(const Request& request) {
  const std::string field = lower_ascii(request.header("accept-encoding"));
  for (const std::string_view item : split(field, ',')) {
    const auto pieces = split(item, ';');
    const std::string_view coding = trim(pieces.front());
    if (coding != "gzip" && coding != "*") continue;
    const std::string_view weight = pieces.size() > 1 ? trim(pieces[1]) : std::string_view("q=1");
    const bool refused =
        weight.starts_with("q=0") && weight.find_first_of("123456789", 3) == std::string_view::npos;
    return !refused;
  }
  return false;
}

std::string gzip(std::string_view bytes, int level) {
  thread_local Deflate deflate(level);
  if (deflate.level() != level) return Deflate(level).run(bytes);
  return deflate.run(bytes);
}

void compress(const Request& request, Response& response) {
  constexpr int level = 3;
  constexpr std::array<std::string_view, 3> types{"text/", "application/json", "image/svg+xml"};
  const bool worth =
      response.body.size() >= least_compressed && response.file.empty() &&
      response.static_body.empty() && response.find("Content-Encoding") == nullptr &&
      std::ranges::any_of(types, [&](std::string_view type) { return is_type(response, type); });
  if (!worth) return;
  response.add("Vary", "Accept-Encoding");
  if (!accepts_gzip(request)) return;
  response.body = gzip(response.body, level);
  response.add("Content-Encoding", "gzip");
}

bool tag_matches(std::string_view if_none_match, std::string_view tag) {
  const auto opaque = [](std::string_view text) {
    return text.starts_with("W/") ? text.substr(2) : text;
  };
  for (const std::string_view item : split(if_none_match, ',')) {
    const std::string_view wanted = trim(item);
    if (wanted == "*" || (!wanted.empty() && opaque(wanted) == opaque(tag))) return true;
  }
  return false;
}

}  // namespace cstims
