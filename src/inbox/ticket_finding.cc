#include "inbox/ticket_finding.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "inbox/inbox_store.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

/// The one place where a ticket's number becomes the ticket that is meant by it now.
std::optional<Ticket> ticket_meant(Transaction& tx, TicketId ticket) {
  return find_ticket(tx, Viewer::of_system("inbox"), follow_merged(tx, ticket));
}

class Finder {
 public:
  Finder(Transaction& tx, const std::optional<User>& sender, const FindingParts& parts)
      : tx_(tx), sender_(sender), parts_(parts) {}

  std::vector<FoundTicket> find(const OpenedMail& mail) {
    by_address(mail);
    for (const std::string& id : mail.mail.in_reply_to) by_answered(id);
    const auto& references = mail.mail.references;
    std::for_each(references.rbegin(), references.rend(),
                  [&](const std::string& id) { by_answered(id); });
    if (const auto ticket = ticket_in_subject(mail.mail.subject, parts_.site.name)) {
      add_mention(*ticket, FoundBy::subject);
    }
    return std::move(found_);
  }

 private:
  void by_address(const OpenedMail& mail) {
    if (!parts_.site.mail_in.reply_address) return;
    for (const std::string& address : recipients_of(mail, parts_.envelope_recipient)) {
      const auto copy =
          read_reply_address(address, *parts_.site.mail_in.reply_address, parts_.keys);
      if (copy) add(copy->ticket, FoundBy::address, copy->reader);
    }
  }

  void by_answered(const std::string& id) {
    if (const auto copy = read_ticket_message_id(id, parts_.keys)) {
      add(copy->ticket, FoundBy::answered_mail, copy->reader);
    } else if (const auto ticket = find_ticket_of_mail(tx_, id)) {
      add_mention(*ticket, FoundBy::answered_mail);
    } else if (const auto root = root_of(id)) {
      add_mention(*root, FoundBy::answered_mail);
    }
  }

  /// `<t12.root@host>`: a constant that anybody can guess.
  std::optional<TicketId> root_of(std::string_view id) const {
    constexpr std::string_view mark = ".root@";
    const std::size_t end = id.find(mark);
    if (!id.starts_with("<t") || end == std::string_view::npos) return std::nullopt;
    const std::string host = std::string(parts_.site.mail_from.domain()) + ">";
    if (id.substr(end + mark.size()) != host) return std::nullopt;
    return TicketId::parse(id.substr(2, end - 2));
  }

  void add_mention(TicketId ticket, FoundBy by) {
    if (!sender_) return;
    const auto meant = ticket_meant(tx_, ticket);
    if (meant && has_to_do_with(*sender_, *meant)) keep({meant->id, by, std::nullopt});
  }

  void add(TicketId ticket, FoundBy by, MailReader reader) {
    if (const auto meant = ticket_meant(tx_, ticket)) keep({meant->id, by, reader});
  }

  void keep(const FoundTicket& found) {
    constexpr std::size_t most = 20;
    const bool known = std::ranges::any_of(found_, [&](const FoundTicket& other) {
      return other.ticket == found.ticket && other.reader == found.reader;
    });
    if (!known && found_.size() < most) found_.push_back(found);
  }

  Transaction& tx_;
  const std::optional<User>& sender_;
  const FindingParts& parts_;
  std::vector<FoundTicket> found_;
};

constexpr std::array<std::string_view, 16> answer_prefixes{
    "re", "aw", "sv", "vs",  "antw", "odp", "ynt", "res",
    "rv", "tr", "fw", "fwd", "wg",   "enc", "rif", "回复"};

/// "Re:", "AW[2]:", "Re(3) :" at the beginning: how long; 0 for none.
std::size_t prefix_length(std::string_view subject) {
  for (const std::string_view prefix : answer_prefixes) {
    if (!starts_with_ignoring_case(subject, prefix)) continue;
    std::size_t at = prefix.size();
    const bool counted = at < subject.size() && (subject[at] == '[' || subject[at] == '(');
    if (counted) {
      const std::size_t end = subject.find_first_not_of("0123456789", at + 1);
      if (end == std::string_view::npos || (subject[end] != ']' && subject[end] != ')')) continue;
      at = end + 1;
    }
    while (at < subject.size() && subject[at] == ' ') ++at;
    if (at < subject.size() && subject[at] == ':') return at + 1;
  }
  return 0;
}

std::string_view without_prefixes(std::string_view subject) {
  subject = trim(subject);
  for (std::size_t length = prefix_length(subject); length > 0; length = prefix_length(subject)) {
    subject = trim(subject.substr(length));
  }
  return subject;
}

/// "[ARFNET #12]" at the beginning.
struct Mark {
  TicketId ticket;
  std::size_t length;
};
std::optional<Mark> mark_at(std::string_view subject, std::string_view site_name) {
  const std::string begin = "[" + std::string(site_name) + " #";
  if (!starts_with_ignoring_case(subject, begin)) return std::nullopt;
  const std::size_t end = subject.find(']', begin.size());
  if (end == std::string_view::npos) return std::nullopt;
  const auto ticket = TicketId::parse(subject.substr(begin.size(), end - begin.size()));
  return ticket ? std::optional(Mark{*ticket, end + 1}) : std::nullopt;
}

bool is_helpdesk(const User& person) {
  return person.may_sign_in() && (person.type == Role::helpdesk || person.type == Role::admin);
}

}  // namespace

std::vector<FoundTicket> find_tickets_of_mail(Transaction& tx, const OpenedMail& mail,
                                              const std::optional<User>& sender,
                                              const FindingParts& parts) {
  return Finder(tx, sender, parts).find(mail);
}

std::vector<std::string> recipients_of(const OpenedMail& mail,
                                       const std::string& envelope_recipient) {
  std::vector<std::string> recipients;
  if (!envelope_recipient.empty()) recipients.push_back(envelope_recipient);
  const MailHeader& header = mail.mime.top.header;
  for (const char* name : {"delivered-to", "x-original-to", "to", "cc"}) {
    for (const std::string_view field : header.values(name)) {
      for (auto& address : read_addresses(field)) recipients.push_back(std::move(address.address));
    }
  }
  return recipients;
}

std::optional<TicketId> ticket_in_subject(std::string_view subject, std::string_view site_name) {
  const auto mark = mark_at(without_prefixes(subject), site_name);
  return mark ? std::optional(mark->ticket) : std::nullopt;
}

std::string plain_subject(std::string_view subject, std::string_view site_name) {
  subject = without_prefixes(subject);
  while (const auto mark = mark_at(subject, site_name)) {
    subject = without_prefixes(subject.substr(mark->length));
  }
  return std::string(subject);
}

bool has_to_do_with(const User& person, const Ticket& ticket) {
  if (!person.may_sign_in()) return false;
  return ticket.client == person.id || is_helpdesk(person);
}

MailSender sender_of(const std::optional<User>& person, const Ticket& ticket,
                     const FoundTicket& found) {
  if (person && person->may_sign_in()) {
    if (ticket.client == person->id) return MailSender::client;
    if (is_helpdesk(*person)) return MailSender::staff;
  }
  const bool has_clients_code = found.reader && *found.reader == MailReader::client(ticket.client);
  return has_clients_code ? MailSender::forwarded : MailSender::stranger;
}

TicketTie tie_of(const std::optional<User>& person, const FoundTicket& found, bool by_list) {
  if (person && found.reader && found.reader->kind != MailReader::Kind::list &&
      found.reader->user == person->id) {
    return TicketTie::own_code;
  }
  const bool list = found.reader && found.reader->kind == MailReader::Kind::list;
  return list || by_list ? TicketTie::list_code : TicketTie::mention;
}

}  // namespace cstims
