#include "mail/outlook_thread.h"

#include <algorithm>

namespace cstims {

OutlookThread read_outlook_thread(const MailHeader& header) {
  constexpr std::size_t longest_index = 400;  // five bytes more with each answer
  constexpr std::size_t longest_topic = 400;
  // The topic alone orders nothing.
  const std::string_view index = header.value("thread-index");
  const bool is_base64 = std::ranges::all_of(index, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '=';
  });
  if (index.empty() || index.size() > longest_index || !is_base64) return {};
  const std::string_view topic = header.value("thread-topic");
  const bool is_plain = topic.size() <= longest_topic &&
                        std::ranges::all_of(topic, [](char c) { return c >= ' ' && c <= '~'; });
  return {.index = std::string(index), .topic = is_plain ? std::string(topic) : ""};
}

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
