// Rows of services.
#pragma once

#include <optional>
#include <vector>

#include "base/listing.h"
#include "base/viewer.h"
#include "db/database.h"
#include "service/service.h"

namespace cstims {

/// Absent when it does not exist, or is not on offer and the viewer is no staff.
std::optional<Service> find_service(Transaction& tx, const Viewer& viewer, ServiceId id);
Service require_service(Transaction& tx, const Viewer& viewer, ServiceId id);  // throws NotFound
/// Active ones, in the order they were added.
std::vector<Service> list_services_on_offer(Transaction& tx);
/// All, by name: for select boxes of staff.
std::vector<Service> list_all_services(Transaction& tx);
/// The page /manageservices; `search` matches name and billing term.
Page<Service> list_services(Transaction& tx, const Listing& listing);
const ListingRules& service_listing_rules();

/// Refuses (field "name") a name that another service has.
Result<ServiceId> insert_service(Transaction& tx, const ServiceEdit& service);
Result<void> update_service(Transaction& tx, ServiceId id, const ServiceEdit& service);
void update_service_active(Transaction& tx, ServiceId id, bool active);
void delete_service_row(Transaction& tx, ServiceId id);
/// An order or an invoice line names it.
bool is_service_used(Transaction& tx, ServiceId id);

}  // namespace cstims
