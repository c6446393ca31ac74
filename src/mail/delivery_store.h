// What became of mail after it was sent: mails that came back, addresses that cannot be reached.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/email_address.h"
#include "db/database.h"

namespace cstims {

struct SentMail {
  MessageId id;
  EmailAddress recipient;
  std::optional<TicketId> ticket;
};
std::optional<SentMail> find_sent_mail(Transaction& tx, MessageId mail);
std::optional<SentMail> find_sent_mail_by_message_id(Transaction& tx, std::string_view message_id);
/// The newest to that address since then.
std::optional<SentMail> find_newest_mail_to(Transaction& tx, const EmailAddress& recipient,
                                            Instant since);
/// It came back: from now on it counts as one that could not be sent, and may be sent again.
void mark_returned(Transaction& tx, MessageId mail, std::string_view reply);

/// The address is wrong, says the other server. True when this was the second mail within a week
/// that showed it: from now on the address gets no automatic mail.
bool note_wrong_address(Transaction& tx, const SentMail& mail, std::string_view reply);

struct Undeliverable {
  Instant since;
  std::string reply;  // what the other server said
};
std::optional<Undeliverable> find_undeliverable(Transaction& tx, const EmailAddress& address);
/// It is tried again. False when it was not marked.
bool forget_undeliverable(Transaction& tx, const EmailAddress& address);

/// What decides whether and how an address gets mail.
struct AddressFacts {
  std::string locale;  // of its account; empty: the site's
  bool undeliverable;
};
std::vector<AddressFacts> list_address_facts(Transaction& tx,
                                             const std::vector<EmailAddress>& addresses);

}  // namespace cstims
