#include "service/service_actions.h"

#include "base/failure.h"
#include "service/service_store.h"
#include "service/tax_rate_store.h"

namespace cstims {
namespace {

void require_admin(const Viewer& viewer) {
  if (!viewer.is_admin()) throw Forbidden("only admins manage services");
}

Result<void> check_tax(Act& act, const ServiceEdit& service) {
  if (load_tax_rates(act.tx, act.site).knows(service.tax_name)) return {};
  return refuse("tax", message("There is no tax rate of this name: add it first."));
}

}  // namespace

Result<ServiceId> add_service(Act& act, const ServiceEdit& service) {
  require_admin(act.viewer);
  if (auto taxed = check_tax(act, service); !taxed) return std::unexpected(taxed.error());
  return insert_service(act.tx, service);
}

Result<void> edit_service(Act& act, ServiceId id, const ServiceEdit& service) {
  require_admin(act.viewer);
  require_service(act.tx, act.viewer, id);
  if (auto taxed = check_tax(act, service); !taxed) return taxed;
  return update_service(act.tx, id, service);
}

Result<void> delete_service(Act& act, ServiceId id) {
  require_admin(act.viewer);
  const auto service = require_service(act.tx, act.viewer, id);
  if (is_service_used(act.tx, id)) {
    return refuse("", message("{} has been ordered, so it cannot be deleted. Deactivate it "
                              "instead: nobody can order it "
                              "any more, and its orders stay.",
                              {service.name}));
  }
  delete_service_row(act.tx, id);
  return {};
}

void deactivate_service(Act& act, ServiceId id) {
  require_admin(act.viewer);
  require_service(act.tx, act.viewer, id);
  update_service_active(act.tx, id, false);
}

}  // namespace cstims
