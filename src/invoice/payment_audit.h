// Whether the books of money are sound: payments, what they settled, credit and refunds.
#pragma once

#include <functional>
#include <string>

#include "db/database.h"

namespace cstims {

/// Tells each fault it finds; nothing when all is well.
void audit_payments(Transaction& tx, const std::function<void(const std::string&)>& tell);

}  // namespace cstims
