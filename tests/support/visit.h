// Calls a page's handler as somebody, without routes, sessions and layout: what it answers, and
// what it drew.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "http/context.h"
#include "http/route.h"
#include "support/world.h"

namespace cstims::test {

struct Visit {
  Handler handler;
  std::vector<std::string> path_values = {};  // of the `{…}` in the route's pattern
  QueryFields query = {};
  std::map<std::string, std::string, std::less<>> fields = {};  // of a POST
};

/// The body is the page's own view, drawn strictly.
Response visit(World& world, const Viewer& viewer, const Visit& visit);
/// The address of a 303; empty for any other answer.
std::string redirected_to(const Response& response);

}  // namespace cstims::test
