#include "invoice/billing_store.h"

#include "base/failure.h"
#include "order/order_store.h"

namespace cstims {

namespace {

constexpr Statement select_due_clients{"clients with due orders", R"(
  select distinct client_id
  from orders
  where next_due_on is not null
    and next_due_on <= :up_to
  order by client_id)"};

// SQLite has one writer at a time: its transaction is the lock.
constexpr Statement select_due_orders{"due orders of clients", R"(
  select id, client_id
  from orders
  where client_id between :first and :last
    and next_due_on is not null
    and next_due_on <= :up_to
  order by client_id, id)"};

constexpr Statement lock_due_orders{"due orders of clients, locked", R"(
  select id, client_id
  from orders
  where client_id between :first and :last
    and next_due_on is not null
    and next_due_on <= :up_to
  order by client_id, id)",
                                    R"(
  select id, client_id
  from orders
  where client_id between :first and :last
    and next_due_on is not null
    and next_due_on <= :up_to
  order by client_id, id
  for update)"};

constexpr Statement insert_period{"insert billed period", R"(
  insert into billed_periods (order_id, kind, period_start, period_next, covers_until, line_id)
  values (:order, :kind, :start, :next, :next, :line))"};

constexpr Statement cut_period{"cut billed period", R"(
  update billed_periods
  set covers_until = :until
  where order_id = :order
    and kind = 'recurring'
    and period_start = :start
    and covers_until = :next
    and covers_until > period_start)"};

constexpr Statement insert_credited{"insert credited period", R"(
  insert into credited_periods (order_id, period_start, period_next, line_id, rectifying_id, at)
  values (:order, :start, :next, :line, :rectifying, :now))"};

constexpr Statement find_invoice_of_line{"invoice of line", R"(
  select invoice_id
  from invoice_lines
  where id = :line)"};

constexpr Statement insert_ledger{"ledger insert", R"(
  insert into billing_ledger (order_id, run_at, run_date, outcome, items, detail)
  values (:order, :run, :date, :outcome, :items, :detail))"};

constexpr Statement delete_old_ledger{"ledger forget", R"(
  delete from billing_ledger
  where id in (
    select id
    from billing_ledger
    where run_at < :before
    order by id
    limit :limit))"};

}  // namespace

std::vector<UserId> list_due_clients(Transaction& tx, Date up_to) {
  std::vector<UserId> clients;
  tx.each(select_due_clients, {{"up_to", up_to}},
          [&](const Row& row) { clients.push_back(row.id<struct User>("client_id")); });
  return clients;
}

std::vector<DueOrderId> list_due_order_ids(Transaction& tx, UserId first, UserId last, Date up_to) {
  std::vector<DueOrderId> ids;
  const auto& statement = tx.writing() ? lock_due_orders : select_due_orders;
  for (const auto& row :
       tx.select(statement, {{"first", first}, {"last", last}, {"up_to", up_to}})) {
    ids.push_back({row.id<struct User>("client_id"), row.id<struct Order>("id")});
  }
  return ids;
}

namespace {

std::expected<DueOrder, std::string> due_order(const OrderToBill& found) {
  if (!found.order) return std::unexpected(found.fault);
  const auto& order = *found.order;
  try {
    const auto plan = order.plan();
    if (!plan) return std::unexpected("it is due but was never activated");
    return DueOrder{order.id, order.service, order.name, order.service_name, *plan, found.billed};
  } catch (const Failure& error) {
    return std::unexpected(error.what());
  }
}

}  // namespace

DueOrder load_due_order(Transaction& tx, OrderId id) {
  auto order = due_order(list_orders_to_bill(tx, {id}).front());
  if (!order) throw Failure(order.error());
  return *std::move(order);
}

std::vector<std::expected<DueOrder, std::string>> load_due_orders(
    Transaction& tx, const std::vector<DueOrderId>& ids) {
  std::vector<OrderId> wanted;
  for (const auto& id : ids) wanted.push_back(id.order);
  std::vector<std::expected<DueOrder, std::string>> orders;
  for (const auto& found : list_orders_to_bill(tx, wanted)) orders.push_back(due_order(found));
  return orders;
}

void insert_billed_item(Transaction& tx, const BilledItem& item, std::optional<std::int64_t> line) {
  tx.post(insert_period, {{"order", item.order},
                          {"kind", text(item.kind)},
                          {"start", item.period.start},
                          {"next", item.period.next},
                          {"line", line}});
}

void give_days_back(Transaction& tx, const CreditedDays& credited) {
  const auto cut = tx.execute(cut_period, {{"until", credited.days.start},
                                           {"order", credited.order},
                                           {"start", credited.period.start},
                                           {"next", credited.days.next}});
  if (cut != 1) {
    throw Conflict("days of order " + credited.order.text() + " were given back meanwhile");
  }
  tx.execute(insert_credited, {{"order", credited.order},
                               {"start", credited.days.start},
                               {"next", credited.days.next},
                               {"line", credited.line},
                               {"rectifying", credited.rectifying},
                               {"now", tx.now()}});
}

InvoiceId invoice_of_line(Transaction& tx, std::int64_t line) {
  return tx.require(find_invoice_of_line, {{"line", line}}).id<struct Invoice>("invoice_id");
}

void insert_ledger_row(Transaction& tx, const LedgerRow& row) {
  tx.post(insert_ledger, {{"order", row.outcome.order},
                          {"run", row.run},
                          {"date", row.date},
                          {"outcome", text(row.outcome.outcome)},
                          {"items", static_cast<std::int64_t>(row.outcome.items)},
                          {"detail", row.outcome.detail}});
}

std::int64_t forget_old_ledger(Transaction& tx, int limit) {
  const auto before = tx.now().plus(-std::chrono::days(366));
  return tx.execute(delete_old_ledger, {{"before", before}, {"limit", limit}});
}

}  // namespace cstims
