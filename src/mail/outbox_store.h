// The outbox's rows: every SQL statement about them. Written by queue_mail, claimed and marked by
// the worker, listed for the admin's page and for `cstims outbox list`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/listing.h"
#include "db/database.h"
#include "mail/composer.h"

namespace cstims {

enum class OutboxState { waiting, sent, dead };

std::string_view text(OutboxState state);
std::optional<OutboxState> parse_outbox_state(std::string_view text);

/// A message about to be written.
struct NewMail {
  std::string event;
  std::string kind;
  StoredMail mail;  // its id is not used
  std::vector<std::string> documents;
  std::optional<TicketId> ticket;
  bool counted = false;  // automatic, about a ticket, to somebody outside
};

/// For each, in order; absent where (event, kind, recipient) is there already.
std::vector<std::optional<MessageId>> insert_mails(Transaction& tx,
                                                   const std::vector<NewMail>& mails);

/// Message-IDs of the newest mails about that ticket to or from that recipient, newest first; not
/// of dead ones, which the recipient never saw.
std::vector<std::string> list_thread(Transaction& tx, TicketId ticket,
                                     const EmailAddress& recipient, int limit);

/// Mails to it that were counted, since that time.
std::int64_t count_automatic_mails(Transaction& tx, const EmailAddress& recipient, Instant since);
/// Known only once the mail has its id.
void update_envelope_sender(Transaction& tx, MessageId message, const EmailAddress& sender);

/// Random, made once for this installation: two installations do not take each other's mail for
/// their own.
std::string require_instance_id(Transaction& tx);

// ---- what the worker needs -------------------------------------------------------------------

struct ClaimedMail {
  StoredMail mail;
  std::vector<std::string> documents;
  int attempts = 0;  // before this one
  Instant give_up_at;
};

/// A claim on rows: only who holds `token` may mark them, until `until`.
struct MailLease {
  std::string token;
  Instant until;
};

/// Takes up to `limit` mails that are due, oldest first, and of each ticket and recipient only the
/// first that waits. Several workers may call it at once.
std::vector<ClaimedMail> claim_mails(Transaction& tx, const MailLease& lease, int limit);

struct Attempt {
  OutboxState state;        // waiting: try again
  std::string reply;        // what the server said
  Instant next_attempt_at;  // when state is waiting
};
/// Records an attempt. False, and nothing changed, when the lease is no longer ours.
bool mark_attempt(Transaction& tx, MessageId message, const MailLease& lease,
                  const Attempt& attempt);
/// Gives back rows that were claimed but not tried.
void release_mails(Transaction& tx, const MailLease& lease);
/// When the next waiting mail is due; absent when none waits.
std::optional<Instant> next_mail_due(Transaction& tx);

// ---- what people see -------------------------------------------------------------------------

struct OutboxRow {
  MessageId id;
  std::string event;
  std::string kind;
  std::string recipient;
  std::string subject;
  std::optional<TicketId> ticket;
  OutboxState state;
  std::int64_t attempts;
  Instant next_attempt_at;
  std::string last_reply;
  Instant created_at;
  std::optional<Instant> finished_at;
};
struct OutboxAttempt {
  Instant at;
  std::string outcome;  // "sent", "retry", "dead"
  std::string reply;
};
struct OutboxMessage {
  OutboxRow row;
  StoredMail mail;
  std::vector<std::string> documents;
  std::vector<OutboxAttempt> attempts;  // oldest first
};
struct OutboxCounts {
  std::int64_t waiting = 0;
  std::int64_t dead = 0;
};

/// Newest first. Filter "state"; the search looks at recipient and subject.
ListingRules outbox_listing_rules();
Page<OutboxRow> list_outbox(Transaction& tx, const Listing& listing);
std::optional<OutboxMessage> find_outbox_message(Transaction& tx, MessageId message);
/// A dead mail waits again, for another three days, and its address is believed again. False when
/// it is not dead, or when its text is forgotten.
bool resend_message(Transaction& tx, MessageId message);
/// Empties the bodies of up to `limit` mails that were sent or given up 90 days ago: they hold what
/// people wrote, and links with codes. What was sent to whom and when stays. Returns how many there
/// were.
std::int64_t forget_old_bodies(Transaction& tx, int limit);
OutboxCounts count_outbox(Transaction& tx);

}  // namespace cstims
