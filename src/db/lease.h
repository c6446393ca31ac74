// Something that one program does at a time: a row that names who does it and until when. Whoever
// dies keeps it no longer than that, and on the same machine not at all. What must never happen
// twice still needs a key of its own: a lease only keeps two from working at the same.
#pragma once

#include <chrono>
#include <string>

#include "db/database.h"

namespace cstims {

class Lease {
 public:
  /// Waits up to `patience` while another holds it; then throws Refused: `busy` and since when.
  Lease(Database& database, std::string name, std::chrono::seconds patience,
        const std::string& busy);
  /// Gives it back.
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  /// Lengthens it, in the transaction of each step of the work. Throws Conflict when it was lost:
  /// this program stood still for longer than it lasts.
  void renew(Transaction& tx) const;

  static constexpr std::chrono::minutes length{5};

 private:
  bool claim();
  Database& database_;
  std::string name_;
  std::string token_;
};

}  // namespace cstims
