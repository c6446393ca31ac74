// Files of people (attachments, payment proofs): kept by the SHA-256 of their content in a folder
// outside any web root, written before the row that names them commits, with fsync of file and
// folder. Several instances share the folder.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace cstims {

class FileStore {
 public:
  explicit FileStore(std::filesystem::path folder);  // made, mode 0700, when absent
  /// Takes the file at `source` (moved or copied); `sha256` is its digest in hex. Keeping the same
  /// content twice is fine.
  void keep(const std::filesystem::path& source, std::string_view sha256);
  /// Where it lies; throws NotFound when absent.
  std::filesystem::path path(std::string_view sha256) const;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path place_of(std::string_view sha256) const;

  std::filesystem::path folder_;
};

}  // namespace cstims
