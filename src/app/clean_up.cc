#include <fmt/format.h>

#include "account/user_actions.h"
#include "app/job_functions.h"
#include "http/form_keys.h"
#include "invoice/billing_store.h"
#include "mail/outbox_store.h"

namespace cstims {

std::string clean_up(Installation& installation) {
  const std::string accounts =
      installation.database().write([](Transaction& tx) { return clean_up_accounts(tx); });
  installation.database().write([](Transaction& tx) { return forget_form_keys(tx); });
  constexpr int batch = 1000;
  std::int64_t forgotten = 0;
  std::int64_t now = 0;
  do {
    now =
        installation.database().write([](Transaction& tx) { return forget_old_bodies(tx, batch); });
    forgotten += now;
  } while (now == batch);
  while (installation.database().write(
             [](Transaction& tx) { return forget_old_ledger(tx, batch); }) == batch) {
  }
  return fmt::format("{}; texts of {} old mails forgotten", accounts, forgotten);
}

}  // namespace cstims
