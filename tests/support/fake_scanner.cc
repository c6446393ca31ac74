#include "support/fake_scanner.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace cstims::test {
namespace {

constexpr std::string_view command{"zINSTREAM\0", 10};

/// False when the other side is done.
bool read_exactly(int peer, char* room, std::size_t size) {
  while (size > 0) {
    const ssize_t count = ::recv(peer, room, size, 0);
    if (count <= 0) return false;
    room += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

void say(int peer, std::string answer) {
  answer += '\0';
  ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
}

}  // namespace

FakeScanner::FakeScanner() {
  std::string form = (std::filesystem::temp_directory_path() / "cstims-scanner-XXXXXX").string();
  if (::mkdtemp(form.data()) == nullptr) throw std::runtime_error("no folder for a scanner");
  folder_ = form;
  path_ = folder_ / "clamd.ctl";
  socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::ranges::copy(path_.string(), address.sun_path);
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket_, 16) != 0) {
    throw std::runtime_error("a scanner cannot listen");
  }
  thread_ = std::thread([this] { listen(); });
}

FakeScanner::~FakeScanner() {
  stopped_ = true;
  thread_.join();
  ::close(socket_);
  std::filesystem::remove_all(folder_);
}

void FakeScanner::listen() {
  while (!stopped_) {
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, 20) <= 0) continue;
    const int peer = ::accept(socket_, nullptr, nullptr);
    if (peer < 0) continue;
    answer(peer);
    ::close(peer);
  }
}

void FakeScanner::answer(int peer) {
  ++scans_;
  std::string asked(command.size(), ' ');
  if (!read_exactly(peer, asked.data(), asked.size())) return;
  if (asked != command) return say(peer, "UNKNOWN COMMAND");
  if (mood_ == Mood::finds_too_large) return say(peer, "INSTREAM size limit exceeded. ERROR");
  std::string content;
  std::array<unsigned char, 4> size{};
  while (read_exactly(peer, reinterpret_cast<char*>(size.data()), size.size())) {
    const std::uint32_t length = (std::uint32_t{size[0]} << 24U) | (std::uint32_t{size[1]} << 16U) |
                                 (std::uint32_t{size[2]} << 8U) | size[3];
    if (length == 0) break;
    if (mood_ == Mood::hangs_up) return;
    std::string piece(length, ' ');
    if (!read_exactly(peer, piece.data(), piece.size())) return;
    content += piece;
  }
  while (mood_ == Mood::is_silent && !stopped_) ::usleep(10'000);
  const bool infected = content.find("EICAR") != std::string::npos;
  say(peer, infected ? "stream: Eicar-Test-Signature FOUND" : "stream: OK");
}

}  // namespace cstims::test
