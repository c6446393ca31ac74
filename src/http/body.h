// The body of a POST, whatever its type: chosen when the head is there, fed while bytes arrive, a
// form at the end.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "http/multipart.h"
#include "http/route.h"

namespace cstims {

inline constexpr std::size_t form_limit = 256 * 1024;
inline constexpr std::size_t files_limit = 25 * 1024 * 1024;

class BodyReader {
 public:
  /// Throws RequestRefused 415 for a type that no form has, BadRequest for a malformed one.
  /// `text/plain`, which browsers send across sites without asking, counts as a form without
  /// fields: its csrf check fails.
  BodyReader(std::string_view content_type, Body body, const std::filesystem::path& folder);

  std::size_t limit() const { return limit_; }
  /// Its pieces may be written to disk: feed it where waiting is allowed.
  bool may_wait() const { return multipart_ != nullptr; }
  /// Throws as MultipartReader does.
  void feed(std::string_view bytes);
  ReceivedForm finish();

 private:
  std::size_t limit_;
  bool ignored_ = false;
  std::string text_;
  std::unique_ptr<MultipartReader> multipart_;
};

}  // namespace cstims
