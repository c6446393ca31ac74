// What is the same for every answer: security headers, caching, entity tags, compression.
#pragma once

#include <string>
#include <string_view>

#include "http/request.h"

namespace cstims {

struct HeaderRules {
  bool https = false;      // the site's address is https: HSTS
  bool signed_in = false;  // never stored by any cache
};

/// Adds what is missing, never overwrites what a handler chose. Every status gets the security
/// headers.
void add_security_headers(Response& response, const HeaderRules& rules);
/// Cache-Control; for pages that anybody may see an entity tag, and 304 when the browser has it
/// already.
void add_cache_headers(const Request& request, Response& response, const HeaderRules& rules);
/// gzip for texts of 1 KiB and more, when the browser accepts it.
void compress(const Request& request, Response& response);

bool accepts_gzip(const Request& request);
std::string gzip(std::string_view bytes, int level);
/// If-None-Match against an entity tag, by weak comparison (RFC 9110 §13.1.2).
bool tag_matches(std::string_view if_none_match, std::string_view tag);

}  // namespace cstims
