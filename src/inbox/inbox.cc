#include "inbox/inbox.h"

#include <algorithm>
#include <array>

#include "base/failure.h"

namespace cstims {
namespace {

struct Name {
  InboundVerdict verdict;
  std::string_view text;
};
constexpr std::array names{
    Name{InboundVerdict::arrived, "arrived"},     Name{InboundVerdict::taken, "taken"},
    Name{InboundVerdict::duplicate, "duplicate"}, Name{InboundVerdict::automatic, "automatic"},
    Name{InboundVerdict::bounce, "bounce"},       Name{InboundVerdict::own, "own"},
    Name{InboundVerdict::held, "held"},           Name{InboundVerdict::rejected, "rejected"},
    Name{InboundVerdict::failed, "failed"}};

}  // namespace

std::string_view text(InboundVerdict verdict) {
  return std::ranges::find(names, verdict, &Name::verdict)->text;
}

std::optional<InboundVerdict> parse_inbound_verdict(std::string_view text) {
  const auto found = std::ranges::find(names, text, &Name::text);
  return found == names.end() ? std::nullopt : std::optional(found->verdict);
}

Message shown(InboundVerdict verdict) {
  switch (verdict) {
    case InboundVerdict::arrived:
      return message("Not looked at yet");
    case InboundVerdict::taken:
      return message("On a ticket");
    case InboundVerdict::duplicate:
      return message("Came before");
    case InboundVerdict::automatic:
      return message("Automatic mail");
    case InboundVerdict::bounce:
      return message("Returned mail");
    case InboundVerdict::own:
      return message("Our own mail");
    case InboundVerdict::held:
      return message("Held");
    case InboundVerdict::rejected:
      return message("Rejected");
    case InboundVerdict::failed:
      return message("Failed");
  }
  throw std::logic_error("a verdict on a mail that is none");
}

std::string_view text(MailConfirmation confirmation) {
  switch (confirmation) {
    case MailConfirmation::none:
      return "";
    case MailConfirmation::waiting:
      return "waiting";
    case MailConfirmation::done:
      return "done";
  }
  throw std::logic_error("a confirmation that is none");
}

MailConfirmation stored_mail_confirmation(std::string_view stored) {
  for (const auto confirmation :
       {MailConfirmation::none, MailConfirmation::waiting, MailConfirmation::done}) {
    if (text(confirmation) == stored) return confirmation;
  }
  throw DatabaseError("a mail holds an unknown confirmation: " + std::string(stored));
}

std::string clean_message_id(const std::string& id) {
  const bool clean = id.size() > 4 && id.size() <= 250 &&
                     std::ranges::all_of(id, [](char c) { return c > ' ' && c <= '~'; });
  return clean ? id : "";
}

}  // namespace cstims
