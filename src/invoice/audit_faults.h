// Where the checks of the audit put what they find. For invoice_audit.cc and its parts only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "db/database.h"

namespace cstims {

/// Told one by one, so that however many there are, memory stays flat.
class Faults {
 public:
  explicit Faults(const std::function<void(const std::string&)>& report) : report_(report) {}
  void push_back(const std::string& fault) {
    ++count_;
    if (report_) report_(fault);
  }
  std::int64_t count() const { return count_; }

 private:
  const std::function<void(const std::string&)>& report_;
  std::int64_t count_ = 0;
};

/// Every issued invoice has its mail in the outbox, and its document once it was mailed or a day
/// has passed. Invoices brought over from elsewhere have neither.
void check_delivery(Transaction& tx, Faults& faults);
/// Every order is due next when its plan says so: a later day would leave a period out for ever.
void check_next_due(Transaction& tx, Faults& faults);

}  // namespace cstims
