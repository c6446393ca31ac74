// The verbs of canned replies, for the helpdesk. Others: Forbidden.
#pragma once

#include "mail/outbox.h"
#include "ticket/canned_reply.h"

namespace cstims {

/// Refuses (field "name") a name that another has.
Result<CannedReplyId> add_canned_reply(Act& act, const CannedReplyEdit& reply);
/// Refused when somebody else changed it since it was at `version`.
Result<void> edit_canned_reply(Act& act, CannedReplyId id, const CannedReplyEdit& reply,
                               std::int64_t version);
void delete_canned_reply(Act& act, CannedReplyId id);

/// The text for that ticket, its variables filled in. Throws NotFound when the viewer may not see
/// the ticket, or there is no such reply.
std::string write_canned_reply(Transaction& tx, const Viewer& viewer, const Mailer& mailer,
                               TicketId ticket, CannedReplyId reply);

}  // namespace cstims
