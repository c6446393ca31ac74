#include "http/hosts.h"

#include "base/text.h"
#include "http/addresses.h"

namespace cstims {
namespace {

bool is_loopback_name(std::string_view host) {
  const std::string_view name =
      host.starts_with('[') ? host.substr(1, host.find(']') - 1) : host.substr(0, host.find(':'));
  if (name == "localhost") return true;
  const auto address = Address::parse(name);
  return address && address->is_loopback();
}

}  // namespace

Hosts::Hosts(std::string_view site_url, const std::string& address, unsigned short port) {
  const bool https = site_url.starts_with("https://");
  const auto begin = site_url.find("://");
  std::string host;
  if (begin != std::string_view::npos) {
    const auto rest = site_url.substr(begin + 3);
    host = lower_ascii(rest.substr(0, rest.find('/')));
  }
  const std::string usual = https ? ":443" : ":80";
  if (host.ends_with(usual)) host.resize(host.size() - usual.size());
  const bool has_port = host.rfind(':') != std::string::npos && host.back() != ']';
  names_.insert(host);
  if (!has_port) names_.insert(host + usual);

  const std::string bound = ":" + std::to_string(port);
  const auto parsed = Address::parse(address);
  const std::string literal = parsed && !parsed->is_ipv4() ? "[" + address + "]" : address;
  names_.insert(literal + bound);
  if (port == 80 || port == 443) names_.insert(literal);
  if (!is_loopback_name(host) && !(parsed && parsed->is_loopback())) return;
  for (const std::string name : {"localhost", "127.0.0.1", "[::1]"}) {
    names_.insert(name + bound);
    if (port == 80 || port == 443) names_.insert(name);
  }
}

bool Hosts::contains(std::string_view host) const {
  return names_.contains(lower_ascii(host));
}

}  // namespace cstims
