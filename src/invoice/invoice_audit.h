// Checks the books: what the actions promise and the schema cannot say. Every fault is one
// sentence; sound books have none. Reads only, from one snapshot.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "db/database.h"
#include "mail/outbox.h"

namespace cstims {

struct AuditReport {
  std::function<void(const std::string& fault)> fault = {};
  /// After each check, of how many.
  std::function<void(std::int64_t done, std::int64_t total)> progress = {};
};

/// Lines, taxes and totals of every invoice add up; what is paid is what was allocated, and no more
/// than was received; each series runs from 1 without a gap, dates in order; rectifying invoices
/// are the exact negative of what they name; billed days of an order neither overlap nor leave out
/// days; stored documents have their digest; issued invoices have their mail and document; orders
/// are due when their plan says so. Returns how many faults there are.
std::int64_t audit_invoices(Database& database, const AuditReport& report);
/// All of them: for tests.
std::vector<std::string> audit_invoices(Database& database);

/// The faults of a job or a command go to the admin and to accounting, one mail a day at most.
void queue_audit_mail(Act& act, const std::vector<std::string>& first_faults, std::int64_t count);
/// So many of them stand in the mail.
constexpr std::size_t faults_mailed = 50;

}  // namespace cstims
