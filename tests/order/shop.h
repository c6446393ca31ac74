// A shop with something on offer, for the tests of orders.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "order/order.h"
#include "order/order_store.h"
#include "support/visit.h"
#include "support/world.h"

namespace cstims::test {

using Fields = std::map<std::string, std::string, std::less<>>;

/// `fields` with one changed or added.
Fields with(Fields fields, std::string name, std::string value);

ServiceId add_service_of(World& world, const std::string& name, const std::string& billing,
                         const std::string& options = "", bool active = true);
/// ada orders it as "web".
OrderId place(World& world, ServiceId service, Fields fields = {});
Order order_of(World& world, OrderId id);
/// The form of /manageorders/{order} as it stands, to be changed with `with`.
Fields edit_fields(World& world, OrderId id);
/// root saves that form; the refusal in English, or empty.
std::string edit(World& world, OrderId id, const Fields& fields);
/// root activates it on that day.
void activate(World& world, OrderId id, std::string_view on);
/// As if it had been invoiced.
void note_billed(World& world, OrderId id, std::string_view kind, std::string_view start,
                 std::string_view next);
std::vector<std::string> events_of(World& world, const Viewer& viewer, OrderId id);
/// "kind → recipient" of each mail, oldest first.
std::vector<std::string> mail_list(World& world);

}  // namespace cstims::test
