// Files of a form while their request runs: written and digested piece by piece, removed when the
// request ends.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cstims {

/// Removes its files when it goes; a file that was moved away meanwhile is no matter.
class TemporaryFiles {
 public:
  TemporaryFiles() = default;
  ~TemporaryFiles();
  TemporaryFiles(TemporaryFiles&&) noexcept = default;
  TemporaryFiles& operator=(TemporaryFiles&& other) noexcept;
  void add(std::filesystem::path file) { files_.push_back(std::move(file)); }

 private:
  void remove() noexcept;
  std::vector<std::filesystem::path> files_;
};

/// One file being received. Only its owner may read it (mode 0600). Throws RequestRefused 507 when
/// the disk is full, or would be for everything else (under 5 % free).
class UploadFile {
 public:
  explicit UploadFile(const std::filesystem::path& folder);
  ~UploadFile();
  UploadFile(const UploadFile&) = delete;
  UploadFile& operator=(const UploadFile&) = delete;

  void write(std::string_view bytes);
  /// Closes it; the digest in hex.
  std::string finish();
  const std::filesystem::path& path() const { return path_; }
  std::int64_t size() const { return size_; }

 private:
  struct Digest;
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;
  std::unique_ptr<Digest> digest_;
};

/// Removes what a crash left behind: files of ours that are older than an hour.
void sweep_uploads(const std::filesystem::path& folder);

}  // namespace cstims
