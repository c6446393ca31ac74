// multipart/form-data (RFC 7578) read piece by piece in constant memory: text fields stay in
// memory, files go to temporary files. Strict, because nobody but browsers and small tools writes
// it: no preamble, CRLF only, no nesting, no encodings.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/form.h"
#include "http/upload_file.h"

namespace cstims {

struct MultipartLimits {
  std::size_t parts = 50;
  std::size_t part_head = 8 * 1024;
  std::size_t name = 255;           // of a field or file, in bytes
  std::size_t fields = 256 * 1024;  // all text fields together
  /// A larger file is read to its end, but nothing of it is kept: the form is answered with what
  /// was typed and a message beside the field.
  std::size_t file = 10 * 1024 * 1024;
  bool files_allowed = true;
};

struct ReceivedForm {
  FormData form;
  TemporaryFiles files;  // keeps the uploads' files alive
};

class MultipartReader {
 public:
  /// `boundary` as in the request's Content-Type; throws BadRequest when it is none.
  MultipartReader(std::string_view boundary, MultipartLimits limits, std::filesystem::path folder);

  /// Throws BadRequest, or RequestRefused 413 (a limit) or 507 (no room on the disk).
  void feed(std::string_view bytes);
  /// Throws BadRequest when the closing boundary did not come.
  ReceivedForm finish();

 private:
  enum class State { start, after_boundary, head, content, end };
  bool step();
  bool read_start();
  bool read_after_boundary();
  bool read_head();
  bool read_content();
  void begin_part(std::string_view head);
  void note_disposition(std::string_view field);
  void note_type(std::string_view field);
  void take_content(std::string_view bytes);
  void end_part();

  std::string delimiter_;  // CRLF "--" boundary
  MultipartLimits limits_;
  std::filesystem::path folder_;
  State state_ = State::start;
  std::string buffer_;
  std::size_t used_ = 0;  // of the buffer
  std::size_t parts_ = 0;
  std::size_t field_bytes_ = 0;

  bool disposed_ = false;
  std::string name_;
  bool is_file_ = false;
  std::string value_;
  Upload upload_;
  std::unique_ptr<UploadFile> file_;
  bool too_large_ = false;
  ReceivedForm received_;
};

}  // namespace cstims
