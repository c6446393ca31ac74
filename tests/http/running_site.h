// The small site behind a real server on a free port.
#pragma once

#include <functional>
#include <string>

#include "http/http_site.h"
#include "http/raw_client.h"

namespace cstims::test {

class RunningSite {
 public:
  explicit RunningSite(const std::function<void(ServerOptions&)>& adjust = {})
      : server(options(adjust), site.parts, site.metrics) {
    server.start();
  }

  std::string host() const { return "127.0.0.1:" + std::to_string(server.port()); }
  /// A complete request without body.
  std::string request(std::string_view line, std::string_view more_fields = {}) const {
    return std::string(line) + " HTTP/1.1\r\nHost: " + host() + "\r\n" + std::string(more_fields) +
           "\r\n";
  }
  /// A form posted by a visitor, with the csrf token joined to it.
  std::string form(std::string_view path, std::string_view fields,
                   std::string_view more_fields = {}) const {
    const std::string body = with_token(fields);
    return request("POST " + std::string(path),
                   visitor_fields("application/x-www-form-urlencoded") + "Content-Length: " +
                       std::to_string(body.size()) + "\r\n" + std::string(more_fields)) +
           body;
  }
  std::string with_token(std::string_view fields) const {
    std::string body = "csrf=" + replace_all(replace_all(csrf(), "+", "%2B"), "=", "%3D");
    if (!fields.empty()) body += "&" + std::string(fields);
    return body;
  }
  std::string csrf() const { return csrf_token(site.services.secret, token_of("visitor")); }
  static std::string visitor_fields(std::string_view type) {
    return "Cookie: cstims_session=" + token_of("visitor") +
           "\r\nContent-Type: " + std::string(type) + "\r\n";
  }
  RawAnswer ask(std::string_view bytes, const char* from = "127.0.0.1") const {
    RawClient client(server.port(), from);
    client.send(bytes);
    return client.read();
  }

  HttpSite site;
  Server server;

 private:
  ServerOptions options(const std::function<void(ServerOptions&)>& adjust) {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    options.site_url = site.own_site.url;
    options.threads = 2;
    options.upload_folder = site.world.folder() / "";
    if (adjust) adjust(options);
    return options;
  }
};

}  // namespace cstims::test
