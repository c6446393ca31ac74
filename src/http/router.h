// Finds the row of the routes table for an address. A segment of a pattern is a literal ("tickets")
// or holds one
// `{…}`, which may have a literal before or behind it ("{invoice}.pdf"). Literals win over
// patterns.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/route.h"

namespace cstims {

struct RouteMatch {
  const Route* route = nullptr;     // null: no row has this path, or none with this method
  std::vector<std::string> values;  // of the `{…}`, in order
  std::string allow;  // methods the path has, for 405: "GET, HEAD, POST"; empty: no such path
};

class Router {
 public:
  /// The table must outlive the router.
  explicit Router(Routes routes);
  RouteMatch find(std::string_view method, std::string_view path) const;

 private:
  struct Segment {
    std::string_view before;  // the whole literal when there is no `{…}`
    std::string_view behind;
    bool variable = false;
  };
  struct Pattern {
    std::vector<Segment> segments;
    const Route* route;
    int literals;
  };
  static bool match(const Pattern& pattern, const std::vector<std::string_view>& segments,
                    std::vector<std::string>* values);
  static void note(RouteMatch& found, const Route& route, std::string_view method);

  std::unordered_multimap<std::string_view, const Route*> literal_;  // by the whole path
  std::map<std::size_t, std::vector<Pattern>>
      patterns_;  // by number of segments, most literal first
};

/// Two paths that match the same addresses: equal but for the names in braces.
constexpr bool same_shape(std::string_view one, std::string_view other) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < one.size() && j < other.size()) {
    if (one[i] != other[j]) return false;
    if (one[i] == '{') {
      while (i < one.size() && one[i] != '}') ++i;
      while (j < other.size() && other[j] != '}') ++j;
      continue;
    }
    ++i;
    ++j;
  }
  return i == one.size() && j == other.size();
}

/// `static_assert(no_duplicates(rows));` beside the table.
template <std::size_t count>
consteval bool no_duplicates(const Route (&rows)[count]) {
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      if (rows[i].method == rows[j].method && same_shape(rows[i].path, rows[j].path)) return false;
    }
  }
  return true;
}

}  // namespace cstims
