#include <fmt/format.h>

#include "account/user_actions.h"
#include "app/job_functions.h"
#include "http/form_keys.h"
#include "inbox/inbox_store.h"
#include "inbox/raw_mails.h"
#include "invoice/billing_store.h"
#include "mail/outbox_store.h"
#include "ticket/ticket_search.h"

namespace cstims {
namespace {

/// Rows first: bytes without a row are lost room, a row without its bytes would be a fault.
std::int64_t forget_old_mails(Installation& installation) {
  constexpr int batch = 200;
  const FileStore mails = raw_mails(installation.files());
  const auto days = std::chrono::hours(24 * installation.site().mail_in.raw_days);
  std::int64_t count = 0;
  ForgottenRaw forgotten;
  do {
    forgotten = installation.database().write(
        [&](Transaction& tx) { return forget_raw_mails(tx, tx.now().plus(-days), batch); });
    for (const auto& digest : forgotten.digests) forget_bytes(mails, digest);
    count += static_cast<std::int64_t>(forgotten.digests.size());
  } while (forgotten.more);
  return count;
}

}  // namespace

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
  const auto came_in = forget_old_mails(installation);
  tidy_search_index(installation.database());
  return fmt::format("{}; texts of {} old mails forgotten, {} that came in", accounts, forgotten,
                     came_in);
}

}  // namespace cstims
