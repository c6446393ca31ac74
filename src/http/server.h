// The web server: HTTP/1.1 with or without TLS. Network threads never wait for anything but the
// network; requests that are complete go to a bounded pool of workers, and when that is full they
// are answered 503 at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "http/dispatch.h"
#include "http/metrics.h"

namespace cstims {

struct ServerTimeouts {
  using Seconds = std::chrono::duration<double>;
  Seconds head{10};        // from the first byte to the end of the header fields
  Seconds body_grace{10};  // a body must arrive at 500 bytes a second, after this
  Seconds write{30};       // without progress
  Seconds idle{15};        // between two requests
  Seconds drain{10};       // for running requests when stopping
};

struct ServerOptions {
  std::string listen = "127.0.0.1:8080";  // ADDR:PORT, [v6]:PORT; port 0: any
  std::string site_url;                   // requests for another host are refused (421)
  int threads = 0;       // that answer pages, which only read; 0: one more than cores
  int form_threads = 0;  // that answer forms: they hash, write and wait; 0: sixteen or two a core
  int network_threads = 0;                   // 0: one per two cores
  std::size_t queue_limit = 256;             // requests waiting for either kind of worker
  std::size_t connections_per_address = 64;  // trusted proxies excepted
  std::size_t connections = 4096;            // at most; fewer when the process may open fewer files
  std::size_t requests_per_connection = 1000;
  double bytes_per_second = 500;  // the slowest body accepted
  AddressRanges trusted_proxies;
  std::string tls_certificate;  // PEM chain; empty: plain HTTP
  std::string tls_key;
  std::filesystem::path
      upload_folder;  // for uploads while a request runs; empty: the system's temporary folder
  ServerTimeouts timeouts;
};

class Server {
 public:
  /// Binds and listens; throws UsageError when the address or certificate cannot be used.
  Server(ServerOptions options, const Parts& parts, Metrics& metrics);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();
  unsigned short port() const;
  /// Stops listening, lets running requests finish (at most timeouts.drain), then stops. Safe to
  /// call twice.
  void drain_and_stop();

 private:
  struct Running;
  std::unique_ptr<Running> running_;
};

}  // namespace cstims
