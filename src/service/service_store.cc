#include "service/service_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/failure.h"
#include "base/text.h"
#include "db/page_query.h"

namespace cstims {
namespace {

constexpr Statement find_service_by_id{"service by id", R"(
  select id, name, type, billing, options, description, active, trial_days, created_at, tax_name
  from services
  where id = :service)"};

constexpr Statement list_offered{"services on offer", R"(
  select id, name, type, billing, options, description, active, trial_days, created_at, tax_name
  from services
  where active = 1
  order by id)"};

constexpr Statement list_all{"services", R"(
  select id, name, type, billing, options, description, active, trial_days, created_at, tax_name
  from services
  order by name)"};

constexpr Statement find_owner_of_name{"service name owner", R"(
  select id
  from services
  where name = :name)"};

constexpr Statement insert_row{"service insert", R"(
  insert into services (name, type, billing, options, description, active, trial_days, created_at,
    tax_name)
  values (:name, :type, :billing, :options, :description, :active, :trial_days, :now, :tax_name)
  returning id)"};

constexpr Statement update_row{"service update", R"(
  update services
  set name = :name,
      type = :type,
      billing = :billing,
      options = :options,
      description = :description,
      active = :active,
      trial_days = :trial_days,
      tax_name = :tax_name
  where id = :service)"};

constexpr Statement update_active{"service active", R"(
  update services
  set active = :active
  where id = :service)"};

constexpr Statement delete_row{"service delete", R"(
  delete from services
  where id = :service)"};

constexpr Statement find_use{"service use", R"(
  select 1 as used from orders where service_id = :service
  union all
  select 1 as used from invoice_lines where service_id = :service
  limit 1)"};

Service service_from(const Row& row) {
  const auto type = parse_service_type(row.text("type"));
  if (!type) throw DatabaseError("service type '" + row.text("type") + "' is unknown");
  return {.id = row.id<Service>("id"),
          .name = row.text("name"),
          .type = *type,
          .billing = BillingTerm::stored(row.text("billing")),
          .options = ServiceOptions::stored(row.text("options")),
          .description = row.text("description"),
          .active = row.flag("active"),
          .trial_days = static_cast<int>(row.number("trial_days")),
          .created_at = row.instant("created_at"),
          .tax_name = row.text("tax_name")};
}

std::vector<Service> services_from(const std::vector<Row>& rows) {
  std::vector<Service> services;
  services.reserve(rows.size());
  for (const auto& row : rows) services.push_back(service_from(row));
  return services;
}

Parameters parameters_of(const ServiceEdit& service) {
  return {{"name", service.name},
          {"type", text(service.type)},
          {"billing", service.billing.text()},
          {"options", service.options.text()},
          {"description", service.description},
          {"active", service.active},
          {"trial_days", service.trial_days},
          {"tax_name", service.tax_name}};
}

/// The unique key guards against two at once.
Result<void> check_name(Transaction& tx, std::string_view name, std::optional<ServiceId> self) {
  const auto row = tx.find(find_owner_of_name, {{"name", name}});
  if (!row || (self && row->id<Service>("id") == *self)) return {};
  return refuse("name", message("Another service has this name."));
}

std::string order_by(std::string_view sort) {
  const bool descending = sort.starts_with('-');
  const auto key = descending ? sort.substr(1) : sort;
  const std::string direction = descending ? " desc" : "";
  for (const std::string_view column : {"type", "active"}) {
    if (key == column) return " order by " + std::string(column) + direction + ", name";
  }
  return " order by name" + direction;
}

}  // namespace

std::optional<Service> find_service(Transaction& tx, const Viewer& viewer, ServiceId id) {
  const auto row = tx.find(find_service_by_id, {{"service", id}});
  if (!row) return std::nullopt;
  auto service = service_from(*row);
  if (!service.active && !viewer.is_staff()) return std::nullopt;
  return service;
}

Service require_service(Transaction& tx, const Viewer& viewer, ServiceId id) {
  auto service = find_service(tx, viewer, id);
  if (!service) throw NotFound(fmt::format("no service {}", id.number()));
  return *std::move(service);
}

std::vector<Service> list_services_on_offer(Transaction& tx) {
  return services_from(tx.select(list_offered));
}

std::vector<Service> list_all_services(Transaction& tx) {
  return services_from(tx.select(list_all));
}

const ListingRules& service_listing_rules() {
  static const ListingRules rules{
      {"name", "type", "active"},
      {{"type", {"premium", "standard", "free"}}, {"active", {"yes", "no"}}}};
  return rules;
}

Page<Service> list_services(Transaction& tx, const Listing& listing) {
  std::string where = " from services where 1 = 1";
  Parameters parameters;
  if (!listing.search.empty()) {
    where +=
        " and (lower(name) like :search escape '\\' or lower(billing) like :search escape '\\')";
    parameters.push_back({"search", "%" + escape_like(lower_ascii(listing.search)) + "%"});
  }
  if (const auto type = listing.filter("type"); !type.empty()) {
    where += " and type = :type";
    parameters.push_back({"type", type});
  }
  if (const auto active = listing.filter("active"); !active.empty()) {
    where += " and active = :active";
    parameters.push_back({"active", active == "yes"});
  }
  const PageQuery query{"services",
                        "select id, name, type, billing, options, description, active, trial_days, "
                        "created_at, tax_name" +
                            where + order_by(listing.sort) + " limit :limit offset :offset",
                        where, std::move(parameters)};
  return select_page(tx, listing, query, [](const Row& row) { return service_from(row); });
}

Result<ServiceId> insert_service(Transaction& tx, const ServiceEdit& service) {
  if (const auto free = check_name(tx, service.name, std::nullopt); !free) {
    return std::unexpected(free.error());
  }
  auto parameters = parameters_of(service);
  parameters.push_back({"now", tx.now()});
  return tx.require(insert_row, parameters).id<Service>("id");
}

Result<void> update_service(Transaction& tx, ServiceId id, const ServiceEdit& service) {
  if (const auto free = check_name(tx, service.name, id); !free) return free;
  auto parameters = parameters_of(service);
  parameters.push_back({"service", id});
  tx.execute(update_row, parameters);
  return {};
}

void update_service_active(Transaction& tx, ServiceId id, bool active) {
  tx.execute(update_active, {{"active", active}, {"service", id}});
}

void delete_service_row(Transaction& tx, ServiceId id) {
  tx.execute(delete_row, {{"service", id}});
}

bool is_service_used(Transaction& tx, ServiceId id) {
  return tx.find(find_use, {{"service", id}}).has_value();
}

}  // namespace cstims
