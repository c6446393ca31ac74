#include "order/suspension_store.h"

#include "base/failure.h"
#include "base/text.h"
#include "db/page_query.h"

namespace cstims {
namespace {

// i: invoices; o: orders; u: users, the client; m: outbox.
#define STILL_OWED "i.status = 'issued' and i.kind = 'ordinary' and i.total > i.paid + i.credited"
#define BILLED_ON \
  "exists (select 1 from invoice_lines l where l.invoice_id = i.id and l.order_id = o.id)"
#define ISSUE_MAIL                                          \
  "m.event = 'invoice ' || cast(i.id as text) || ' issued'" \
  " and m.kind = 'invoice issued'"                          \
  " and (m.recipient <> :accounting or m.recipient = u.email)"

// b: bank_transactions. Money that waits for somebody to look at it and may be for this invoice:
// probably the client's, or naming it, or nobody's known and of its amount.
#define MAYBE_FOR_IT                                                   \
  "b.state = 'unmatched' and b.amount > 0 and b.currency = i.currency" \
  " and (b.likely_client_id = i.client_id"                             \
  "  or lower(b.words) like '%' || lower(i.number) || '%'"             \
  "  or (b.likely_client_id is null"                                   \
  "   and b.amount = i.total - i.credited - i.paid))"

constexpr std::string_view select_owing =
    "select o.id as order_id, o.name as order_name, s.name as service_name, o.client_id,"
    " u.username, i.id as invoice_id, i.number, i.due_date, i.currency, i.total - i.credited - "
    "i.paid as rest,"
    " case when exists (select 1 from suspension_exemptions e where e.order_id = o.id and "
    "e.ended_at is null)"
    "  then 1 else 0 end as exempt,"
    " case when exists (select 1 from dunning_pauses p"
    "   where p.invoice_id = i.id and p.ended_at is null)"
    "  or exists (select 1 from dunning_pauses p"
    "   where p.client_id = i.client_id and p.ended_at is null)"
    "  then 1 else 0 end as paused,"
    " case when exists (select 1 from outbox m where " ISSUE_MAIL
    " and m.state = 'sent')"
    "  then 1 else 0 end as mailed,"
    " case when exists (select 1 from outbox m where " ISSUE_MAIL
    " and m.state = 'dead')"
    "  or coalesce((select m.state from outbox m"
    "   where m.recipient = u.email and m.state <> 'waiting'"
    "   order by m.id desc limit 1), 'sent') = 'dead'"
    "  then 1 else 0 end as undeliverable,"
    " case when exists (select 1 from bank_transactions b where " MAYBE_FOR_IT
    ") then 1 else 0 end as payment_pending,"
    " case when exists (select 1 from tickets t where t.order_id = o.id and t.status = 'open')"
    "  then 1 else 0 end as open_ticket"
    " from invoices i"
    " join orders o on o.client_id = i.client_id and o.status = 'active' and " BILLED_ON
    " join services s on s.id = o.service_id"
    " join users u on u.id = i.client_id"
    " where " STILL_OWED " and i.due_date <= :due_until";

constexpr Statement select_clients{"clients to review for suspension",
                                   "select i.client_id"
                                   " from invoices i"
                                   " where " STILL_OWED
                                   " and i.due_date <= :due_until"
                                   " union"
                                   " select o.client_id"
                                   " from suspensions c"
                                   " join orders o on o.id = c.order_id"
                                   " where c.ended_on is null"
                                   " order by 1"};

constexpr Statement find_overdue{"overdue invoice for order",
                                 "select 1 as found"
                                 " from orders o"
                                 " join invoices i on i.client_id = o.client_id"
                                 " where o.id = :order and " BILLED_ON " and " STILL_OWED
                                 " and i.due_date < :today"
                                 " limit 1"};

constexpr Statement select_open_cases{"open suspensions of client", R"(
  select c.id, c.order_id, c.invoice_id, c.obstacle, c.told_on, c.event_id
  from suspensions c
  join orders o on o.id = c.order_id
  where c.ended_on is null
    and o.client_id = :client
  order by c.id)"};

constexpr Statement select_open_case{"open suspension of order", R"(
  select id, order_id, invoice_id, obstacle, told_on, event_id
  from suspensions
  where ended_on is null
    and order_id = :order)"};

constexpr Statement select_suspended_for{"what an order is suspended for", R"(
  select i.id as invoice_id, i.number, i.due_date, i.currency, i.total - i.credited - i.paid as rest
  from suspensions c
  join invoices i on i.id = c.invoice_id
  where c.order_id = :order
    and c.ended_on is null
    and c.event_id = (
      select max(e.id)
      from order_events e
      where e.order_id = c.order_id
        and e.event in ('active', 'suspended', 'ended')))"};

constexpr Statement upsert_case{"note suspension", R"(
  insert into suspensions (order_id, invoice_id, obstacle, opened_on)
  values (:order, :invoice, :obstacle, :today)
  on conflict (order_id) where ended_on is null do update
  set invoice_id = excluded.invoice_id, obstacle = excluded.obstacle, told_on = null)"};

constexpr Statement update_suspended{"mark suspended", R"(
  update suspensions
  set event_id = :event, suspended_on = :today
  where id = :suspension)"};

constexpr Statement update_ended{"end suspension", R"(
  update suspensions
  set ended_on = :today, outcome = :outcome
  where id = :suspension
    and ended_on is null)"};

constexpr Statement select_status_event{"newest status event", R"(
  select max(id) as id
  from order_events
  where order_id = :order
    and event in ('active', 'suspended', 'ended'))"};

#define CASE_COLUMNS                                                                       \
  "select c.id, c.order_id, c.invoice_id, c.obstacle, c.told_on, c.event_id, c.opened_on," \
  " c.suspended_on, c.ended_on, c.outcome, o.name as order_name, u.username, i.number,"    \
  " i.due_date, i.currency, i.total - i.credited - i.paid as rest"
#define CASE_JOINS                      \
  " join orders o on o.id = c.order_id" \
  " join users u on u.id = o.client_id" \
  " join invoices i on i.id = c.invoice_id"

constexpr Statement select_untold{"untold suspensions",
                                  CASE_COLUMNS " from suspensions c" CASE_JOINS
                                               " where c.told_on is null and c.ended_on is null"
                                               " order by c.id"};

constexpr Statement mark_told{"mark suspensions told", R"(
  update suspensions
  set told_on = :today
  where told_on is null
    and ended_on is null)"};

constexpr Statement select_exemption{"suspension exemption", R"(
  select e.reason, e.since, u.username
  from suspension_exemptions e
  left join users u on u.id = e.user_id
  where e.order_id = :order
    and e.ended_at is null)"};

constexpr Statement insert_exemption_row{"insert suspension exemption", R"(
  insert into suspension_exemptions (order_id, reason, since, user_id)
  values (:order, :reason, :now, :author)
  on conflict do nothing)"};

constexpr Statement close_exemption_row{"end suspension exemption", R"(
  update suspension_exemptions
  set ended_at = :now, ended_by = :author
  where order_id = :order
    and ended_at is null)"};

UnpaidInvoice unpaid_from(const Row& row) {
  const auto currency = Currency::parse(row.text("currency"));
  if (!currency) throw DatabaseError("an invoice has the unknown currency " + row.text("currency"));
  return {row.id<struct Invoice>("invoice_id"), row.text("number"), row.date("due_date"),
          Money(row.number("rest"), *currency)};
}

OrderDebt debt_from(const Row& row) {
  return {.invoice = unpaid_from(row),
          .exempt = row.flag("exempt"),
          .paused = row.flag("paused"),
          .mailed = row.flag("mailed"),
          .undeliverable = row.flag("undeliverable"),
          .payment_pending = row.flag("payment_pending"),
          .open_ticket = row.flag("open_ticket")};
}

SuspensionCase case_from(const Row& row) {
  return {.id = row.number("id"),
          .order = row.id<struct Order>("order_id"),
          .invoice = row.id<struct Invoice>("invoice_id"),
          .obstacle = stored_obstacle(row.text("obstacle")),
          .told_on = row.maybe_date("told_on"),
          .event = row.maybe_number("event_id")};
}

SuspensionRow row_from(const Row& row) {
  const auto outcome = row.maybe_text("outcome");
  return {.suspension = case_from(row),
          .order_name = row.text("order_name"),
          .client_name = row.text("username"),
          .invoice = unpaid_from(row),
          .opened_on = row.date("opened_on"),
          .suspended_on = row.maybe_date("suspended_on"),
          .ended_on = row.maybe_date("ended_on"),
          .outcome = outcome ? std::optional(*outcome == "lifted" ? CaseOutcome::lifted
                                                                  : CaseOutcome::dropped)
                             : std::nullopt};
}

std::string_view condition_of(std::string_view state) {
  if (state == "planned") {
    return " and c.ended_on is null and c.event_id is null and c.obstacle = ''";
  }
  if (state == "held") {
    return " and c.ended_on is null and c.event_id is null and c.obstacle <> ''";
  }
  if (state == "suspended") return " and c.ended_on is null and c.event_id is not null";
  if (state == "ended") return " and c.ended_on is not null";
  return "";
}

}  // namespace

std::vector<OwingOrder> list_owing_orders(Transaction& tx, const OwingOrders& of) {
  std::string query(select_owing);
  Parameters parameters{{"due_until", of.due_until}, {"accounting", of.accounting.text()}};
  if (of.client) {
    query += " and i.client_id = :client";
    parameters.push_back({"client", *of.client});
  }
  if (of.order) {
    query += " and o.id = :order";
    parameters.push_back({"order", *of.order});
  }
  query += " order by o.client_id, o.id, i.due_date, i.id";
  std::vector<OwingOrder> orders;
  for (const auto& row : tx.select_built("owing orders", query, parameters)) {
    const auto order = row.id<struct Order>("order_id");
    if (orders.empty() || orders.back().order != order) {
      orders.push_back({.order = order,
                        .order_name = row.text("order_name"),
                        .service_name = row.text("service_name"),
                        .client = row.id<struct User>("client_id"),
                        .client_name = row.text("username"),
                        .debts = {}});
    }
    orders.back().debts.push_back(debt_from(row));
  }
  return orders;
}

std::vector<UserId> list_clients_to_review(Transaction& tx, Date due_until) {
  std::vector<UserId> clients;
  tx.each(select_clients, {{"due_until", due_until}},
          [&](const Row& row) { clients.push_back(row.id<struct User>("client_id")); });
  return clients;
}

bool owes_for(Transaction& tx, OrderId order, Date today) {
  return tx.find(find_overdue, {{"order", order}, {"today", today}}).has_value();
}

std::vector<SuspensionCase> list_open_cases(Transaction& tx, UserId client) {
  std::vector<SuspensionCase> cases;
  for (const auto& row : tx.select(select_open_cases, {{"client", client}})) {
    cases.push_back(case_from(row));
  }
  return cases;
}

std::optional<SuspensionCase> find_open_case(Transaction& tx, OrderId order) {
  const auto row = tx.find(select_open_case, {{"order", order}});
  return row ? std::optional(case_from(*row)) : std::nullopt;
}

std::optional<UnpaidInvoice> find_suspended_for(Transaction& tx, OrderId order) {
  const auto row = tx.find(select_suspended_for, {{"order", order}});
  return row ? std::optional(unpaid_from(*row)) : std::nullopt;
}

void note_case(Transaction& tx, OrderId order, const OrderDebt& debt, Date today) {
  tx.execute(upsert_case, {{"order", order},
                           {"invoice", debt.invoice.id},
                           {"obstacle", text(obstacle_of(debt))},
                           {"today", today}});
}

void mark_case_suspended(Transaction& tx, std::int64_t id, std::int64_t event, Date today) {
  tx.execute(update_suspended, {{"event", event}, {"today", today}, {"suspension", id}});
}

void end_case(Transaction& tx, std::int64_t id, CaseOutcome outcome, Date today) {
  const bool lifted = outcome == CaseOutcome::lifted;
  tx.execute(update_ended,
             {{"today", today}, {"outcome", lifted ? "lifted" : "dropped"}, {"suspension", id}});
}

std::optional<std::int64_t> newest_status_event(Transaction& tx, OrderId order) {
  return tx.require(select_status_event, {{"order", order}}).maybe_number("id");
}

std::vector<SuspensionRow> list_untold_cases(Transaction& tx) {
  std::vector<SuspensionRow> cases;
  for (const auto& row : tx.select(select_untold)) cases.push_back(row_from(row));
  return cases;
}

void mark_cases_told(Transaction& tx, Date today) {
  tx.execute(mark_told, {{"today", today}});
}

const ListingRules& suspension_listing_rules() {
  static const ListingRules rules{{"-id"}, {{"state", {"planned", "held", "suspended", "ended"}}}};
  return rules;
}

Page<SuspensionRow> list_suspensions(Transaction& tx, const Listing& listing) {
  Parameters parameters;
  std::string where(" from suspensions c");
  where += CASE_JOINS " where 1 = 1";
  where += condition_of(listing.filter("state"));
  if (!listing.search.empty()) {
    where +=
        " and (lower(o.name) like :search escape '\\' or u.username like :search escape '\\'"
        " or lower(i.number) like :search escape '\\')";
    parameters.push_back({"search", "%" + escape_like(lower_ascii(listing.search)) + "%"});
  }
  const std::string direction = listing.sort == "id" ? "" : " desc";
  const PageQuery query{
      "suspensions",
      CASE_COLUMNS + where + " order by c.id" + direction + " limit :limit offset :offset", where,
      std::move(parameters)};
  return select_page(tx, listing, query, row_from);
}

std::optional<SuspensionExemption> find_exemption(Transaction& tx, OrderId order) {
  const auto row = tx.find(select_exemption, {{"order", order}});
  if (!row) return std::nullopt;
  return SuspensionExemption{row->text("reason"), row->instant("since"),
                             row->maybe_text("username").value_or("")};
}

bool insert_exemption(Transaction& tx, OrderId order, const std::string& reason,
                      std::optional<UserId> author) {
  return tx.execute(
             insert_exemption_row,
             {{"order", order}, {"reason", reason}, {"now", tx.now()}, {"author", author}}) == 1;
}

bool close_exemption(Transaction& tx, OrderId order, std::optional<UserId> author) {
  return tx.execute(close_exemption_row,
                    {{"now", tx.now()}, {"author", author}, {"order", order}}) == 1;
}

}  // namespace cstims
