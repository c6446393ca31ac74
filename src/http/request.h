// A request as the pages see it: framed, sized, decoded and checked already.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/form.h"
#include "base/listing.h"

namespace cstims {

struct Request {
  std::string method;                                       // "GET" (also for HEAD) or "POST"
  std::string path;                                         // decoded once, no query
  QueryFields query;                                        // decoded; a repeated name was refused
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case
  std::map<std::string, std::string, std::less<>> cookies;
  FormData form;                         // POST
  std::string peer;                      // the client's address, after trusted proxies
  std::string id;                        // request id, shown on error pages and in the log
  std::vector<std::string> path_values;  // of `{…}` in the route's pattern, in order

  std::string header(std::string_view name) const;  // empty when absent
  std::string query_value(std::string_view name) const;
  /// The n-th `{…}` of the pattern as an id; throws NotFound when it is none.
  template <typename Noun>
  Id<Noun> path_id(std::size_t n = 0) const {
    return Id<Noun>(path_number(n));
  }
  std::int64_t path_number(std::size_t n) const;  // throws NotFound
};

/// A path of this site, safe to redirect to: "/tickets/12?sort=id", never "//elsewhere",
/// "/\\elsewhere" or a scheme.
bool is_own_path(std::string_view path);

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>>
      headers;  // values without CR, LF, NUL: checked when added
  std::string body;
  std::string_view static_body = {};  // when set, the body: bytes that live as long as the program
  std::string file;                   // when set, the body is this file's content (sent in pieces)

  const std::string* find(std::string_view name) const;  // names are compared ignoring case
  Response& add(std::string_view name,
                std::string_view value);  // throws std::logic_error for controls in a value
  static Response html(std::string body, int status = 200);
  static Response text(std::string body, int status = 200);
  static Response csv(std::string file_name, std::string body);
  /// 303 to a path of ours ("/tickets/12"); anything else throws std::logic_error.
  static Response see_other(std::string_view path);
  static Response moved(std::string_view path);  // 301
  /// Always `Content-Disposition: attachment` (RFC 6266, RFC 8187), nosniff, CSP sandbox.
  static Response download(std::string file_name, std::string media_type, std::string bytes);
  static Response download_file(std::string file_name, std::string media_type, std::string path);
  /// As that, but shown where it is asked for: only for a picture whose content was looked at.
  static Response show_picture(std::string file_name, std::string media_type, std::string path);
};

}  // namespace cstims
