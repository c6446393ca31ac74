#include "service/coupon_store.h"

#include <fmt/format.h>

#include "base/failure.h"
#include "base/text.h"
#include "db/page_query.h"

namespace cstims {
namespace {

constexpr Statement find_by_id{"coupon by id", R"(
  select c.id, c.code, c.share, c.amount, c.currency, c.periods, c.valid_from, c.valid_until,
    c.most_orders, c.active, c.notes,
    (select count(*) from orders o where o.coupon_id = c.id) as orders
  from coupons c
  where c.id = :coupon)"};

constexpr Statement find_by_code{"coupon by code", R"(
  select c.id, c.code, c.share, c.amount, c.currency, c.periods, c.valid_from, c.valid_until,
    c.most_orders, c.active, c.notes,
    (select count(*) from orders o where o.coupon_id = c.id) as orders
  from coupons c
  where c.code = :code)"};

constexpr std::string_view columns = R"(
  select c.id, c.code, c.share, c.amount, c.currency, c.periods, c.valid_from, c.valid_until,
    c.most_orders, c.active, c.notes,
    (select count(*) from orders o where o.coupon_id = c.id) as orders)";

constexpr Statement list_services_of{"coupon services", R"(
  select service_id
  from coupon_services
  where coupon_id = :coupon
  order by service_id)"};

constexpr Statement insert_row{"coupon insert", R"(
  insert into coupons (code, share, amount, currency, periods, valid_from, valid_until,
    most_orders, active, notes, created_at)
  values (:code, :share, :amount, :currency, :periods, :valid_from, :valid_until, :most_orders,
    :active, :notes, :now)
  returning id)"};

constexpr Statement update_row{"coupon update", R"(
  update coupons
  set code = :code,
      share = :share,
      amount = :amount,
      currency = :currency,
      periods = :periods,
      valid_from = :valid_from,
      valid_until = :valid_until,
      most_orders = :most_orders,
      active = :active,
      notes = :notes
  where id = :coupon)"};

constexpr Statement insert_service_of{"coupon service insert", R"(
  insert into coupon_services (coupon_id, service_id)
  values (:coupon, :service))"};

constexpr Statement delete_services_of{"coupon services delete",
                                       "delete from coupon_services where coupon_id = :coupon"};
constexpr Statement delete_row{"coupon delete", "delete from coupons where id = :coupon"};

std::optional<int> maybe_count(const Row& row, std::string_view column) {
  const auto number = row.maybe_number(column);
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

Coupon coupon_from(const Row& row) {
  Coupon coupon{.id = row.id<Coupon>("id"),
                .terms = {.code = row.text("code"),
                          .share = {},
                          .amount = {},
                          .periods = maybe_count(row, "periods"),
                          .valid_from = row.maybe_date("valid_from"),
                          .valid_until = row.maybe_date("valid_until"),
                          .most_orders = maybe_count(row, "most_orders"),
                          .services = {},
                          .active = row.flag("active"),
                          .notes = row.text("notes")},
                .orders = static_cast<int>(row.number("orders"))};
  if (const auto share = row.maybe_number("share")) {
    coupon.terms.share = TaxRate::basis_points(*share);
  } else {
    const auto currency = Currency::parse(row.text("currency"));
    if (!currency) throw DatabaseError("coupon currency '" + row.text("currency") + "' is unknown");
    coupon.terms.amount = Money(row.number("amount"), *currency);
  }
  return coupon;
}

Coupon with_services(Transaction& tx, Coupon coupon) {
  for (const auto& row : tx.select(list_services_of, {{"coupon", coupon.id}})) {
    coupon.terms.services.push_back(row.id<struct Service>("service_id"));
  }
  return coupon;
}

Parameters parameters_of(const CouponEdit& coupon) {
  return {{"code", coupon.code},
          {"share", coupon.share ? Value(coupon.share->points()) : Value()},
          {"amount", coupon.amount ? Value(coupon.amount->minor()) : Value()},
          {"currency", coupon.amount ? Value(coupon.amount->currency().code()) : Value()},
          {"periods", coupon.periods},
          {"valid_from", coupon.valid_from},
          {"valid_until", coupon.valid_until},
          {"most_orders", coupon.most_orders},
          {"active", coupon.active},
          {"notes", coupon.notes}};
}

/// The unique key guards against two at once.
Result<void> check_code(Transaction& tx, std::string_view code, std::optional<CouponId> self) {
  const auto other = tx.find(find_by_code, {{"code", code}});
  if (!other || (self && other->id<Coupon>("id") == *self)) return {};
  return refuse("code", message("Another coupon has this code."));
}

void write_services(Transaction& tx, CouponId id, const CouponEdit& coupon) {
  tx.execute(delete_services_of, {{"coupon", id}});
  for (const auto service : coupon.services) {
    tx.execute(insert_service_of, {{"coupon", id}, {"service", service}});
  }
}

std::string order_by(std::string_view sort) {
  const bool descending = sort.starts_with('-');
  const auto key = descending ? sort.substr(1) : sort;
  const std::string direction = descending ? " desc" : "";
  if (key == "valid_until") {
    return " order by coalesce(c.valid_until, '9999')" + direction + ", c.code";
  }
  return " order by c.code" + direction;
}

}  // namespace

std::optional<Coupon> find_coupon(Transaction& tx, CouponId id) {
  const auto row = tx.find(find_by_id, {{"coupon", id}});
  return row ? std::optional(with_services(tx, coupon_from(*row))) : std::nullopt;
}

Coupon require_coupon(Transaction& tx, CouponId id) {
  auto coupon = find_coupon(tx, id);
  if (!coupon) throw NotFound(fmt::format("no coupon {}", id.number()));
  return *std::move(coupon);
}

std::optional<Coupon> find_coupon_by_code(Transaction& tx, std::string_view code) {
  const auto row = tx.find(find_by_code, {{"code", code}});
  return row ? std::optional(with_services(tx, coupon_from(*row))) : std::nullopt;
}

const ListingRules& coupon_listing_rules() {
  static const ListingRules rules{{"code", "valid_until"}, {{"active", {"yes", "no"}}}};
  return rules;
}

Page<Coupon> list_coupons(Transaction& tx, const Listing& listing) {
  std::string where = " from coupons c where 1 = 1";
  Parameters parameters;
  if (!listing.search.empty()) {
    where += " and lower(c.code) like :search escape '\\'";
    parameters.push_back({"search", "%" + escape_like(lower_ascii(listing.search)) + "%"});
  }
  if (const auto active = listing.filter("active"); !active.empty()) {
    where += " and c.active = :active";
    parameters.push_back({"active", active == "yes"});
  }
  const PageQuery query{
      "coupons",
      std::string(columns) + where + order_by(listing.sort) + " limit :limit offset :offset", where,
      std::move(parameters)};
  return select_page(tx, listing, query, [](const Row& row) { return coupon_from(row); });
}

Result<CouponId> insert_coupon(Transaction& tx, const CouponEdit& coupon) {
  if (const auto free = check_code(tx, coupon.code, std::nullopt); !free) {
    return std::unexpected(free.error());
  }
  auto parameters = parameters_of(coupon);
  parameters.push_back({"now", tx.now()});
  const auto id = tx.require(insert_row, parameters).id<Coupon>("id");
  write_services(tx, id, coupon);
  return id;
}

Result<void> update_coupon(Transaction& tx, CouponId id, const CouponEdit& coupon) {
  if (const auto free = check_code(tx, coupon.code, id); !free) return free;
  auto parameters = parameters_of(coupon);
  parameters.push_back({"coupon", id});
  tx.execute(update_row, parameters);
  write_services(tx, id, coupon);
  return {};
}

void delete_coupon_row(Transaction& tx, CouponId id) {
  tx.execute(delete_services_of, {{"coupon", id}});
  tx.execute(delete_row, {{"coupon", id}});
}

}  // namespace cstims
