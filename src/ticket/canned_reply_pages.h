// /cannedreplies and below, for the helpdesk, and the box on a ticket's page that offers them.
#pragma once

#include "http/context.h"
#include "ticket/canned_reply_store.h"

namespace cstims {

Response list_canned_replies_page(Context& context);   // GET /cannedreplies
Response new_canned_reply(Context& context);           // GET /cannedreplies/new
Response create_canned_reply(Context& context);        // POST /cannedreplies
Response edit_canned_reply_page(Context& context);     // GET /cannedreplies/{canned}
Response update_canned_reply_entry(Context& context);  // POST /cannedreplies/{canned}
Response delete_canned_reply_entry(Context& context);  // POST /cannedreplies/{canned}/deletion

/// GET /tickets/{ticket}/cannedreplies/{canned}: the text alone, for app.js.
Response show_canned_reply_text(Context& context);

/// What a ticket's page offers, and the text asked for by ?canned=ID, where scripts do not run.
struct CannedOffer {
  std::vector<CannedReplyName> replies;
  std::string text;
};
CannedOffer canned_offer(Transaction& tx, const Context& context, TicketId ticket);
/// Fills `{{>CANNED}}`, unless there are none.
void fill_canned_offer(Dictionary& values, const CannedOffer& offer, TicketId ticket);

}  // namespace cstims
