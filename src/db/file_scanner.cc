#include "db/file_scanner.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <semaphore>

#include "base/failure.h"
#include "base/log.h"
#include "base/text.h"

namespace cstims {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::string_view unix_scheme = "unix:";
constexpr std::size_t piece_size = 64 * 1024;
constexpr std::size_t longest_answer = 4096;
constexpr std::ptrdiff_t most_at_once = 4;

/// Only within this file: a scanner that cannot be asked is a verdict.
struct Unreachable : Failure {
  using Failure::Failure;
};

[[noreturn]] void fail(std::string_view what) {
  throw Unreachable(fmt::format("{}: {}", what, std::strerror(errno)));
}

/// IPv4 or "[IPv6]", and a port.
struct Place {
  sockaddr_storage address{};
  socklen_t size = 0;
};

std::optional<Place> unix_place(std::string_view path) {
  Place place;
  auto* address = reinterpret_cast<sockaddr_un*>(&place.address);
  if (path.empty() || path.front() != '/' || path.size() >= sizeof address->sun_path) return {};
  address->sun_family = AF_UNIX;
  std::ranges::copy(path, address->sun_path);
  place.size = sizeof(sockaddr_un);
  return place;
}

std::optional<Place> network_place(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + colon + 1, end, port);
  if (read.ec != std::errc() || read.ptr != end || port == 0) return {};
  std::string host(text.substr(0, colon));
  Place place;
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    auto* address = reinterpret_cast<sockaddr_in6*>(&place.address);
    address->sin6_family = AF_INET6;
    address->sin6_port = htons(port);
    place.size = sizeof(sockaddr_in6);
    return inet_pton(AF_INET6, host.c_str(), &address->sin6_addr) == 1 ? std::optional(place)
                                                                       : std::nullopt;
  }
  auto* address = reinterpret_cast<sockaddr_in*>(&place.address);
  address->sin_family = AF_INET;
  address->sin_port = htons(port);
  place.size = sizeof(sockaddr_in);
  return inet_pton(AF_INET, host.c_str(), &address->sin_addr) == 1 ? std::optional(place)
                                                                   : std::nullopt;
}

std::optional<Place> read_place(std::string_view address) {
  if (address.starts_with(unix_scheme)) return unix_place(address.substr(unix_scheme.size()));
  return network_place(address);
}

/// A conversation with clamd that ends by itself when its time is over.
class Line {
 public:
  Line(const Place& place, SteadyTime until) : until_(until) {
    socket_ = ::socket(place.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket_ < 0) fail("no socket");
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&place.address), place.size) == 0) {
      return;
    }
    if (errno != EINPROGRESS) close_and_fail("cannot connect");
    try {
      wait_for(POLLOUT);
    } catch (...) {
      ::close(socket_);
      throw;
    }
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
    errno = error;
    if (error != 0) close_and_fail("cannot connect");
  }
  ~Line() { ::close(socket_); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// False when the other side does not listen any more: it may have answered already.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (errno == EAGAIN) {
        wait_for(POLLOUT);
      } else if (errno == EPIPE || errno == ECONNRESET) {
        return false;
      } else if (errno != EINTR) {
        fail("cannot send");
      }
    }
    return true;
  }

  std::string answer() {
    std::string answer;
    std::array<char, 512> room{};
    while (answer.size() < longest_answer && answer.find('\0') == std::string::npos) {
      const ssize_t count = ::recv(socket_, room.data(), room.size(), 0);
      if (count == 0) break;
      if (count > 0) {
        answer.append(room.data(), static_cast<std::size_t>(count));
      } else if (errno == EAGAIN) {
        wait_for(POLLIN);
      } else if (errno != EINTR) {
        fail("cannot read its answer");
      }
    }
    return answer.substr(0, answer.find('\0'));
  }

 private:
  [[noreturn]] void close_and_fail(std::string_view what) {
    const int error = errno;
    ::close(socket_);
    errno = error;
    fail(what);
  }

  void wait_for(short events) const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until_ - std::chrono::steady_clock::now());
    pollfd waiting{.fd = socket_, .events = events, .revents = 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::max<long>(0, left.count())));
    if (ready < 0 && errno != EINTR) fail("cannot wait");
    if (ready == 0) throw Unreachable("it takes too long");
  }

  int socket_ = -1;
  SteadyTime until_;
};

/// In front of each piece, and a zero at the end (clamd's INSTREAM).
std::string big_endian(std::size_t number) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    bytes += static_cast<char>((number >> shift) & 0xFFU);
  }
  return bytes;
}

/// "stream: OK", "stream: Eicar-Test-Signature FOUND", "INSTREAM size limit exceeded. ERROR".
Scanned read_answer(std::string_view answer) {
  constexpr std::string_view begin = "stream: ";
  constexpr std::string_view found = " FOUND";
  const std::string_view line = trim(answer);
  if (line == "stream: OK") return {};
  if (line.starts_with(begin) && line.ends_with(found)) {
    const auto name = line.substr(begin.size(), line.size() - begin.size() - found.size());
    return {ScanVerdict::infected, shorten(single_line(name), 100)};
  }
  return {ScanVerdict::unknown,
          line.empty() ? "it did not answer" : shorten(single_line(line), 200)};
}

}  // namespace

/// So that a slow scanner holds up a few forms, not all.
struct FileScanner::Turns {
  std::counting_semaphore<most_at_once> free{most_at_once};
};

FileScanner::FileScanner(std::string address, std::chrono::milliseconds limit)
    : address_(std::move(address)), limit_(limit), turns_(std::make_unique<Turns>()) {}
FileScanner::~FileScanner() = default;

Scanned FileScanner::ask(const Pieces& pieces) const {
  if (!is_on()) return {};
  const SteadyTime until = std::chrono::steady_clock::now() + limit_;
  Scanned scanned{ScanVerdict::unknown, "it is busy"};
  if (turns_->free.try_acquire_until(until)) {
    try {
      const auto place = read_place(address_);
      if (!place) throw Unreachable("its address is none");
      Line line(*place, until);
      bool listens = line.send(std::string_view("zINSTREAM\0", 10));
      for (auto piece = pieces(); listens && !piece.empty(); piece = pieces()) {
        listens = line.send(big_endian(piece.size())) && line.send(piece);
      }
      if (listens) line.send(big_endian(0));
      scanned = read_answer(line.answer());
    } catch (const Unreachable& error) {
      scanned.finding = error.what();
    } catch (...) {
      turns_->free.release();
      throw;
    }
    turns_->free.release();
  }
  if (scanned.verdict == ScanVerdict::unknown) {
    log_error("the virus scanner does not answer", {{"error", scanned.finding}});
  }
  return scanned;
}

Scanned FileScanner::scan(std::string_view bytes) const {
  return ask([&bytes] {
    const std::string_view piece = bytes.substr(0, piece_size);
    bytes.remove_prefix(piece.size());
    return piece;
  });
}

Scanned FileScanner::scan_file(const std::filesystem::path& path) const {
  if (!is_on()) return {};
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) throw Failure("cannot read a file to be scanned");
  std::string room(piece_size, '\0');
  return ask([&] {
    file.read(room.data(), static_cast<std::streamsize>(room.size()));
    if (file.bad()) throw Failure("cannot read a file to be scanned");
    return std::string_view(room).substr(0, static_cast<std::size_t>(file.gcount()));
  });
}

std::string fault_of_scanner_address(std::string_view address) {
  if (address.empty() || read_place(address)) return {};
  return "write unix:/PATH/OF/clamd.ctl, or an address and a port: 127.0.0.1:3310";
}

}  // namespace cstims
