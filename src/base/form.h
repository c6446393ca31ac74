// What a person typed, and reading it field by field with a closed set of names (unknown or
// repeated ones are refused).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/email_address.h"
#include "base/id.h"
#include "base/money.h"
#include "base/refusal.h"
#include "base/text.h"

namespace cstims {

/// A file that arrived with a form; lies in a temporary file that is removed when the request ends.
struct Upload {
  std::string field;
  std::string
      name;  // as sent, not to be trusted; clean with single_line and the last path component
  std::string media_type;      // as sent, not to be trusted
  std::filesystem::path file;  // empty: it was too large, and nothing of it is kept
  std::int64_t size = 0;
  std::string sha256;  // hex, of the content
};

/// Decoded once by http/: UTF-8, each name at most once (a repeated name is BadRequest there).
struct FormData {
  std::map<std::string, std::string, std::less<>> fields;
  std::vector<Upload> uploads;  // without empty file fields

  const std::string* find(std::string_view name) const;
  std::string value(std::string_view name) const;  // empty when absent
};

/// Reads fields, collects what is wrong, and at the end gives the value or the refusal:
///
///     FormReader reader(form);
///     NewReply reply{.body = reader.lines("body", {.required = true, .longest = 20'000})};
///     return reader.finish(std::move(reply));
///
/// `finish` throws BadRequest when the form holds a field that nobody read ("csrf" apart).
class FormReader {
 public:
  struct Limits {
    bool required = false;
    std::size_t shortest = 0;   // characters
    std::size_t longest = 200;  // characters
  };
  explicit FormReader(const FormData& form) : form_(form) {}

  std::string line(std::string_view field, Limits limits);  // one line: trimmed, controls refused
  std::string lines(std::string_view field,
                    Limits limits);  // many: CRLF → LF, controls refused but TAB and LF
  std::string secret(std::string_view field, Limits limits);  // bytes as typed
  bool checked(std::string_view field);  // a check box: absent, "0" or "" is false
  std::optional<Date> date(std::string_view field, bool required);
  std::optional<Money> money(std::string_view field, Currency currency, bool required);
  std::optional<Decimal> decimal(std::string_view field, bool required);
  std::optional<EmailAddress> email(std::string_view field, bool required);
  std::optional<std::int64_t> number(std::string_view field,
                                     bool required);  // an id or count, digits only
  template <typename Noun>
  std::optional<Id<Noun>> id(std::string_view field, bool required) {
    const auto read = number(field, required);
    return read && *read > 0 ? std::optional(Id<Noun>(*read)) : std::nullopt;
  }
  /// One of `allowed`, else refused ("Choose one of the list.").
  std::string choice(std::string_view field, const std::vector<std::string>& allowed,
                     bool required);
  /// Those that arrived whole; what was too large is refused.
  std::vector<Upload> uploads(std::string_view field);
  /// Names of the fields that begin with `prefix` ("option.", "line."); they count as read.
  std::vector<std::string> names(std::string_view prefix);

  void refuse(std::string_view field, Message message) { refusal_.add(field, std::move(message)); }
  bool refused() const { return !refusal_.items.empty(); }

  template <typename T>
  Result<T> finish(T value) {
    check_all_read();
    if (refused()) return std::unexpected(std::move(refusal_));
    return value;
  }

 private:
  const std::string* take(std::string_view field);
  std::string within(std::string_view field, std::string value, Limits limits);
  void check_count(std::string_view field, std::string_view value, Limits limits);
  void refuse_all(std::string_view field, const Refusal& refusal);
  template <typename T, typename Parse>
  std::optional<T> parsed(std::string_view field, bool required, Parse parse) {
    const auto* typed = take(field);
    const auto text = typed ? trim(*typed) : std::string_view();
    if (text.empty()) {
      if (required) refuse(field, message("Fill this in."));
      return std::nullopt;
    }
    auto result = parse(text);
    if (result) return std::move(*result);
    refuse_all(field, result.error());
    return std::nullopt;
  }
  void check_all_read() const;
  const FormData& form_;
  std::vector<std::string> read_;
  Refusal refusal_;
};

/// For a form that is only a button: throws BadRequest when it holds any field but "csrf".
void require_no_fields(const FormData& form);

}  // namespace cstims
