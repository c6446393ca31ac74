#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "db/connection.h"
#include "db/schema.h"

namespace cstims {

ServerLock::ServerLock(const std::string& database_url) {
  const auto path = sqlite_path(database_url);
  if (path.empty()) return;
  const auto file = path + ".lock";
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor_ < 0) throw Failure(fmt::format("cannot open {}: {}", file, std::strerror(errno)));
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(descriptor_);
  throw Refused(fmt::format(
      "another cstims serves {} already: stop it first, or use another database", path));
}

/// The file stays: removing it would let two servers lock two files of the same name.
ServerLock::~ServerLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace cstims
