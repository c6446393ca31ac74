// Checks the books: what the actions promise and the schema cannot say. Every fault is one
// sentence; sound books have none. Reads only, from one snapshot.
#pragma once

#include <string>
#include <vector>

#include "db/database.h"

namespace cstims {

/// Lines, taxes and totals of every invoice add up; what is paid is what was allocated, and no more
/// than was received; each series runs from 1 without a gap, dates in order; rectifying invoices
/// are the exact negative of what they name; billed days of an order neither overlap nor leave out
/// days; stored documents have their digest.
std::vector<std::string> audit_invoices(Database& database);

}  // namespace cstims
