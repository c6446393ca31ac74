// An answer as bytes: status line, header fields, and where the body comes from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/request.h"

namespace cstims {

/// The head of an answer with its framing fields; `size` is the body's. Status 304 has no length.
std::string response_head(const Response& response, std::uint64_t size, bool keep_alive);
std::string_view body_of(const Response& response);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7) of now, made once a second.
std::string_view http_date();

/// A file opened for sending. Absent file: `size` is 0 and `descriptor` -1.
class OpenFile {
 public:
  OpenFile() = default;
  explicit OpenFile(const std::string& path);  // throws NotFound
  ~OpenFile();
  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&& other) noexcept;
  bool open() const { return descriptor_ >= 0; }
  std::uint64_t size() const { return size_; }
  /// The next bytes into `piece`; fewer than `size` says only when something is wrong. Empty at the
  /// end.
  void read(std::string& piece, std::size_t most);

 private:
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace cstims
