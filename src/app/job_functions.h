// What the jobs do; each is one verb of a noun, called as the system.
#pragma once

#include <string>

#include "app/installation.h"

namespace cstims {

std::string end_due_orders(Installation& installation);
std::string run_invoices(Installation& installation);
std::string dun_clients(Installation& installation);
std::string close_silent_tickets(Installation& installation);  // throws Failure when some could not
std::string clean_up(Installation& installation);
std::string audit_books(Installation& installation);  // throws Failure when the books have faults

}  // namespace cstims
