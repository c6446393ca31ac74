#include "mail/mail_class.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cstims {

namespace {

struct Name {
  MailClass kind;
  std::string_view text;
};
constexpr std::array names{
    Name{MailClass::person, "person"}, Name{MailClass::auto_reply, "auto-reply"},
    Name{MailClass::bounce, "bounce"}, Name{MailClass::report, "report"},
    Name{MailClass::list, "list"},     Name{MailClass::own, "own"},
    Name{MailClass::loop, "loop"}};

using Reason = std::optional<Judged>;

std::string first_word(std::string_view value) {
  return lower_ascii(trim(value.substr(0, value.find_first_of(";( \t"))));
}

Reason own_mail(const OpenedMail& opened, const OwnMail& own) {
  const MailHeader& header = opened.mime.top.header;
  if (!own.instance.empty()) {
    for (const std::string_view loop : header.values("x-cstims-loop")) {
      if (loop == own.instance) return Judged{MailClass::own, "it carries our own mark"};
    }
  }
  if (own.made_by_us && own.made_by_us(opened.mail.message_id)) {
    return Judged{MailClass::own, "its Message-ID is one of ours"};
  }
  const auto& from = opened.mail.from;
  const bool ours = from && std::ranges::any_of(own.addresses, [&](const EmailAddress& address) {
                      return address.key() == from->key();
                    });
  if (ours) return Judged{MailClass::own, "it is from an address of ours"};
  return std::nullopt;
}

bool holds_delivery_status(const MimePart& part) {
  return part.type.value == "message/delivery-status" ||
         part.type.value == "message/global-delivery-status" ||
         std::ranges::any_of(part.parts, holds_delivery_status);
}

/// The delivering server's own note of the envelope sender.
bool has_null_sender(const MailHeader& header) {
  const std::string_view path = trim(header.value("return-path"));
  return path == "<>" || path == "< >";
}

bool is_from_mail_system(const OpenedMail& opened) {
  static constexpr std::array<std::string_view, 3> systems{"mailer-daemon", "postmaster",
                                                           "mail-daemon"};
  std::string local;
  if (opened.mail.from) {
    local = lower_ascii(opened.mail.from->local_part());
  } else {
    // "From: MAILER-DAEMON" without a domain, as old servers write it.
    local = lower_ascii(opened.mime.top.header.value("from"));
    local = local.substr(local.find('<') == std::string::npos ? 0 : local.find('<') + 1);
    local = local.substr(0, local.find_first_of("@> ("));
  }
  return std::ranges::find(systems, local) != systems.end();
}

/// An out-of-office message has the null sender too, but says so itself.
bool says_auto_replied(const MailHeader& header) {
  return first_word(header.value("auto-submitted")) == "auto-replied";
}

Reason bounce(const OpenedMail& opened, bool to_bounce_address) {
  const MimePart& top = opened.mime.top;
  const bool report = top.is("multipart/report");
  const std::string kind = lower_ascii(top.type.parameter("report-type"));
  if (report && kind == "delivery-status") return Judged{MailClass::bounce, "a delivery report"};
  if (holds_delivery_status(top)) return Judged{MailClass::bounce, "it holds a delivery report"};
  if (report && (kind == "feedback-report" || kind.ends_with("disposition-notification"))) {
    return Judged{MailClass::report, "a report: " + kind};
  }
  if (top.header.has("x-failed-recipients")) {
    return Judged{MailClass::bounce, "it names failed recipients"};
  }
  if (says_auto_replied(top.header)) return std::nullopt;
  if (is_from_mail_system(opened)) return Judged{MailClass::bounce, "it is from a mail system"};
  if (to_bounce_address) return Judged{MailClass::bounce, "it came to an address for bounces"};
  return std::nullopt;
}

constexpr std::array<std::string_view, 7> marks_of_robots{
    "x-autoreply",      "x-autorespond",    "x-autoresponse", "x-autoreply-from",
    "x-mail-autoreply", "x-auto-responder", "x-autoresponder"};

bool is_ours_by_list(const MailHeader& header, const OwnMail& own) {
  if (own.list_id.empty()) return false;
  std::string_view id = trim(header.value("list-id"));
  const std::size_t open = id.rfind('<');
  if (open != std::string_view::npos) id = id.substr(open + 1, id.find('>', open) - open - 1);
  return lower_ascii(trim(id)) == lower_ascii(own.list_id);
}

Reason automatic(const MailHeader& header, const OwnMail& own) {
  for (const std::string_view field : header.values("auto-submitted")) {
    const std::string word = first_word(field);
    if (!word.empty() && word != "no" && word != "auto-forwarded") {
      return Judged{MailClass::auto_reply, "Auto-Submitted: " + shorten(word, 40)};
    }
  }
  const std::string precedence = first_word(header.value("precedence"));
  const bool bulk = precedence == "bulk" || precedence == "junk";
  if (precedence == "auto_reply" || (bulk && !is_ours_by_list(header, own))) {
    return Judged{MailClass::auto_reply, "Precedence: " + precedence};
  }
  for (const std::string_view mark : marks_of_robots) {
    if (header.has(mark)) return Judged{MailClass::auto_reply, "it says so: " + std::string(mark)};
  }
  if (lower_ascii(trim(header.value("x-fc-machinegenerated"))) == "true") {
    return Judged{MailClass::auto_reply, "X-FC-MachineGenerated"};
  }
  if (lower_ascii(trim(header.value("x-apple-action"))) == "vacation") {
    return Judged{MailClass::auto_reply, "X-Apple-Action"};
  }
  const bool exchange = header.has("x-ms-exchange-inbox-rules-loop") &&
                        first_word(header.value("x-auto-response-suppress")) == "all";
  if (exchange) return Judged{MailClass::auto_reply, "a rule of an Exchange mailbox"};
  return std::nullopt;
}

}  // namespace

std::string_view text(MailClass kind) {
  return std::ranges::find(names, kind, &Name::kind)->text;
}

std::optional<MailClass> parse_mail_class(std::string_view text) {
  const auto found = std::ranges::find(names, text, &Name::text);
  return found == names.end() ? std::nullopt : std::optional(found->kind);
}

Judged classify(const OpenedMail& mail, const OwnMail& own, bool to_bounce_address) {
  const MailHeader& header = mail.mime.top.header;
  if (auto ours = own_mail(mail, own)) return *ours;
  if (header.values("received").size() > most_hops) {
    return {MailClass::loop, "too many Received fields"};
  }
  if (auto failed = bounce(mail, to_bounce_address)) return *failed;
  if (auto robot = automatic(header, own)) return *robot;
  // What is left with the null sender was written by no person (RFC 3834 §2).
  if (has_null_sender(header)) return {MailClass::bounce, "its envelope has no sender"};
  const bool list = header.has("list-id") || first_word(header.value("precedence")) == "list";
  if (list && !is_ours_by_list(header, own)) return {MailClass::list, "it came by a mailing list"};
  return {};
}

}  // namespace cstims
