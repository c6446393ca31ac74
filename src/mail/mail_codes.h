// What outgoing mail carries so that its answers are known again: addresses for replies and for
// bounces, and Message-IDs, each with a code that only this installation can make. A code names the
// ticket and whose copy it was. It is no proof of who answers: mails are forwarded. Pure rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/email_address.h"
#include "base/id.h"

namespace cstims {

/// The newest first: it makes codes. All of them are good, so that mail from before a change of key
/// still finds its ticket.
struct MailKeys {
  std::vector<std::string> keys;
};

/// A code of one purpose is none of another, whatever it is about.
enum class MailCodePurpose { reply, message_id, bounce };

/// The first 80 bits of HMAC-SHA256, in base32, lower case: 16 letters and digits that survive
/// programs which change the case of addresses.
std::string mail_code(const std::string& key, MailCodePurpose purpose, std::string_view about);
/// In constant time for each key, whatever the case.
bool is_mail_code(const MailKeys& keys, MailCodePurpose purpose, std::string_view about,
                  std::string_view code);

/// Whose copy of a ticket's mail it is: "c7" a client's, "s3" one of the staff, "l" the helpdesk's
/// list.
struct MailReader {
  enum class Kind { client, staff, list };
  Kind kind = Kind::list;
  UserId user = UserId(0);  // nobody for the list

  static MailReader client(UserId user) { return {Kind::client, user}; }
  static MailReader staff(UserId user) { return {Kind::staff, user}; }
  static MailReader list() { return {}; }
  std::string text() const;
  static std::optional<MailReader> parse(std::string_view text);
  bool operator==(const MailReader&) const = default;
};

/// What an answer belongs to, by its address or by the Message-ID it names.
struct TicketCopy {
  TicketId ticket;
  MailReader reader;
  bool operator==(const TicketCopy&) const = default;
};

/// `tickets+12.c7.CODE@host` for the base `tickets@host`; absent when its left side would be longer
/// than the 64 octets of RFC 5321 §4.5.3.1.1.
std::optional<EmailAddress> reply_address(const EmailAddress& base, const MailKeys& keys,
                                          const TicketCopy& copy);
/// Absent unless the code is good.
std::optional<TicketCopy> read_reply_address(std::string_view address, const EmailAddress& base,
                                             const MailKeys& keys);

/// `<t12.e34.c7.CHANCE.CODE@host>`; e0: not about one entry. Two mails never share one.
std::string ticket_message_id(std::string_view host, const MailKeys& keys, const TicketCopy& copy,
                              std::optional<TicketEntryId> entry);
/// Absent unless the code is good. The host is not looked at: mail servers may change it.
std::optional<TicketCopy> read_ticket_message_id(std::string_view id, const MailKeys& keys);

/// `bounce+12-CODE@host`: the envelope's sender of mail 12.
std::optional<EmailAddress> bounce_address(const EmailAddress& base, const MailKeys& keys,
                                           MessageId mail);
std::optional<MessageId> read_bounce_address(std::string_view address, const EmailAddress& base,
                                             const MailKeys& keys);

/// `address` is `base`, or `base` with something after a plus sign.
bool is_address_of(const EmailAddress& base, std::string_view address);

}  // namespace cstims
