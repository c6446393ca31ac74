#include "http/request.h"

#include <algorithm>

#include "base/failure.h"
#include "base/id.h"

namespace cstims {

std::string Request::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

std::string Request::query_value(std::string_view name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

std::int64_t Request::path_number(std::size_t n) const {
  if (n >= path_values.size()) throw std::logic_error("the route's path has no such value");
  const auto number = parse_id_number(path_values[n]);
  if (!number) throw NotFound("no id in the address: " + path);
  return *number;
}

bool is_own_path(std::string_view path) {
  if (!path.starts_with('/') || path.starts_with("//")) return false;
  // Browsers read a backslash as a slash, and drop TAB, CR and LF: only plain printable ASCII is
  // safe.
  return std::ranges::all_of(path, [](char c) { return c > ' ' && c < '\x7f' && c != '\\'; });
}

}  // namespace cstims
