#include "order/order_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/failure.h"
#include "base/text.h"
#include "db/page_query.h"
#include "order/stored_terms.h"

namespace cstims {
namespace {

constexpr Statement find_order_by_id{"order by id", R"(
  select o.id, o.service_id, s.name as service_name, o.name, o.client_id, u.username, o.status,
    o.ordered_at, o.billing, o.billing_from, o.earlier_billing, o.options, o.comments, o.notes,
    o.activated_on, o.ends_on, o.next_due_on, o.quantity, o.anchor_day, o.trial_days, o.coupon_id,
    o.discount, o.bills_suspended, o.billing_paused
  from orders o
  join services s on s.id = o.service_id
  join users u on u.id = o.client_id
  where o.id = :order
    and (o.client_id = :client or :sees_all = 1))"};

// SQLite has one writer at a time: its transaction is the lock.
constexpr Statement lock_row{"order lock", "select id from orders where id = :order",
                             "select id from orders where id = :order for update"};

constexpr Statement list_of_client{"orders of client", R"(
  select o.id, o.service_id, s.name as service_name, o.name, o.client_id, u.username, o.status,
    o.ordered_at, o.billing, o.billing_from, o.earlier_billing, o.options, o.comments, o.notes,
    o.activated_on, o.ends_on, o.next_due_on, o.quantity, o.anchor_day, o.trial_days, o.coupon_id,
    o.discount, o.bills_suspended, o.billing_paused
  from orders o
  join services s on s.id = o.service_id
  join users u on u.id = o.client_id
  where o.client_id = :client
  order by case when o.status = 'ended' then 1 else 0 end, o.id desc
  limit :limit)"};

/// Around the rows of one page.
constexpr std::string_view columns = R"(
  select o.id, o.service_id, s.name as service_name, o.name, o.client_id, u.username, o.status,
    o.ordered_at, o.billing, o.billing_from, o.earlier_billing, o.options, o.comments, o.notes,
    o.activated_on, o.ends_on, o.next_due_on, o.quantity, o.anchor_day, o.trial_days, o.coupon_id,
    o.discount, o.bills_suspended, o.billing_paused)";
constexpr std::string_view joins = R"(
  join services s on s.id = o.service_id
  join users u on u.id = o.client_id)";

constexpr Statement list_to_end{"orders to end", R"(
  select id
  from orders
  where ends_on is not null
    and status in ('active', 'suspended')
    and ends_on <= :today
  order by id
  limit :limit)"};

constexpr Statement count_waiting{"orders waiting", R"(
  select count(*) as total
  from orders
  where client_id = :client
    and status = 'setting up')"};

constexpr Statement insert_row{"order insert", R"(
  insert into orders (service_id, name, client_id, status, ordered_at, billing, billing_from,
    earlier_billing, options, comments, notes, activated_on, ends_on, next_due_on, quantity,
    anchor_day, trial_days, coupon_id, discount, bills_suspended, billing_paused)
  values (:service, :name, :client, :status, :now, :billing, :billing_from, :earlier_billing,
    :options, :comments, :notes, :activated_on, :ends_on, :next_due_on, :quantity,
    :anchor_day, :trial_days, :coupon, :discount, :bills_suspended, :billing_paused)
  returning id)"};

constexpr Statement update_row{"order update", R"(
  update orders
  set service_id = :service,
      name = :name,
      client_id = :client,
      status = :status,
      billing = :billing,
      billing_from = :billing_from,
      earlier_billing = :earlier_billing,
      options = :options,
      comments = :comments,
      notes = :notes,
      activated_on = :activated_on,
      ends_on = :ends_on,
      next_due_on = :next_due_on,
      quantity = :quantity,
      anchor_day = :anchor_day,
      trial_days = :trial_days,
      coupon_id = :coupon,
      discount = :discount,
      bills_suspended = :bills_suspended,
      billing_paused = :billing_paused
  where id = :order)"};

// Many at once: `days` is a JSON list of {"order": 1, "on": "2026-11-25" or null}.
constexpr Statement update_next_due{"orders next due",
                                    R"(
  update orders
  set next_due_on = due.value ->> '$.on'
  from json_each(:days) as due
  where orders.id = due.value ->> '$.order')",
                                    R"(
  update orders
  set next_due_on = due."on"
  from jsonb_to_recordset(cast(:days as jsonb)) as due ("order" bigint, "on" text)
  where orders.id = due."order")"};

constexpr Statement delete_events{"order events delete",
                                  "delete from order_events where order_id = :order"};
constexpr Statement delete_exemptions{"order suspension exemptions delete",
                                      "delete from suspension_exemptions where order_id = :order"};
constexpr Statement delete_row{"order delete", "delete from orders where id = :order"};

constexpr Statement find_billed{"order billed so far", R"(
  select
    max(case when kind = 'recurring' and covers_until > period_start then covers_until end)
      as recurring_until,
    max(case when kind = 'setup' then period_start end) as setup,
    max(case when kind = 'once' then period_start end) as last_once
  from billed_periods
  where order_id = :order)"};

constexpr Statement find_invoice_line{"order invoice lines", R"(
  select 1 as found from invoice_lines where order_id = :order
  union all
  select 1 as found from billed_periods where order_id = :order
  limit 1)"};

constexpr Statement find_ticket{"order tickets", R"(
  select 1 as found
  from tickets
  where order_id = :order
  limit 1)"};

std::optional<unsigned> anchor_day_from(const Row& row) {
  const auto day = row.maybe_number("anchor_day");
  return day ? std::optional(static_cast<unsigned>(*day)) : std::nullopt;
}

std::optional<Discount> discount_from(const Row& row) {
  const auto& text = row.text("discount");
  return text.empty() ? std::nullopt : std::optional(Discount::stored(text));
}

Order order_from(const Row& row, const Viewer& viewer) {
  const auto status = parse_order_status(row.text("status"));
  if (!status) throw DatabaseError("order status '" + row.text("status") + "' is unknown");
  auto options = ServiceOptions::stored(row.text("options"));
  auto terms = stored_terms(row, options.show_chosen());
  return {.id = row.id<Order>("id"),
          .service = row.id<Service>("service_id"),
          .service_name = row.text("service_name"),
          .name = row.text("name"),
          .client = row.id<User>("client_id"),
          .client_name = row.text("username"),
          .status = *status,
          .ordered_at = row.instant("ordered_at"),
          .terms = std::move(terms),
          .options = std::move(options),
          .comments = row.text("comments"),
          .notes = viewer.is_staff() ? row.text("notes") : std::string(),
          .activated_on = row.maybe_date("activated_on"),
          .ends_on = row.maybe_date("ends_on"),
          .next_due_on = row.maybe_date("next_due_on"),
          .anchor_day = anchor_day_from(row),
          .trial_days = static_cast<int>(row.number("trial_days")),
          .coupon = row.maybe_id<Coupon>("coupon_id"),
          .discount = discount_from(row),
          .bills_suspended = row.flag("bills_suspended")};
}

std::vector<Order> orders_from(const std::vector<Row>& rows, const Viewer& viewer) {
  std::vector<Order> orders;
  orders.reserve(rows.size());
  for (const auto& row : rows) orders.push_back(order_from(row, viewer));
  return orders;
}

/// Works for OrderRow and Order: they name their fields alike.
template <typename T>
Parameters parameters_of(const T& order) {
  const bool changed = order.terms.size() > 1;
  return {{"service", order.service},
          {"name", order.name},
          {"client", order.client},
          {"status", text(order.status)},
          {"billing", order.terms.back().term.text()},
          {"billing_from", changed ? Value(order.terms.back().from) : Value()},
          {"earlier_billing", earlier_text(order.terms)},
          {"options", order.options.text()},
          {"comments", order.comments},
          {"notes", order.notes},
          {"activated_on", order.activated_on},
          {"ends_on", order.ends_on},
          {"next_due_on", order.next_due_on},
          {"quantity", order.terms.back().quantity},
          {"anchor_day", order.anchor_day},
          {"trial_days", order.trial_days},
          {"coupon", order.coupon},
          {"discount", order.discount ? order.discount->text() : std::string()},
          {"bills_suspended", order.bills_suspended},
          {"billing_paused", order.terms.back().paused}};
}

/// The conditions of a listing; names of services and clients are looked up once, not for each
/// order.
std::string conditions(const Viewer& viewer, const Listing& listing, Parameters& parameters) {
  std::string where = " where 1 = 1";
  const auto add = [&](std::string_view condition, std::string_view name, Value value) {
    where += condition;
    parameters.push_back({name, std::move(value)});
  };
  if (!viewer.is_staff()) add(" and o.client_id = :viewer", "viewer", viewer.require_user());
  if (const auto status = listing.filter("status"); !status.empty()) {
    add(" and o.status = :status", "status", status);
  }
  if (listing.search.empty()) return where;
  if (const auto id = parse_id_number(listing.search)) {
    add(" and (o.id = :id or lower(o.name) like :search escape '\\')", "id", *id);
  } else {
    where +=
        " and (lower(o.name) like :search escape '\\'"
        " or o.service_id in (select id from services where lower(name) like :search escape '\\')"
        " or o.client_id in (select id from users where username like :search escape '\\'))";
  }
  parameters.push_back({"search", "%" + escape_like(lower_ascii(listing.search)) + "%"});
  return where;
}

/// From the closed list of order_listing_rules.
std::string order_by(std::string_view sort) {
  const bool descending = sort.starts_with('-');
  const auto key = descending ? sort.substr(1) : sort;
  const std::string direction = descending ? " desc" : "";
  if (key == "name") return " order by lower(o.name)" + direction + ", o.id" + direction;
  if (key == "status") return " order by o.status" + direction + ", o.id" + direction;
  if (key == "next_due_on")
    return " order by coalesce(o.next_due_on, '9999')" + direction + ", o.id" + direction;
  return " order by o.id" + direction;
}

}  // namespace

std::optional<Order> find_order(Transaction& tx, const Viewer& viewer, OrderId id) {
  if (!viewer.is_staff() && !viewer.user) return std::nullopt;
  const auto row = tx.find(find_order_by_id, {{"order", id},
                                              {"client", viewer.user.value_or(UserId(0))},
                                              {"sees_all", viewer.is_staff()}});
  return row ? std::optional(order_from(*row, viewer)) : std::nullopt;
}

Order require_order(Transaction& tx, const Viewer& viewer, OrderId id) {
  auto order = find_order(tx, viewer, id);
  if (!order) throw NotFound(fmt::format("no order {} for this viewer", id.number()));
  return *std::move(order);
}

Order lock_order(Transaction& tx, const Viewer& viewer, OrderId id) {
  tx.find(lock_row, {{"order", id}});
  return require_order(tx, viewer, id);
}

const ListingRules& order_listing_rules() {
  static const ListingRules rules{{"-id", "name", "status", "next_due_on"},
                                  {{"status", order_status_names()}}};
  return rules;
}

Page<Order> list_orders(Transaction& tx, const Viewer& viewer, const Listing& listing) {
  Parameters parameters;
  const std::string where = conditions(viewer, listing, parameters);
  const std::string sorted = order_by(listing.sort);
  // The rows of the page first, then what belongs to them.
  const PageQuery query{
      "orders",
      fmt::format("{} from (select o.* from orders o{}{} limit :limit offset :offset) o{}{}",
                  columns, where, sorted, joins, sorted),
      "from orders o" + where, std::move(parameters)};
  return select_page(tx, listing, query, [&](const Row& row) { return order_from(row, viewer); });
}

std::vector<Order> list_orders_of_client(Transaction& tx, UserId client, int limit) {
  return orders_from(tx.select(list_of_client, {{"client", client}, {"limit", limit}}),
                     Viewer::nobody());
}

std::vector<OrderId> list_orders_to_end(Transaction& tx, Date today, int limit) {
  std::vector<OrderId> ids;
  for (const auto& row : tx.select(list_to_end, {{"today", today}, {"limit", limit}})) {
    ids.push_back(row.id<Order>("id"));
  }
  return ids;
}

int count_waiting_orders(Transaction& tx, UserId client) {
  return static_cast<int>(tx.require(count_waiting, {{"client", client}}).number("total"));
}

OrderId insert_order(Transaction& tx, const OrderRow& order) {
  auto parameters = parameters_of(order);
  parameters.push_back({"now", tx.now()});
  return tx.require(insert_row, parameters).id<Order>("id");
}

void update_order(Transaction& tx, const Order& order) {
  auto parameters = parameters_of(order);
  parameters.push_back({"order", order.id});
  tx.execute(update_row, parameters);
}

void set_next_due(Transaction& tx, const std::vector<NextDue>& days) {
  if (days.empty()) return;
  auto list = nlohmann::json::array();
  for (const auto& [order, date] : days) {
    list.push_back({{"order", order.number()},
                    {"on", date ? nlohmann::json(date->text()) : nlohmann::json()}});
  }
  tx.execute(update_next_due, {{"days", list.dump()}});
}

void delete_order_row(Transaction& tx, OrderId id) {
  tx.execute(delete_events, {{"order", id}});
  tx.execute(delete_exemptions, {{"order", id}});
  tx.execute(delete_row, {{"order", id}});
}

namespace {

BilledSoFar billed_from(const Row& row) {
  return {.recurring_until = row.maybe_date("recurring_until"),
          .setup = !row.is_null("setup"),
          .last_once = row.maybe_date("last_once")};
}

OrderToBill order_to_bill(const std::vector<Row>& found, const Row& billed) {
  if (found.empty()) return {std::nullopt, {}, "it is gone"};
  try {
    return {order_from(found.front(), Viewer::of_system("billing")), billed_from(billed)};
  } catch (const Failure& error) {
    return {std::nullopt, {}, error.what()};
  }
}

}  // namespace

BilledSoFar billed_so_far(Transaction& tx, OrderId id) {
  return billed_from(tx.require(find_billed, {{"order", id}}));
}

std::vector<OrderToBill> list_orders_to_bill(Transaction& tx, const std::vector<OrderId>& ids) {
  std::vector<Parameters> wanted;
  std::vector<Parameters> billed;
  for (const auto id : ids) {
    wanted.push_back({{"order", id}, {"client", 0}, {"sees_all", true}});
    billed.push_back({{"order", id}});
  }
  const auto rows = tx.select_each(find_order_by_id, wanted);
  const auto so_far = tx.require_each(find_billed, billed);
  std::vector<OrderToBill> orders;
  for (std::size_t i = 0; i < ids.size(); ++i) orders.push_back(order_to_bill(rows[i], so_far[i]));
  return orders;
}

std::vector<std::string> list_order_dependents(Transaction& tx, OrderId id) {
  std::vector<std::string> found;
  if (tx.find(find_invoice_line, {{"order", id}})) found.emplace_back("invoices");
  if (tx.find(find_ticket, {{"order", id}})) found.emplace_back("tickets");
  return found;
}

}  // namespace cstims
