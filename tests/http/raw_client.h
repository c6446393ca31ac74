// A socket that says exactly what it is told, and reads answers as a careful client does.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/text.h"

namespace cstims::test {

struct RawAnswer {
  int status = 0;  // 0: the connection ended without an answer
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case
  std::string head;
  std::string body;
  std::string header(std::string_view name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

class RawClient {
 public:
  /// `from` is another loopback address: the server sees another peer.
  explicit RawClient(unsigned short port, const char* from = "127.0.0.1") {
    descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    inet_pton(AF_INET, from, &own.sin_addr);
    if (::bind(descriptor_, reinterpret_cast<sockaddr*>(&own), sizeof own) != 0) {
      throw std::runtime_error("cannot bind");
    }
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
      throw std::runtime_error("cannot connect");
    }
    const int on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~RawClient() { ::close(descriptor_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// False when the server closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  void finish_sending() { ::shutdown(descriptor_, SHUT_WR); }

  RawAnswer read(bool without_body = false) {
    RawAnswer answer;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return answer;
    }
    answer.head = buffer_.substr(0, end);
    buffer_.erase(0, end + 4);
    answer.status = std::atoi(answer.head.c_str() + 9);
    bool first = true;
    for (const std::string_view line : split(answer.head, '\n')) {
      const auto colon = line.find(':');
      if (!first && colon != std::string_view::npos) {
        answer.headers[lower_ascii(line.substr(0, colon))] = trim(line.substr(colon + 1));
      }
      first = false;
    }
    const std::size_t length = std::strtoul(answer.header("content-length").c_str(), nullptr, 10);
    if (without_body || answer.status == 100) return answer;
    while (buffer_.size() < length && more()) {
    }
    answer.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return answer;
  }

  /// Nothing more comes and the server has closed its side.
  bool at_end() { return buffer_.empty() && !more(); }
  /// Nothing came within the time, and the connection stands.
  bool is_quiet(int milliseconds) {
    pollfd waiting{descriptor_, POLLIN, 0};
    return buffer_.empty() && ::poll(&waiting, 1, milliseconds) == 0;
  }

 private:
  bool more() {
    pollfd waiting{descriptor_, POLLIN, 0};
    if (::poll(&waiting, 1, 10'000) <= 0) throw std::runtime_error("no answer in 10 s");
    char bytes[65536];
    const ssize_t count = ::recv(descriptor_, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int descriptor_ = -1;
  std::string buffer_;
};

}  // namespace cstims::test
