// A person with a browser: requests go through dispatch with the real csrf check, as one viewer.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "http/dispatch.h"
#include "http/route.h"
#include "support/world.h"

namespace cstims::test {

using Fields = std::map<std::string, std::string, std::less<>>;

class Person {
 public:
  Person(World& world, Routes routes, Viewer viewer)
      : world_(world), routes_(routes), viewer_(std::move(viewer)) {}

  /// `target` may have a query, not escaped.
  Response get(const std::string& target);
  Response post(const std::string& path, Fields fields = {}, std::vector<Upload> uploads = {});
  /// As a page of another site would: without the token.
  Response post_from_elsewhere(const std::string& path, Fields fields = {});

 private:
  Response send(Request request);
  World& world_;
  Routes routes_;
  Viewer viewer_;
};

std::string header_value(const Response& response, std::string_view name);
/// A file as http/ leaves it.
Upload upload_of(World& world, std::string field, std::string name, const std::string& content);

}  // namespace cstims::test
