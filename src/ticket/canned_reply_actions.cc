#include "ticket/canned_reply_actions.h"

#include "base/failure.h"
#include "ticket/canned_reply_store.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

void require_helpdesk(const Viewer& viewer) {
  if (!viewer.is_helpdesk()) throw Forbidden("only the helpdesk has canned replies");
}

}  // namespace

Result<CannedReplyId> add_canned_reply(Act& act, const CannedReplyEdit& reply) {
  require_helpdesk(act.viewer);
  return insert_canned_reply(act.tx, reply, act.viewer.user);
}

Result<void> edit_canned_reply(Act& act, CannedReplyId id, const CannedReplyEdit& reply,
                               std::int64_t version) {
  require_helpdesk(act.viewer);
  require_canned_reply(act.tx, id);
  return update_canned_reply(act.tx, id, reply, version, act.viewer.user);
}

void delete_canned_reply(Act& act, CannedReplyId id) {
  require_helpdesk(act.viewer);
  require_canned_reply(act.tx, id);
  delete_canned_reply_row(act.tx, id);
}

std::string write_canned_reply(Transaction& tx, const Viewer& viewer, const Mailer& mailer,
                               TicketId id, CannedReplyId reply) {
  require_helpdesk(viewer);
  const auto ticket = require_ticket(tx, viewer, id);
  const auto service = find_service_of_ticket(tx, id);
  return fill_in(
      require_canned_reply(tx, reply).content.body,
      {.client = require_ticket_names(tx, id).client,
       .ticket = id.text(),
       .subject = ticket.subject,
       .service = service.empty() ? mailer.renderer.translate(message("your service")) : service,
       .staff = viewer.name,
       .site = mailer.site.name});
}

}  // namespace cstims
