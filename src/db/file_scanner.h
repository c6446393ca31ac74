// Asks a virus scanner about files of people before anything is done with them: clamd, by its
// socket. It is another program, so that no file of strangers is looked into by ours.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace cstims {

enum class ScanVerdict {
  clean,
  infected,
  unknown  // the scanner could not be asked, or did not say: the file is held back
};
struct Scanned {
  ScanVerdict verdict = ScanVerdict::clean;
  std::string finding = {};  // what the scanner calls it; or why nobody knows, for the log
};

class FileScanner {
 public:
  /// "unix:/run/clamav/clamd.ctl" or "127.0.0.1:3310"; empty: every file is taken for clean.
  /// `limit`: of one file's scan, waiting for its turn included.
  explicit FileScanner(std::string address = {},
                       std::chrono::milliseconds limit = std::chrono::seconds(10));
  ~FileScanner();
  FileScanner(const FileScanner&) = delete;
  FileScanner& operator=(const FileScanner&) = delete;

  bool is_on() const { return !address_.empty(); }
  /// Never throws for a fault of the scanner; takes up to the limit, so never in a transaction.
  Scanned scan(std::string_view bytes) const;
  Scanned scan_file(const std::filesystem::path& file) const;

 private:
  struct Turns;
  /// The next piece of the file; empty at its end.
  using Pieces = std::function<std::string_view()>;
  Scanned ask(const Pieces& pieces) const;

  std::string address_;
  std::chrono::milliseconds limit_;
  std::unique_ptr<Turns> turns_;
};

/// What is wrong with the setting, or empty.
std::string fault_of_scanner_address(std::string_view address);

}  // namespace cstims
