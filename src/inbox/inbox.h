// Mail that came in: what became of each, and why. Types and names; no database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/id.h"
#include "base/refusal.h"
#include "mail/mail_class.h"
#include "ticket/ticket.h"

namespace cstims {

/// `arrived` is stored but not judged yet: its bytes are safe whatever happens next.
enum class InboundVerdict {
  arrived,
  taken,      // it is an entry of a ticket
  duplicate,  // it came before
  automatic,  // an automatic reply or report, noted on its ticket where it has one
  bounce,     // about a mail of ours that came back
  own,        // our own
  held,       // a person of the helpdesk decides
  rejected,
  failed  // a fault of ours; staff may try it again
};
std::string_view text(InboundVerdict verdict);
std::optional<InboundVerdict> parse_inbound_verdict(std::string_view text);
/// "Held", for people.
Message shown(InboundVerdict verdict);

/// Of a note that came by mail and becomes the public reply when its author says so.
enum class MailConfirmation { none, waiting, done };
std::string_view text(MailConfirmation confirmation);
MailConfirmation stored_mail_confirmation(std::string_view text);

/// A Message-ID when it is clean enough for a field of our own mails; otherwise nothing.
std::string clean_message_id(const std::string& id);

struct InboundMailRow {
  InboundMailId id;
  Instant received_at;
  std::string source;  // "pipe", "imap"
  std::string envelope_recipient;
  std::int64_t size;
  std::string sha256;
  std::string kind;  // its MailClass; empty while it is not judged
  InboundVerdict verdict;
  std::string reason;  // in English
  std::string sender;  // lower case; empty: none
  std::string sender_name;
  std::string subject;
  std::string message_id;
  std::optional<TicketId> ticket;
  std::optional<TicketEntryId> entry;
  std::optional<MessageId> outbox;
  std::optional<InboundMailId> original;  // of a duplicate
  MailConfirmation confirmation = MailConfirmation::none;
  bool raw_kept = true;
};

}  // namespace cstims
