#include "db/file_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/failure.h"
#include "base/secret.h"

namespace cstims {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(std::string_view what, const fs::path& path) {
  throw Failure(fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno)));
}

void make_private_folder(const fs::path& folder) {
  if (fs::is_directory(folder)) return;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Failure(fmt::format("cannot make {}: {}", folder.string(), error.message()));
  if (::chmod(folder.c_str(), S_IRWXU) != 0) fail("close to others", folder);
}

/// fsync: until then a power cut may leave an empty file, or none.
void make_durable(const fs::path& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_RDONLY | O_CLOEXEC);
  if (file < 0) fail("open", path);
  const int outcome = ::fsync(file);
  ::close(file);
  if (outcome != 0) fail("write", path);
}

void check_digest(std::string_view sha256) {
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (sha256.size() != 64 || !std::all_of(sha256.begin(), sha256.end(), digit))
    throw NotFound("no file has such a digest");
}

}  // namespace

FileStore::FileStore(fs::path folder) : folder_(std::move(folder)) {
  make_private_folder(folder_);
}

/// A file in the making has a name of its own, so that `path` never finds half of one.
void FileStore::keep(const fs::path& source, std::string_view sha256) {
  check_digest(sha256);
  const auto target = place_of(sha256);
  if (fs::exists(target)) return;
  make_private_folder(target.parent_path());
  const auto making = folder_ / (".new-" + random_token(16));
  std::error_code error;
  fs::rename(source, making, error);
  if (error) fs::copy_file(source, making);
  if (::chmod(making.c_str(), S_IRUSR | S_IWUSR) != 0) fail("close to others", making);
  make_durable(making, 0);
  fs::rename(making, target);
  make_durable(target.parent_path(), O_DIRECTORY);
  make_durable(folder_, O_DIRECTORY);
}

fs::path FileStore::path(std::string_view sha256) const {
  check_digest(sha256);
  auto place = place_of(sha256);
  if (!fs::exists(place)) throw NotFound(fmt::format("file {} is not in the store", sha256));
  return place;
}

/// 256 folders keep each of them small.
fs::path FileStore::place_of(std::string_view sha256) const {
  return folder_ / sha256.substr(0, 2) / sha256;
}

}  // namespace cstims
