#include "inbox/mail_acts.h"

#include <utility>

#include "base/text.h"
#include "ticket/ticket_actions.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

constexpr std::size_t longest_body = 20'000;

}  // namespace

std::string_view without_blank_lines(std::string_view text) {
  while (!text.empty() && (text.front() == '\n' || trim(text.substr(0, text.find('\n'))).empty())) {
    const std::size_t end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  const std::size_t last = text.find_last_not_of(" \t\n");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

TicketText ticket_text(const ReceivedMail& mail) {
  TicketText text{.body = std::string(without_blank_lines(mail.text)), .quoted = mail.quoted};
  if (text.body.empty())
    text.body = std::string(without_blank_lines(std::exchange(text.quoted, {})));
  if (count_characters(text.body) > longest_body) {
    const std::size_t kept = first_characters(text.body, longest_body).size();
    text.quoted = text.body.substr(kept) + (text.quoted.empty() ? "" : "\n" + text.quoted);
    text.body.resize(kept);
  }
  return text;
}

void tell_left_out(Act& act, TicketId ticket, const TakenFiles& files) {
  if (files.left_out.empty()) return;
  record_ticket_event(act, ticket,
                      {TicketEvent::files_left_out, shorten(join(files.left_out, ", "), 500)});
}

Result<std::optional<TicketEntryId>> carry_out(Act& act, TicketId ticket,
                                               const StaffCommands& commands, NewReply reply) {
  if (commands.takes) {
    Assignment mine{.to = Assignment::To::self, .person = {}};
    const auto assignee = require_ticket(act.tx, act.viewer, ticket).assignee;
    if (assignee && assignee != act.viewer.user) {
      mine = {.to = Assignment::To::person, .person = act.viewer.user};
    }
    if (auto taken = assign_ticket(act, ticket, mine); !taken) {
      return std::unexpected(taken.error());
    }
  }
  constexpr std::size_t longest_comment = 2'000;
  Closure closure{.status = commands.closes.value_or(TicketStatus::closed), .comment = ""};
  const bool says_it_all = commands.closes && reply.attachments.empty() &&
                           count_characters(reply.body) <= longest_comment;
  std::optional<TicketEntryId> entry;
  if (says_it_all) {
    closure.comment = reply.body;
  } else if (!reply.body.empty()) {
    auto written = reply_to_ticket(act, ticket, reply);
    if (!written) return std::unexpected(written.error());
    entry = *written;
  }
  if (commands.closes) {
    if (auto closed = close_ticket(act, ticket, closure); !closed) {
      return std::unexpected(closed.error());
    }
  }
  return entry;
}

}  // namespace cstims
