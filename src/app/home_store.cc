#include "app/home_store.h"

namespace cstims {
namespace {

constexpr Statement client_figures{"client home: figures", R"(
  select (select count(*) from orders
          where client_id = :client and status in ('setting up', 'active', 'suspended')) as orders,
         (select count(*) from tickets
          where client_id = :client and status = 'open') as tickets,
         (select coalesce(sum(credit), 0) from client_balances
          where client_id = :client and currency = :currency) as credit,
         count(*) as invoices, cast(coalesce(sum(total - credited - paid), 0) as bigint) as unpaid
  from invoices
  where client_id = :client
    and status = 'issued'
    and kind = 'ordinary'
    and total > paid + credited)"};

constexpr Statement admin_figures{"admin home: figures", R"(
  select (select count(*) from
           (select 1 from users where type = 'client' limit 101) as counted) as clients,
         (select count(*) from services where active = 1) as services,
         (select count(*) from
           (select 1 from orders where status = 'setting up' limit 101) as counted) as to_set_up,
         (select count(*) from
           (select 1 from orders where status = 'active' limit 101) as counted) as active,
         (select count(*) from
           (select 1 from tickets where status = 'open' and waiting_for = 'staff' limit 101)
           as counted) as waiting,
         (select count(*) from
           (select 1 from invoices
            where status = 'issued' and total > paid + credited and due_date < :today
              and kind = 'ordinary'
            limit 101) as counted) as overdue,
         (select count(*) from
           (select 1 from outbox where state = 'dead' limit 101) as counted) as not_sent)"};

}  // namespace

ClientFigures count_for_client(Transaction& tx, UserId client, Currency currency) {
  const Row row = tx.require(client_figures, {{"client", client}, {"currency", currency.code()}});
  return {.running_orders = row.number("orders"),
          .open_tickets = row.number("tickets"),
          .unpaid_invoices = row.number("invoices"),
          .unpaid = Money(row.number("unpaid"), currency),
          .credit = Money(row.number("credit"), currency)};
}

AdminFigures count_for_admin(Transaction& tx) {
  const Row row = tx.require(admin_figures, {{"today", tx.today()}});
  return {.clients = row.number("clients"),
          .services = row.number("services"),
          .orders_to_set_up = row.number("to_set_up"),
          .active_orders = row.number("active"),
          .tickets_waiting = row.number("waiting"),
          .overdue_invoices = row.number("overdue"),
          .mails_not_sent = row.number("not_sent")};
}

}  // namespace cstims
