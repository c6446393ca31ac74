#include <fmt/format.h>

#include "app/job_functions.h"
#include "order/order_actions.h"

namespace cstims {

std::string end_due_orders(Installation& installation) {
  constexpr int batch = 100;
  int total = 0;
  int now = 0;
  do {
    now = installation.act("order-end", [](Act& act) { return end_orders(act, batch); });
    total += now;
  } while (now == batch);
  return fmt::format("{} orders ended", total);
}

}  // namespace cstims
