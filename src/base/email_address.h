// An address that mail can be sent to (RFC 5321 §4.1.2, without quoted local parts and address
// literals).
#pragma once

#include <string>
#include <string_view>

#include "base/refusal.h"

namespace cstims {

class EmailAddress {
 public:
  /// Trims; refuses controls, spaces, two "@", over 254 octets, non-ASCII local parts; the domain
  /// must have a dot or be "localhost", labels of letters, digits and hyphens (IDNA A-labels).
  /// Lower-cases the domain.
  static Result<EmailAddress> parse(std::string_view text);
  static EmailAddress stored(std::string_view text);  // throws DatabaseError
  const std::string& text() const { return text_; }
  /// What uniqueness is judged by: all lower case.
  std::string key() const;
  std::string_view local_part() const;
  std::string_view domain() const;
  bool operator==(const EmailAddress&) const = default;

 private:
  explicit EmailAddress(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace cstims
