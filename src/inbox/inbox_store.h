// Every statement about mail that came in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/listing.h"
#include "db/database.h"
#include "inbox/inbox.h"
#include "mail/outlook_thread.h"

namespace cstims {

struct Arrival {
  std::string source;              // "pipe", "imap"
  std::string envelope_recipient;  // empty: not known
  std::int64_t size = 0;
  std::string sha256;
};
/// What became of bytes that arrived: a row of their own, or the row that they are again.
struct StoredArrival {
  InboundMailId mail;
  bool is_new = true;  // false: `mail` was there, and is not judged yet; or a duplicate's row
  InboundVerdict verdict = InboundVerdict::arrived;
};
/// The same bytes again become a duplicate, unless the first of them was never judged: then that
/// one goes on.
StoredArrival insert_arrival(Transaction& tx, const Arrival& arrival);

/// Locks it until the transaction ends; false when it is judged already.
bool claim_arrived(Transaction& tx, InboundMailId mail);

/// Why it is not judged yet.
void update_reason_to_wait(Transaction& tx, InboundMailId mail, std::string_view reason);

/// What the mail says of itself.
struct InboundFacts {
  std::string sender;
  std::string sender_name;
  std::string subject;
  std::string message_id;  // only when it is clean enough to be named in our mails
  std::string mail_key;    // digest of Message-ID, From and Date; empty without a Message-ID
  OutlookThread thread = {};
};
/// The mail of the same key that came before, if any: then nothing is written.
std::optional<InboundMailId> find_same_mail(Transaction& tx, InboundMailId mail,
                                            const InboundFacts& facts);
void update_facts(Transaction& tx, InboundMailId mail, const InboundFacts& facts);
/// Another mail, with another key, has that Message-ID.
bool is_message_id_taken(Transaction& tx, InboundMailId mail, std::string_view message_id);

struct Judgement {
  InboundVerdict verdict = InboundVerdict::held;
  std::string kind = {};  // its MailClass
  std::string reason = {};
  std::optional<TicketId> ticket = {};
  std::optional<TicketEntryId> entry = {};
  std::optional<MessageId> outbox = {};
  std::optional<InboundMailId> original = {};
  bool reopened = false;
  MailConfirmation confirmation = MailConfirmation::none;
};
void update_judgement(Transaction& tx, InboundMailId mail, const Judgement& judgement);
/// For another try: as if it had just arrived. False unless it is held, failed or rejected.
bool mark_arrived_again(Transaction& tx, InboundMailId mail);
/// Locks a mail that the helpdesk may decide about; false when it may not (any more).
bool claim_decidable(Transaction& tx, InboundMailId mail);
/// False when somebody confirmed it already.
bool mark_confirmed(Transaction& tx, InboundMailId mail);
/// Mails that arrived before that time and were not judged: whoever took them died.
std::vector<InboundMailId> list_left_over(Transaction& tx, Instant before, int limit);

/// The ticket of a mail taken in before, by its Message-ID.
std::optional<TicketId> find_ticket_of_mail(Transaction& tx, std::string_view message_id);
std::int64_t count_mails_of(Transaction& tx, std::string_view sender, Instant since);
std::int64_t count_reopenings_of(Transaction& tx, std::string_view sender, Instant since);

// ---- what people see -------------------------------------------------------------------------

/// Newest first. Filter "verdict"; the search looks at sender and subject.
const ListingRules& inbox_listing_rules();
Page<InboundMailRow> list_inbox(Transaction& tx, const Listing& listing);
std::optional<InboundMailRow> find_inbound_mail(Transaction& tx, InboundMailId mail);
InboundMailRow require_inbound_mail(Transaction& tx, InboundMailId mail);  // throws NotFound

/// Digests of mails that are older and whose bytes no younger mail shares; they are marked as
/// forgotten. At most `limit` rows at a time; `more`: there are others.
struct ForgottenRaw {
  std::vector<std::string> digests;
  bool more = false;
};
ForgottenRaw forget_raw_mails(Transaction& tx, Instant before, int limit);

}  // namespace cstims
