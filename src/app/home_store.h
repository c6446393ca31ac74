// The figures on the home pages: counts of each noun.
#pragma once

#include <cstdint>

#include "base/id.h"
#include "base/money.h"
#include "db/database.h"

namespace cstims {

struct ClientFigures {
  std::int64_t running_orders = 0;
  std::int64_t open_tickets = 0;
  std::int64_t unpaid_invoices = 0;
  Money unpaid;
  Money credit;  // what the client paid that no invoice has used
};
ClientFigures count_for_client(Transaction& tx, UserId client, Currency currency);

/// Each counted up to 100 and one more, so that the page costs the same at any size.
struct AdminFigures {
  std::int64_t clients = 0;
  std::int64_t services = 0;
  std::int64_t orders_to_set_up = 0;
  std::int64_t active_orders = 0;
  std::int64_t tickets_waiting = 0;
  std::int64_t overdue_invoices = 0;
  std::int64_t mails_not_sent = 0;
};
AdminFigures count_for_admin(Transaction& tx);

}  // namespace cstims
