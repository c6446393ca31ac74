// The header of a foreign mail: fields, encoded words, parameters, addresses, Message-IDs. Takes
// everything that programs write, in linear time and within limits; what is broken beyond reading
// is left out, never guessed at.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cstims {

struct MailField {
  std::string name;   // as written
  std::string value;  // unfolded, trimmed, not decoded
};

struct MailHeader {
  std::vector<MailField> fields;
  std::size_t size = 0;  // bytes up to where the body begins
  bool is_whole = true;  // false: cut at the limits, or it ended without an empty line

  /// The first of that name in any case; empty when there is none.
  std::string_view value(std::string_view name) const;
  std::vector<std::string_view> values(std::string_view name) const;
  bool has(std::string_view name) const;
};

inline constexpr std::size_t longest_header = 256 * 1024;
inline constexpr std::size_t most_fields = 1000;
inline constexpr std::size_t most_addresses = 200;  // of one field
inline constexpr std::size_t longest_addresses = 32 * 1024;
inline constexpr std::size_t most_message_ids = 100;  // of one field

/// Up to the empty line, or to the first line that is no field. A line "From …" of an mbox file in
/// front is skipped.
MailHeader read_header(std::string_view bytes);

/// Encoded words (RFC 2047) and raw 8-bit text as UTF-8, without controls and bidi marks. Adjacent
/// words are joined before their charset is looked at, since programs split characters.
std::string decode_words(std::string_view value);

/// "text/plain; charset=x; name*0=…": the value in lower case, parameters by lower-case name,
/// decoded (RFC 2231, and RFC 2047 where programs wrongly use it).
struct ParameterValue {
  std::string value;
  std::map<std::string, std::string, std::less<>> parameters;

  std::string_view parameter(std::string_view name) const;  // empty when absent
};
ParameterValue read_parameters(std::string_view field);

/// A mailbox as written: `address` is not checked, and empty when there is none.
struct MailAddress {
  std::string name;
  std::string address;
};
/// Members of groups count like others.
std::vector<MailAddress> read_addresses(std::string_view field);

/// Every "<…>" without spaces in it, in order, with the brackets.
std::vector<std::string> read_message_ids(std::string_view field);

}  // namespace cstims
