#include "mail/mail_codes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/secret.h"
#include "base/text.h"

namespace cstims {

namespace {

constexpr std::size_t code_bytes = 10;
constexpr std::size_t code_length = 16;  // five bits a letter
constexpr std::size_t longest_local_part = 64;

std::string base32(std::string_view bytes) {
  static constexpr std::string_view digits = "abcdefghijklmnopqrstuvwxyz234567";
  std::string text;
  unsigned pending = 0;
  unsigned bits = 0;
  for (const char byte : bytes) {
    pending = (pending << 8U) | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 5; bits -= 5) text += digits[(pending >> (bits - 5)) & 31U];
    pending &= (1U << bits) - 1;
  }
  return text;
}

std::string_view label_of(MailCodePurpose purpose) {
  switch (purpose) {
    case MailCodePurpose::reply:
      return "reply|v1|";
    case MailCodePurpose::message_id:
      return "mid|v1|";
    case MailCodePurpose::bounce:
      return "bounce|v1|";
  }
  throw std::logic_error("a purpose of a code that is none");
}

/// "base+EXTENSION@host" → EXTENSION in lower case; absent for any other address.
std::optional<std::string> extension_of(const EmailAddress& base, std::string_view address) {
  const std::string whole = lower_ascii(address);
  const std::string local = lower_ascii(base.local_part()) + "+";
  const std::string host = "@" + lower_ascii(base.domain());
  if (whole.size() <= local.size() + host.size()) return std::nullopt;
  if (!whole.starts_with(local) || !whole.ends_with(host)) return std::nullopt;
  return whole.substr(local.size(), whole.size() - local.size() - host.size());
}

std::optional<EmailAddress> with_extension(const EmailAddress& base, std::string_view extension) {
  const std::string local = fmt::format("{}+{}", base.local_part(), extension);
  if (local.size() > longest_local_part) return std::nullopt;
  auto address = EmailAddress::parse(fmt::format("{}@{}", local, base.domain()));
  return address ? std::optional(std::move(*address)) : std::nullopt;
}

std::string about(const TicketCopy& copy) {
  return fmt::format("{}|{}", copy.ticket.number(), copy.reader.text());
}

std::optional<TicketCopy> copy_of(std::string_view ticket, std::string_view reader) {
  const auto id = TicketId::parse(ticket);
  const auto who = MailReader::parse(reader);
  if (!id || !who) return std::nullopt;
  return TicketCopy{*id, *who};
}

}  // namespace

std::string mail_code(const std::string& key, MailCodePurpose purpose, std::string_view about) {
  const std::string whole = hmac_sha256(key, std::string(label_of(purpose)).append(about));
  return base32(std::string_view(whole).substr(0, code_bytes));
}

bool is_mail_code(const MailKeys& keys, MailCodePurpose purpose, std::string_view about,
                  std::string_view code) {
  const std::string given = lower_ascii(code);
  bool good = false;
  for (const std::string& key : keys.keys) {
    good = equal_in_constant_time(mail_code(key, purpose, about), given) || good;
  }
  return good;
}

std::string MailReader::text() const {
  switch (kind) {
    case Kind::client:
      return "c" + user.text();
    case Kind::staff:
      return "s" + user.text();
    case Kind::list:
      return "l";
  }
  throw std::logic_error("a reader of mail that is none");
}

std::optional<MailReader> MailReader::parse(std::string_view text) {
  if (text == "l") return list();
  if (text.empty() || (text.front() != 'c' && text.front() != 's')) return std::nullopt;
  const auto user = UserId::parse(text.substr(1));
  if (!user) return std::nullopt;
  return text.front() == 'c' ? client(*user) : staff(*user);
}

std::optional<EmailAddress> reply_address(const EmailAddress& base, const MailKeys& keys,
                                          const TicketCopy& copy) {
  const std::string code = mail_code(keys.keys.front(), MailCodePurpose::reply, about(copy));
  return with_extension(base,
                        fmt::format("{}.{}.{}", copy.ticket.number(), copy.reader.text(), code));
}

std::optional<TicketCopy> read_reply_address(std::string_view address, const EmailAddress& base,
                                             const MailKeys& keys) {
  const auto extension = extension_of(base, address);
  if (!extension) return std::nullopt;
  const auto pieces = split(*extension, '.');
  if (pieces.size() != 3 || pieces[2].size() != code_length) return std::nullopt;
  const auto copy = copy_of(pieces[0], pieces[1]);
  if (!copy || !is_mail_code(keys, MailCodePurpose::reply, about(*copy), pieces[2])) {
    return std::nullopt;
  }
  return copy;
}

std::string ticket_message_id(std::string_view host, const MailKeys& keys, const TicketCopy& copy,
                              std::optional<TicketEntryId> entry) {
  const std::string left =
      fmt::format("t{}.e{}.{}.{}", copy.ticket.number(), entry ? entry->number() : 0,
                  copy.reader.text(), base32(random_bytes(code_bytes)));
  return fmt::format("<{}.{}@{}>", left,
                     mail_code(keys.keys.front(), MailCodePurpose::message_id, left), host);
}

std::optional<TicketCopy> read_ticket_message_id(std::string_view id, const MailKeys& keys) {
  if (!id.starts_with('<') || !id.ends_with('>')) return std::nullopt;
  const std::string left = lower_ascii(id.substr(1, id.find('@') - 1));
  const auto pieces = split(left, '.');
  if (id.find('@') == std::string_view::npos || pieces.size() != 5) return std::nullopt;
  if (!pieces[0].starts_with('t') || !pieces[1].starts_with('e')) return std::nullopt;
  const auto copy = copy_of(pieces[0].substr(1), pieces[2]);
  const std::string named = left.substr(0, left.rfind('.'));
  if (!copy || !is_mail_code(keys, MailCodePurpose::message_id, named, pieces[4]))
    return std::nullopt;
  return copy;
}

std::optional<EmailAddress> bounce_address(const EmailAddress& base, const MailKeys& keys,
                                           MessageId mail) {
  const std::string code = mail_code(keys.keys.front(), MailCodePurpose::bounce, mail.text());
  return with_extension(base, fmt::format("{}-{}", mail.number(), code));
}

std::optional<MessageId> read_bounce_address(std::string_view address, const EmailAddress& base,
                                             const MailKeys& keys) {
  const auto extension = extension_of(base, address);
  if (!extension) return std::nullopt;
  const auto pieces = split(*extension, '-');
  if (pieces.size() != 2) return std::nullopt;
  const auto mail = MessageId::parse(pieces[0]);
  if (!mail || !is_mail_code(keys, MailCodePurpose::bounce, mail->text(), pieces[1])) {
    return std::nullopt;
  }
  return mail;
}

bool is_address_of(const EmailAddress& base, std::string_view address) {
  return lower_ascii(address) == base.key() || extension_of(base, address).has_value();
}

}  // namespace cstims
