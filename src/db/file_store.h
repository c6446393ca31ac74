// Files of people (attachments, payment proofs): kept by the SHA-256 of their content in a folder
// outside any web root, written before the row that names them commits, with fsync of file and
// folder. Several instances share the folder.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cstims {

struct NewFile {
  std::filesystem::path source;  // moved or copied
  std::string sha256;            // its digest in hex
};

class FileStore {
 public:
  explicit FileStore(std::filesystem::path folder);  // made, mode 0700, when absent
  /// Takes a file. Keeping the same content twice is fine.
  void keep(const std::filesystem::path& source, std::string_view sha256);
  /// Several in little more than the time of one. When it throws, some may be kept.
  void keep(const std::vector<NewFile>& files);
  /// Where it lies; throws NotFound when absent.
  std::filesystem::path path(std::string_view sha256) const;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path place_of(std::string_view sha256) const;

  std::filesystem::path folder_;
};

}  // namespace cstims
