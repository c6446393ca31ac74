#include <fmt/format.h>

#include "base/failure.h"
#include "invoice/audit_faults.h"
#include "invoice/billing_store.h"

namespace cstims {

namespace {

constexpr Statement select_unmailed{"audit mails of invoices", R"(
  select i.number
  from invoices i
  where i.status = 'issued'
    and i.id > (select coalesce(max(cast(value as bigint)), 0) from installation
      where name = 'invoices_brought_over')
    and not exists (select 1 from outbox o
      where o.event = 'invoice ' || cast(i.id as text) || ' issued'
        and o.kind = 'invoice issued')
  order by i.id)"};

/// The event's text names the invoice; the document is drawn when the mail is sent, at the latest.
constexpr Statement select_undocumented{"audit missing documents", R"(
  select i.number
  from invoices i
  left join invoice_documents d on d.invoice_id = i.id
  where i.status = 'issued'
    and d.invoice_id is null
    and i.id > (select coalesce(max(cast(value as bigint)), 0) from installation
      where name = 'invoices_brought_over')
    and (i.issue_date < :today
      or exists (select 1 from outbox o
        where o.event = 'invoice ' || cast(i.id as text) || ' issued'
          and o.kind = 'invoice issued'
          and o.state = 'sent'))
  order by i.id)"};

constexpr Statement select_running_orders{"audit running orders", R"(
  select id, next_due_on
  from orders
  where id > :after
    and activated_on is not null
  order by id
  limit 500)"};

std::string fault_of_order(Transaction& tx, OrderId id, std::optional<Date> stored) {
  try {
    const auto order = load_due_order(tx, id);
    const auto next = next_due_date(order.plan, order.billed);
    if (!next || (stored && *stored <= *next)) return {};
    return fmt::format("order {}: it is due on {}, but {}", id.number(), next->text(),
                       stored ? "will not be looked at before " + stored->text()
                              : "will never be looked at again");
  } catch (const std::exception& error) {
    return fmt::format("order {}: {}", id.number(), error.what());
  }
}

}  // namespace

void check_delivery(Transaction& tx, Faults& faults) {
  tx.each(select_unmailed, {}, [&](const Row& row) {
    faults.push_back("invoice " + row.text("number") + ": no mail of it was ever written");
  });
  tx.each(select_undocumented, {{"today", tx.today()}}, [&](const Row& row) {
    faults.push_back("invoice " + row.text("number") + ": it has no document");
  });
}

void check_next_due(Transaction& tx, Faults& faults) {
  std::int64_t after = 0;
  for (auto rows = tx.select(select_running_orders, {{"after", after}}); !rows.empty();
       rows = tx.select(select_running_orders, {{"after", after}})) {
    for (const auto& row : rows) {
      after = row.number("id");
      const auto fault = fault_of_order(tx, OrderId(after), row.maybe_date("next_due_on"));
      if (!fault.empty()) faults.push_back(fault);
    }
  }
}

}  // namespace cstims
