// The pages of accounts as a browser meets them: requests go through http/dispatch with the real
// csrf check, cookies are kept.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "account/password.h"
#include "http/dispatch.h"
#include "support/world.h"

namespace cstims::test {

/// One for all tests of the program.
PasswordHasher& hasher_of_tests();
/// World::services with the hasher.
Services services_with_hasher(World& world);

class Portal {
 public:
  explicit Portal(World& world);
  Portal(const Portal&) = delete;
  Portal& operator=(const Portal&) = delete;

  Response answer(Request request) const { return dispatch(parts_, std::move(request)); }
  const Services& services() const { return services_; }
  const Site& site() const { return services_.site; }

 private:
  Services services_;
  Parts parts_;
};

using Fields = std::map<std::string, std::string, std::less<>>;

class Browser {
 public:
  explicit Browser(const Portal& portal, std::string address = "192.0.2.7")
      : portal_(portal), address_(std::move(address)) {}

  /// `target` may have a query, not escaped.
  Response get(const std::string& target);
  /// Looks at `page` first for its csrf field.
  Response post(const std::string& page, const std::string& action, Fields fields);
  Response post(const std::string& action, Fields fields) {
    return post(action, action, std::move(fields));
  }
  Response sign_in(const std::string& name,
                   const std::string& password = std::string(password_of_all));

  std::map<std::string, std::string, std::less<>> cookies;
  std::string user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0";
  std::vector<std::string> set_cookies;  // of the last answer

 private:
  Response send(Request request);
  const Portal& portal_;
  std::string address_;
};

std::string header(const Response& response, std::string_view name);
/// The code in the newest mail of that kind, as it stands in the link.
std::string mailed_code(World& world, std::string_view kind);
std::vector<QueuedMail> mails_of_kind(World& world, std::string_view kind);
std::int64_t count_rows(World& world, const std::string& table_and_condition);

}  // namespace cstims::test
