#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <ctime>
#include <system_error>

#include "base/failure.h"
#include "base/secret.h"
#include "base/text.h"
#include "mail/transport.h"

namespace cstims {

namespace {

[[noreturn]] void fail(std::string_view what, const std::filesystem::path& path) {
  throw MailError(
      fmt::format("cannot {} {}: {}", what, path.string(), std::generic_category().message(errno)));
}

/// A descriptor that is closed in the end.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags, mode_t mode = 0)
      : number_(open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (number_ < 0) fail("open", path);
  }
  ~Descriptor() { close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

void write_durably(const std::filesystem::path& path, std::string_view bytes) {
  const Descriptor file(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  while (!bytes.empty()) {
    const ssize_t count = write(file.number(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  if (fsync(file.number()) != 0) fail("write", path);
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor opened(folder, O_RDONLY | O_DIRECTORY);
  if (fsync(opened.number()) != 0) fail("write", folder);
}

/// Unique by time, process, count and chance, as the Maildir description asks; the microseconds let
/// readers keep the order.
std::string unique_name() {
  static std::atomic<unsigned> count{0};
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return fmt::format("{}.M{:06}P{}Q{}R{}.cstims", now.tv_sec, now.tv_nsec / 1000, getpid(),
                     count.fetch_add(1), hex(random_bytes(6)));
}

class MaildirTransport : public MailTransport {
 public:
  explicit MaildirTransport(std::filesystem::path folder) : folder_(std::move(folder)) {}

  SendResult send(const std::string& sender, const EmailAddress& to,
                  const std::string& message) override {
    try {
      deliver(fmt::format("Return-Path: <{}>\nDelivered-To: {}\n", sender, to.text()) +
              replace_all(message, "\r\n", "\n"));
    } catch (const MailError& error) {
      return {.outcome = SendResult::Outcome::retry, .reply = error.what(), .reached = false};
    }
    return {.outcome = SendResult::Outcome::sent, .reply = "delivered into the Maildir"};
  }

 private:
  void deliver(std::string_view bytes) const {
    for (const char* part : {"tmp", "new", "cur"}) make_folder(folder_ / part);
    const std::string name = unique_name();
    const auto unfinished = folder_ / "tmp" / name;
    const auto finished = folder_ / "new" / name;
    try {
      write_durably(unfinished, bytes);
      if (rename(unfinished.c_str(), finished.c_str()) != 0) fail("write", finished);
    } catch (const MailError&) {
      unlink(unfinished.c_str());
      throw;
    }
    sync_folder(folder_ / "new");
  }

  static void make_folder(const std::filesystem::path& folder) {
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) return;
    if (!folder.parent_path().empty() && !std::filesystem::exists(folder.parent_path(), error)) {
      make_folder(folder.parent_path());
    }
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) fail("make", folder);
  }

  std::filesystem::path folder_;
};

}  // namespace

std::unique_ptr<MailTransport> maildir_transport(std::filesystem::path folder) {
  return std::make_unique<MaildirTransport>(std::move(folder));
}

}  // namespace cstims
