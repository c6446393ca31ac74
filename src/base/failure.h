// A failure is an exception: nobody in between can act on it. One function in http/ maps these to
// pages and log lines, one in app/ to exit codes. `what()` is for the log; people see only a short
// apology and a request id.
#pragma once

#include <stdexcept>
#include <string>

namespace cstims {

class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The thing asked for does not exist, or not for this viewer (404).
class NotFound : public Failure {
 public:
  using Failure::Failure;
};

/// The request itself is wrong: unknown or repeated fields, a bad number in the address (400).
class BadRequest : public Failure {
 public:
  using Failure::Failure;
};

/// The person may not do this at all, and knowing that it exists is no secret (403).
class Forbidden : public Failure {
 public:
  using Failure::Failure;
};

/// Somebody else changed it meanwhile (409).
class Conflict : public Failure {
 public:
  using Failure::Failure;
};

/// Too much at once; say when to come back (503 or 429 with Retry-After).
class Overload : public Failure {
 public:
  Overload(const std::string& what, int retry_after_seconds, bool persons_fault)
      : Failure(what), retry_after_seconds(retry_after_seconds), persons_fault(persons_fault) {}
  int retry_after_seconds;
  bool persons_fault;  // true: 429, this person asked too often; false: 503, the server is busy
};

class DatabaseError : public Failure {
 public:
  using Failure::Failure;
};

/// A unique key, foreign key or check of the schema refused the row. Stores turn expected ones into
/// refusals.
class ConstraintViolation : public DatabaseError {
 public:
  ConstraintViolation(const std::string& what, std::string constraint)
      : DatabaseError(what), constraint(std::move(constraint)) {}
  /// The schema's name of it; on SQLite, which names only columns of unique keys, "table.column[,
  /// …]".
  std::string constraint;
};

class MailError : public Failure {
 public:
  using Failure::Failure;
};

/// Bad configuration or usage (exit 2). Says what to do about it.
class UsageError : public Failure {
 public:
  using Failure::Failure;
};

/// A command that the data does not allow (exit 3).
class Refused : public Failure {
 public:
  using Failure::Failure;
};

}  // namespace cstims
