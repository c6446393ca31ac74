#include "inbox/inbox_pages.h"

#include "account/user_store.h"
#include "base/failure.h"
#include "base/text.h"
#include "inbox/inbox_staff.h"
#include "inbox/raw_mails.h"
#include "inbox/ticket_finding.h"
#include "mail/charset.h"
#include "ticket/ticket_mail_store.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

constexpr int clients_to_choose = 50;
constexpr std::size_t shown_of_raw = 64 * 1024;

std::string tone(InboundVerdict verdict) {
  switch (verdict) {
    case InboundVerdict::taken:
      return "success";
    case InboundVerdict::held:
    case InboundVerdict::arrived:
      return "warning";
    case InboundVerdict::failed:
    case InboundVerdict::rejected:
      return "danger";
    default:
      return "secondary";
  }
}

InboxParts parts_of(const Context& context) {
  return {context.database(), context.services.files, context.services.mailer, context.site(),
          context.services.scanner};
}

InboundMailId mail_id(const Context& context) {
  return context.request.path_id<InboundMail>();
}

std::string address_of(InboundMailId mail) {
  return "/inbox/" + mail.text();
}

// ---- the list ---------------------------------------------------------------------------------

struct InboxPage {
  static constexpr std::string_view view = "inbox/list.html";
  const Context& context;
  Page<InboundMailRow> mails;
  Listing listing;
  Message title() const { return message("Inbox"); }
};

std::vector<Choice> verdict_choices() {
  std::vector<Choice> choices{{"waiting", message("Held or failed")}};
  for (const auto verdict :
       {InboundVerdict::taken, InboundVerdict::held, InboundVerdict::rejected,
        InboundVerdict::failed, InboundVerdict::automatic, InboundVerdict::bounce,
        InboundVerdict::duplicate, InboundVerdict::own, InboundVerdict::arrived}) {
    choices.push_back({std::string(text(verdict)), shown(verdict)});
  }
  return choices;
}

ListView list_of(const InboxPage& page) {
  const Renderer& renderer = page.context.services.renderer;
  ListView list{.path = "/inbox",
                .empty = message("No mail matches."),
                .columns = {{message("Mail"), "id"},
                            {message("From"), "sender"},
                            {message("What became of it")},
                            {message("Ticket")},
                            {message("Came in")}},
                .rows = {},
                .filters = {{"verdict", message("What became of it"), verdict_choices()}},
                .caption = message("Mail that came in, newest first"),
                .total = page.mails.total,
                .more_than_counted = page.mails.more_than_counted};
  const std::string nameless = renderer.translate(message("(without subject)"));
  for (const auto& mail : page.mails.rows) {
    list.rows.push_back(
        {{.text = mail.subject.empty() ? nameless : mail.subject,
          .href = address_of(mail.id),
          .detail = "#" + mail.id.text()},
         {.text = mail.sender.empty() ? "–" : mail.sender, .detail = mail.sender_name},
         {.text = renderer.translate(shown(mail.verdict)),
          .badge = tone(mail.verdict),
          .detail = mail.reason},
         {.text = mail.ticket ? "#" + mail.ticket->text() : "–",
          .href = mail.ticket ? "/tickets/" + mail.ticket->text() : ""},
         {.text = renderer.show(mail.received_at)}});
  }
  return list;
}

void fill(Dictionary& values, const InboxPage& page) {
  fill_list(values, "LIST", list_of(page), page.listing);
}

Response inbox_csv(const Page<InboundMailRow>& mails) {
  std::string file = csv_row({"id", "received_at", "sender", "subject", "verdict", "reason",
                              "ticket", "recipient", "size"});
  for (const auto& mail : mails.rows) {
    file += csv_row({mail.id.text(), mail.received_at.text(), mail.sender, mail.subject,
                     std::string(text(mail.verdict)), mail.reason,
                     mail.ticket ? mail.ticket->text() : "", mail.envelope_recipient,
                     std::to_string(mail.size)});
  }
  return Response::csv("inbox.csv", std::move(file));
}

// ---- one mail ---------------------------------------------------------------------------------

struct MailPage {
  static constexpr std::string_view view = "inbox/show.html";
  const Context& context;
  InboundMailRow mail;
  std::string raw;
  std::vector<User> clients;  // to make a ticket for: the sender's first
  std::string search;
  const Refusal* refusal = nullptr;
  std::string refused = {};  // "attachment", "ticket", …: which form
  Message title() const { return message("Mail #{}", {mail.id.text()}); }
};

MailPage mail_page(const Context& context, InboundMailId id) {
  MailPage page = context.database().read([&](Transaction& tx) {
    MailPage found{.context = context,
                   .mail = require_inbound_mail(tx, id),
                   .raw = {},
                   .clients = {},
                   .search = context.request.query_value("client")};
    if (!may_be_decided(found.mail)) return found;
    found.clients = list_users_for_choice(tx, Role::client, found.search, clients_to_choose);
    const auto address = EmailAddress::parse(found.mail.sender);
    const auto sender = address ? find_user_by_email(tx, *address) : std::nullopt;
    if (found.search.empty() && sender && sender->type == Role::client) {
      std::erase_if(found.clients, [&](const User& user) { return user.id == sender->id; });
      found.clients.insert(found.clients.begin(), *sender);
    }
    return found;
  });
  if (page.mail.raw_kept) {
    page.raw = read_bytes(raw_mails(context.services.files), page.mail.sha256);
  }
  return page;
}

void put(Dictionary& values, const MailPage& page, std::string_view name, std::string_view kind,
         Form form) {
  const bool refused = page.refused == kind;
  fill_form(values, name, std::move(form), refused ? page.refusal : nullptr,
            refused ? &page.context.request.form : nullptr);
}

bool is_senders(const User& user, const InboundMailRow& mail) {
  return user.email.key() == mail.sender;
}

void fill_decisions(Dictionary& values, const MailPage& page) {
  if (!may_be_decided(page.mail)) return;
  Dictionary section = values.section("UNDECIDED");
  const std::string address = address_of(page.mail.id);
  put(section, page, "ATTACHMENT", "attachment",
      {.action = address + "/attachment",
       .submit = message("Put it on this ticket"),
       .fields = {{.name = "ticket",
                   .label = message("Ticket number"),
                   .value = page.mail.ticket ? page.mail.ticket->text() : "",
                   .hint = message("As a message of its client; the helpdesk is told as ever."),
                   .required = true,
                   .input_mode = "numeric"}}});
  std::vector<Choice> clients{{"", message("Choose a client")}};
  std::string chosen;
  for (const auto& user : page.clients) {
    clients.push_back({user.id.text(), message("{}", {user.label()})});
    if (is_senders(user, page.mail)) chosen = user.id.text();
  }
  put(section, page, "TICKET", "ticket",
      {.action = address + "/ticket",
       .submit = message("Open a ticket of it"),
       .fields = {
           {.kind = FieldKind::select,
            .name = "client",
            .label = message("Client"),
            .value = chosen,
            .required = true,
            .choices = std::move(clients)},
           {.name = "subject",
            .label = message("Subject"),
            .value = shorten(plain_subject(page.mail.subject, page.context.site().name), 200),
            .required = true}}});
  fill_form(section, "SEARCH",
            {.action = address,
             .submit = message("Search"),
             .fields = {{.name = "client",
                         .label = message("Another client?"),
                         .value = page.search,
                         .hint = message("User name, address or billing name.")}},
             .tone = "secondary",
             .method = "get"});
  put(section, page, "RETRY", "retry", button_form(address + "/retry", message("Judge it again")));
  if (page.mail.verdict != InboundVerdict::rejected) {
    Dictionary rejectable = section.section("REJECTABLE");
    put(rejectable, page, "REJECTION", "rejection",
        button_form(address + "/rejection", message("Reject it"), "danger"));
  }
}

/// Bytes as text for a page: what is no UTF-8 is read as the old western charset.
std::string shown_bytes(std::string_view bytes) {
  return body_to_utf8(bytes, "utf-8");
}

void fill_words(Dictionary& values, const MailPage& page) {
  if (!page.mail.raw_kept) {
    values.show("FORGOTTEN", true);
    return;
  }
  const OpenedMail opened = open_mail(page.raw);
  Dictionary words = values.section("WORDS");
  words.set("TEXT", opened.mail.text);
  if (!opened.mail.quoted.empty()) words.section("QUOTING").set("QUOTED", opened.mail.quoted);
  for (const auto& file : opened.mail.files) {
    Dictionary line = words.section("FILES");
    line.set("NAME", single_line(file.name));
    line.set("SIZE", show_size(static_cast<std::int64_t>(file.bytes.size())));
  }
  if (const int count = opened.mail.useless_parts; count > 0) {
    words.section("USELESS").set("PARTS", std::int64_t{count});
  }
  for (const auto& problem : opened.mail.problems)
    words.section("PROBLEMS").set("PROBLEM", problem);
  words.set("RAW_ADDRESS", address_of(page.mail.id) + "/raw");
  words.set("RAW", shown_bytes(std::string_view(page.raw).substr(0, shown_of_raw)));
  words.show("CUT", page.raw.size() > shown_of_raw);
}

void fill(Dictionary& values, const MailPage& page) {
  const InboundMailRow& mail = page.mail;
  const std::string nameless =
      page.context.services.renderer.translate(message("(without subject)"));
  values.set("NUMBER", mail.id.number());
  values.set("SUBJECT", mail.subject.empty() ? nameless : mail.subject);
  values.set("SENDER", mail.sender.empty() ? "–" : mail.sender);
  values.set("SENDER_NAME", mail.sender_name);
  values.set("VERDICT", shown(mail.verdict));
  values.set("TONE", tone(mail.verdict));
  values.set("RECEIVED", mail.received_at);
  values.set("SIZE", show_size(mail.size));
  if (!mail.reason.empty()) values.section("REASONED").set("REASON", mail.reason);
  if (!mail.envelope_recipient.empty()) {
    values.section("ADDRESSED").set("RECIPIENT", mail.envelope_recipient);
  }
  if (!mail.message_id.empty()) values.section("NAMED").set("MESSAGE_ID", mail.message_id);
  if (mail.ticket) {
    Dictionary ticket = values.section("TICKETED");
    ticket.set("TICKET", mail.ticket->number());
    if (mail.entry) ticket.section("AT").set("ENTRY", mail.entry->number());
  }
  if (mail.original) values.section("REPEATED").set("ORIGINAL", mail.original->number());
  if (mail.outbox && page.context.viewer.is_admin()) {
    values.section("RETURNED").set("OUTBOX", mail.outbox->number());
  }
  values.show("TO_CONFIRM", mail.confirmation == MailConfirmation::waiting);
  fill_decisions(values, page);
  fill_words(values, page);
}

Response refused(const Context& context, std::string form, const Refusal& refusal) {
  MailPage page = mail_page(context, mail_id(context));
  page.refused = std::move(form);
  page.refusal = &refusal;
  return render(context, page, 422);
}

}  // namespace

Response show_inbox(Context& context) {
  const Listing listing = parse_listing(context.request.query, inbox_listing_rules());
  auto mails = context.database().read([&](Transaction& tx) { return list_inbox(tx, listing); });
  if (listing.csv) return inbox_csv(mails);
  return render(context, InboxPage{context, std::move(mails), listing});
}

Response show_inbound_mail(Context& context) {
  return render(context, mail_page(context, mail_id(context)));
}

Response download_inbound_mail(Context& context) {
  const auto mail = context.database().read(
      [&](Transaction& tx) { return require_inbound_mail(tx, mail_id(context)); });
  if (!mail.raw_kept) throw NotFound("the bytes of the mail are forgotten");
  return Response::download_file("mail-" + mail.id.text() + ".eml", "message/rfc822",
                                 raw_mails(context.services.files).path(mail.sha256).string());
}

Response create_mail_attachment(Context& context) {
  FormReader reader(context.request.form);
  const auto number = reader.id<Ticket>("ticket", true);
  const auto wanted = reader.finish(number.value_or(TicketId(0)));
  if (!wanted) return refused(context, "attachment", wanted.error());
  if (const auto clean = check_files_of_mail(parts_of(context), mail_id(context)); !clean) {
    return refused(context, "attachment", clean.error());
  }
  const auto ticket = context.act([&](Act& act) {
    return attach_mail(act, context.services.files, mail_id(context), *wanted);
  });
  if (!ticket) return refused(context, "attachment", ticket.error());
  return context.redirect("/tickets/" + ticket->text(), message("The mail is on this ticket now."));
}

Response create_mail_ticket(Context& context) {
  const auto wanted = parse_ticket_of_mail(context.request.form);
  if (!wanted) return refused(context, "ticket", wanted.error());
  if (const auto clean = check_files_of_mail(parts_of(context), mail_id(context)); !clean) {
    return refused(context, "ticket", clean.error());
  }
  const auto ticket = context.act([&](Act& act) {
    return open_ticket_of_mail(act, context.services.files, mail_id(context), *wanted);
  });
  if (!ticket) return refused(context, "ticket", ticket.error());
  return context.redirect("/tickets/" + ticket->text(), message("The ticket was opened."));
}

Response create_mail_retry(Context& context) {
  require_no_fields(context.request.form);
  const auto judged = retry_mail(parts_of(context), mail_id(context));
  return context.redirect(address_of(mail_id(context)),
                          judged ? message("It was judged again.")
                                 : message("Somebody has decided about this mail already."));
}

Response create_mail_rejection(Context& context) {
  require_no_fields(context.request.form);
  const auto done = context.act([&](Act& act) { return reject_mail(act, mail_id(context)); });
  if (!done) return refused(context, "rejection", done.error());
  return context.redirect("/inbox", message("The mail was rejected."));
}

}  // namespace cstims
