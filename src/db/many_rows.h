// One insert of several rows instead of several inserts of one: PostgreSQL reads the checks and
// triggers of a table anew for each statement, which costs more than the row itself.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cstims {

/// The parts of a plain "insert into … values (…)[, (…)]… [returning …]". Views of its text.
struct PlainInsert {
  std::string_view head;  // up to and with "values"
  std::string_view rows;  // all that is in brackets behind it
  std::string_view tail;  // "returning …", or empty
  std::size_t row_count;  // rows it inserts

  /// What `times` calls of it insert, in one statement; its parameters are those of the calls one
  /// after another.
  std::string repeated(std::size_t times) const;
};

/// Absent for any other statement: one that looks for conflicts may skip rows, so that nobody could
/// tell which.
std::optional<PlainInsert> plain_insert(std::string_view text);

}  // namespace cstims
