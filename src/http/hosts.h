// The names this server answers to. A request for another host is none of ours (421): no link or
// redirect can be poisoned.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace cstims {

class Hosts {
 public:
  /// `site_url` "https://portal.example.org[:port]", `address` and `port` as bound. When either is
  /// a loopback address, localhost, 127.0.0.1 and [::1] with the bound port count too.
  Hosts(std::string_view site_url, const std::string& address, unsigned short port);
  bool contains(std::string_view host) const;

 private:
  std::set<std::string, std::less<>> names_;
};

}  // namespace cstims
