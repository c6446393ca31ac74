// What admins do to services. All throw Forbidden for anybody else and NotFound for a service that
// does not exist.
#pragma once

#include "mail/outbox.h"
#include "service/service.h"

namespace cstims {

Result<ServiceId> add_service(Act& act, const ServiceEdit& service);
/// Orders keep the term they were placed with.
Result<void> edit_service(Act& act, ServiceId id, const ServiceEdit& service);
/// Refused once it was ordered: its orders and invoices name it. Deactivating it takes it off the
/// offer.
Result<void> delete_service(Act& act, ServiceId id);
void deactivate_service(Act& act, ServiceId id);

}  // namespace cstims
