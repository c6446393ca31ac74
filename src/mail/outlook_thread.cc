#include "mail/outlook_thread.h"

namespace cstims {

constexpr Statement find_thread_of_outlook{"Outlook's thread of a ticket", R"(
  select thread_index, thread_topic
  from inbound_mails
  where ticket_id = :ticket
    and sender = :sender
    and verdict = 'taken'
    and thread_index <> ''
  order by id desc
  limit 1)"};

OutlookThread find_outlook_thread(Transaction& tx, TicketId ticket, const EmailAddress& sender) {
  const auto row = tx.find(find_thread_of_outlook, {{"ticket", ticket}, {"sender", sender.key()}});
  if (!row) return {};
  return {.index = row->text("thread_index"), .topic = row->text("thread_topic")};
}

}  // namespace cstims
