#include "db/file_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <future>
#include <set>

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

/// A disk that is asked by several at once makes all of it durable together; asked by one after the
/// other it does each alone.
void make_all_durable(const std::vector<fs::path>& paths, int flags) {
  constexpr std::size_t most_at_once = 8;
  if (paths.size() == 1) return make_durable(paths.front(), flags);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (auto i = next++; i < paths.size(); i = next++) make_durable(paths[i], flags);
  };
  std::vector<std::future<void>> workers;
  for (std::size_t i = 0; i < std::min(paths.size(), most_at_once); ++i) {
    workers.push_back(std::async(std::launch::async, work));
  }
  for (auto& worker : workers) worker.get();
}

/// A file in the making has a name of its own, so that its place never holds half of one. What is
/// not placed is removed.
class FilesInTheMaking {
 public:
  FilesInTheMaking() = default;
  ~FilesInTheMaking() {
    for (const auto& making : making_) ::unlink(making.c_str());
  }
  FilesInTheMaking(const FilesInTheMaking&) = delete;
  FilesInTheMaking& operator=(const FilesInTheMaking&) = delete;

  void add(const fs::path& source, fs::path making, fs::path place) {
    making_.push_back(std::move(making));
    places_.push_back(std::move(place));
    std::error_code error;
    fs::rename(source, making_.back(), error);
    if (error) fs::copy_file(source, making_.back());
    if (::chmod(making_.back().c_str(), S_IRUSR | S_IWUSR) != 0) {
      fail("close to others", making_.back());
    }
  }
  void place() {
    make_all_durable(making_, 0);
    for (std::size_t i = 0; i < making_.size(); ++i) fs::rename(making_[i], places_[i]);
    making_.clear();
  }

 private:
  std::vector<fs::path> making_;
  std::vector<fs::path> places_;
};

void check_digest(std::string_view sha256) {
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (sha256.size() != 64 || !std::all_of(sha256.begin(), sha256.end(), digit))
    throw NotFound("no file has such a digest");
}

}  // namespace

FileStore::FileStore(fs::path folder) : folder_(std::move(folder)) {
  make_private_folder(folder_);
}

void FileStore::keep(const fs::path& source, std::string_view sha256) {
  keep({NewFile{source, std::string(sha256)}});
}

void FileStore::keep(const std::vector<NewFile>& files) {
  FilesInTheMaking making;
  std::set<fs::path> folders{folder_};
  for (const auto& [source, sha256] : files) {
    check_digest(sha256);
    const auto place = place_of(sha256);
    make_private_folder(place.parent_path());
    // Also of a file that is there: whoever placed it may not have come to this step yet.
    folders.insert(place.parent_path());
    if (!fs::exists(place)) making.add(source, folder_ / (".new-" + random_token(16)), place);
  }
  making.place();
  make_all_durable({folders.begin(), folders.end()}, O_DIRECTORY);
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
