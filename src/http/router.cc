#include "http/router.h"

#include <algorithm>
#include <stdexcept>

#include "base/text.h"

namespace cstims {

bool may(Who who, const Viewer& viewer) {
  switch (who) {
    case Who::anyone:
    case Who::trusted_address:  // judged by the address, not by the person
      return true;
    case Who::signed_in:
      return viewer.user.has_value();
    case Who::client:
      return viewer.is_client();
    case Who::helpdesk:
      return viewer.is_helpdesk();
    case Who::accountant:
      return viewer.is_accountant();
    case Who::staff:
      return viewer.is_staff();
    case Who::admin:
      return viewer.is_admin();
  }
  return false;
}

std::string_view text(Who who) {
  switch (who) {
    case Who::anyone:
      return "anyone";
    case Who::signed_in:
      return "signed_in";
    case Who::client:
      return "client";
    case Who::helpdesk:
      return "helpdesk";
    case Who::accountant:
      return "accountant";
    case Who::staff:
      return "staff";
    case Who::admin:
      return "admin";
    case Who::trusted_address:
      return "trusted_address";
  }
  return "";
}

Router::Router(Routes routes) {
  for (const Route& route : routes) {
    if (!route.path.starts_with('/')) throw std::logic_error("a route's path begins with /");
    if (route.path.find('{') == std::string_view::npos) {
      literal_.emplace(route.path, &route);
      continue;
    }
    Pattern pattern{{}, &route, 0};
    for (const std::string_view text : split(route.path.substr(1), '/')) {
      const auto open = text.find('{');
      if (open == std::string_view::npos) {
        pattern.segments.push_back({text, {}, false});
        pattern.literals += 2;
        continue;
      }
      const auto close = text.find('}', open);
      if (close == std::string_view::npos)
        throw std::logic_error("a brace of a route is not closed");
      pattern.segments.push_back({text.substr(0, open), text.substr(close + 1), true});
      if (open > 0 || close + 1 < text.size()) pattern.literals += 1;
    }
    patterns_[pattern.segments.size()].push_back(std::move(pattern));
  }
  for (auto& [count, patterns] : patterns_) {
    std::ranges::stable_sort(patterns, std::ranges::greater{}, &Pattern::literals);
  }
}

bool Router::match(const Pattern& pattern, const std::vector<std::string_view>& segments,
                   std::vector<std::string>* values) {
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment& wanted = pattern.segments[i];
    const std::string_view given = segments[i];
    if (!wanted.variable) {
      if (given != wanted.before) return false;
      continue;
    }
    if (given.size() <= wanted.before.size() + wanted.behind.size()) return false;
    if (!given.starts_with(wanted.before) || !given.ends_with(wanted.behind)) return false;
  }
  if (values == nullptr) return true;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment& wanted = pattern.segments[i];
    if (!wanted.variable) continue;
    const auto length = segments[i].size() - wanted.before.size() - wanted.behind.size();
    values->emplace_back(segments[i].substr(wanted.before.size(), length));
  }
  return true;
}

void Router::note(RouteMatch& found, const Route& route, std::string_view method) {
  if (route.method == method && found.route == nullptr) found.route = &route;
  const std::string_view names = route.method == "GET" ? "GET, HEAD" : route.method;
  if (found.allow.find(names) != std::string::npos) return;
  if (!found.allow.empty()) found.allow += ", ";
  found.allow += names;
}

RouteMatch Router::find(std::string_view method, std::string_view path) const {
  RouteMatch found;
  const auto [first, last] = literal_.equal_range(path);
  for (auto row = first; row != last; ++row) note(found, *row->second, method);
  if (first != last || !path.starts_with('/')) return found;

  const auto segments = split(path.substr(1), '/');
  const auto patterns = patterns_.find(segments.size());
  if (patterns == patterns_.end()) return found;
  // Rows of one shape differ by method only: the shape of the first that matches decides.
  const Pattern* shape = nullptr;
  for (const Pattern& pattern : patterns->second) {
    if (shape != nullptr && !same_shape(shape->route->path, pattern.route->path)) continue;
    if (!match(pattern, segments, shape == nullptr ? &found.values : nullptr)) continue;
    shape = &pattern;
    note(found, *pattern.route, method);
  }
  return found;
}

}  // namespace cstims
