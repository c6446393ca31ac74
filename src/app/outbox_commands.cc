#include <fmt/format.h>

#include "app/command_functions.h"
#include "app/post.h"
#include "mail/outbox_store.h"

namespace cstims {

int list_outbox_command(Invocation& run) {
  Listing listing;
  listing.csv = true;
  const auto mails =
      run.installation().database().read([&](Transaction& tx) { return list_outbox(tx, listing); });
  OutputTable table{
      {"id", "state", "kind", "recipient", "subject", "attempts", "written", "last_reply"}, {}};
  for (const auto& mail : mails.rows) {
    if (mail.state == OutboxState::sent && !run.given("--all")) continue;
    table.rows.push_back({mail.id.number(), std::string(text(mail.state)), mail.kind,
                          mail.recipient, mail.subject, mail.attempts, mail.created_at.text(),
                          mail.last_reply});
  }
  print_table(table, run.json());
  return 0;
}

int send_outbox_command(Invocation& run) {
  auto& installation = run.installation();
  const auto transport = make_transport(installation.settings(), installation.site());
  const SendSummary summary =
      send_waiting({installation.database(), *transport, document_source(installation)});
  fmt::print("{} sent, {} to be tried again, {} given up\n", summary.sent, summary.retried,
             summary.dead);
  if (summary.reason.empty()) return 0;
  fmt::print(stderr, "cstims: {}\n", summary.reason);
  return 1;
}

}  // namespace cstims
