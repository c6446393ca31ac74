// A foreign mail as a tree of parts (RFC 2046). Only views of the bytes: nothing is copied, decoded
// or written back. Depth and number of parts are limited; what lies beyond stays one part.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mail/mail_header.h"

namespace cstims {

struct MimePart {
  MailHeader header;
  ParameterValue type;          // "text/plain" when absent or unreadable
  ParameterValue disposition;   // value empty when absent
  std::string_view body;        // as it came, not decoded
  std::vector<MimePart> parts;  // of a multipart

  bool is(std::string_view media_type) const { return type.value == media_type; }
  bool is_multipart() const { return !parts.empty(); }
  bool is_text() const { return is("text/plain") || is("text/html"); }
  /// Of the disposition, else of the type; empty when it has none.
  std::string_view file_name() const;
  bool is_attachment() const;
  std::string decoded() const;       // the body's bytes
  std::string decoded_text() const;  // as UTF-8, line ends LF
};

inline constexpr int deepest_part = 10;
inline constexpr std::size_t most_parts = 200;

struct MimeMessage {
  MimePart top;
  bool is_whole = true;  // false: some of it lies beyond the limits
};
/// `bytes` must outlive it. A message within (message/rfc822) is one part, never opened.
MimeMessage read_mime(std::string_view bytes);

}  // namespace cstims
