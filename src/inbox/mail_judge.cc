#include "inbox/mail_judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "account/user_store.h"
#include "base/log.h"
#include "base/text.h"
#include "inbox/authentication.h"
#include "inbox/inbox_mails.h"
#include "inbox/mail_acts.h"
#include "inbox/mail_origin.h"
#include "inbox/returned_mail.h"
#include "mail/mail_key_store.h"
#include "ticket/ticket_actions.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

constexpr std::size_t longest_automatic_reply = 5'000;
constexpr std::int64_t most_mails_an_hour = 30;
constexpr std::int64_t most_reopenings_a_day = 10;

Viewer viewer_of(const User& user) {
  return {.user = user.id, .role = user.type, .name = user.username};
}

bool is_true(std::string_view value) {
  const std::string word = lower_ascii(trim(value));
  return word == "yes" || word == "true" || word.starts_with("infected");
}

/// A candidate that was looked at.
struct Tried {
  Ticket ticket;
  Admission admission;
  FoundTicket found;
};

class Judge {
 public:
  Judge(Transaction& tx, const InboxParts& parts, const MailToJudge& mail)
      : tx_(tx),
        parts_(parts),
        input_(mail),
        opened_(mail.opened),
        mail_(mail.opened.mail),
        keys_(require_mail_keys(tx)),
        finding_{parts.site, keys_, mail.envelope_recipient},
        act_{tx, system_, parts.mailer, parts.site, true} {}

  Result<Judgement> judge() {
    if (const auto same = find_same_mail(tx_, input_.id, input_.facts)) {
      return Judgement{.verdict = InboundVerdict::duplicate,
                       .reason = "the same mail came before",
                       .original = same};
    }
    update_facts(tx_, input_.id, input_.facts);
    const Judged judged = classify_arrived(tx_, opened_, finding_);
    auto judgement = by_kind(judged);
    if (judgement) judgement->kind = text(judged.kind);
    return judgement;
  }

  Judgement hold(const Refusal& refusal) {
    update_facts(tx_, input_.id, input_.facts);
    find_sender();
    Judgement judgement = refused(refusal.items.front().message);
    judgement.kind = text(MailClass::person);
    return judgement;
  }

 private:
  // ---- what kind ------------------------------------------------------------------------------

  Result<Judgement> by_kind(const Judged& judged) {
    switch (judged.kind) {
      case MailClass::own:
        return Judgement{.verdict = InboundVerdict::own, .reason = judged.reason};
      case MailClass::loop:
        log_error("a mail goes round in circles", {{"mail", input_.id.text()}});
        return Judgement{.verdict = InboundVerdict::rejected, .reason = judged.reason};
      case MailClass::bounce:
        return take_returned_mail(act_, opened_, finding_);
      case MailClass::report:
        return Judgement{.verdict = InboundVerdict::automatic, .reason = judged.reason};
      case MailClass::auto_reply:
        return automatic(judged.reason);
      case MailClass::list:
        return Judgement{.verdict = InboundVerdict::held, .reason = judged.reason};
      case MailClass::person:
        return person();
    }
    return held("of no kind");
  }

  /// Noted on its ticket, and nothing else: no reopening, no notice, no answer.
  Judgement automatic(const std::string& reason) {
    Judgement judgement{.verdict = InboundVerdict::automatic, .reason = reason};
    find_sender();
    for (const FoundTicket& found : find_tickets_of_mail(tx_, opened_, sender_, finding_)) {
      if (!found.reader && !sender_) continue;
      const std::string from = mail_.from ? mail_.from->text() : "?";
      const std::string said(first_characters(mail_.text, longest_automatic_reply));
      judgement.ticket = found.ticket;
      judgement.entry = record_ticket_event(
          act_, found.ticket, {TicketEvent::automatic_reply, from + "\n" + said}, input_.id);
      break;
    }
    return judgement;
  }

  // ---- a person's mail ------------------------------------------------------------------------

  void find_sender() {
    if (mail_.from) sender_ = find_user_by_email(tx_, *mail_.from);
  }

  static Judgement held(const std::string& reason) {
    return {.verdict = InboundVerdict::held, .reason = reason};
  }

  /// Held, and a sender with an account hears why.
  Judgement refused(const Message& reason, std::optional<TicketId> ticket = {}) {
    if (sender_ && sender_->may_sign_in() && !wants_no_answer(opened_.mime.top.header)) {
      queue_mail_refused(act_, *sender_,
                         {.reason = reason,
                          .ticket = ticket,
                          .subject = plain_subject(mail_.subject, parts_.site.name),
                          .message_id = input_.facts.message_id});
    }
    Judgement judgement = held(reason.english());
    judgement.ticket = ticket;
    return judgement;
  }

  std::optional<Judgement> obstacle() {
    const MailHeader& header = opened_.mime.top.header;
    if (!mail_.from) return held("it has no usable sender");
    if (is_true(header.value("x-spam-flag"))) return held("marked as spam");
    if (is_true(header.value("x-virus-status"))) return held("marked as infected");
    if (input_.scanned.verdict == ScanVerdict::infected) {
      return refused(
          message("One of its files holds something harmful: {}.", {input_.scanned.finding}));
    }
    if (input_.scanned.verdict == ScanVerdict::unknown) {
      return held("its files could not be scanned for viruses");
    }
    if (is_message_id_taken(tx_, input_.id, input_.facts.message_id)) {
      return held("another mail had the same Message-ID");
    }
    if (sender_ && !sender_->may_sign_in()) return held("the sender's account is locked");
    const auto an_hour_ago = tx_.now().plus(-std::chrono::hours(1));
    if (count_mails_of(tx_, input_.facts.sender, an_hour_ago) > most_mails_an_hour) {
      return held("too many mails of this sender within an hour");
    }
    return std::nullopt;
  }

  Result<Judgement> person() {
    find_sender();
    if (auto found = obstacle()) return *found;
    if (mail_.is_encrypted) return refused(message("It is encrypted, and we cannot read it."));
    proof_ = sender_proof(opened_.mime.top.header, parts_.site.mail_in.authserv_id,
                          mail_.from->domain());
    const auto tried = try_tickets();
    if (!tried) return without_ticket();
    switch (tried->admission) {
      case Admission::client_message:
        return client_message(tried->ticket);
      case Admission::staff_reply:
        return staff_reply(tried->ticket);
      case Admission::staff_note:
        return staff_note(tried->ticket);
      case Admission::held:
        return refused_by_rule(*tried);
      case Admission::rejected: {
        Judgement judgement{
            .verdict = InboundVerdict::rejected,
            .reason = "our mail server does not vouch for the sender, who is nobody's"};
        judgement.ticket = tried->ticket.id;
        return judgement;
      }
    }
    return held("of no kind");
  }

  /// The first that lets it in, else the first there is.
  std::optional<Tried> try_tickets() {
    std::optional<Tried> first;
    const bool by_list =
        !parts_.site.mail_in.helpdesk_list_id.empty() && opened_.mime.top.header.has("list-id");
    for (const FoundTicket& found : find_tickets_of_mail(tx_, opened_, sender_, finding_)) {
      Tried tried{.ticket = require_ticket(tx_, system_, found.ticket),
                  .admission = Admission::held,
                  .found = found};
      tried.admission =
          admit(sender_of(sender_, tried.ticket, found), tie_of(sender_, found, by_list), proof_,
                parts_.site.mail_in.staff_mail);
      if (first && first->ticket.id != found.ticket) {
        log_warning("a mail names two tickets", {{"mail", input_.id.text()},
                                                 {"first", first->ticket.id.text()},
                                                 {"second", found.ticket.text()}});
      }
      const bool lets_in =
          tried.admission != Admission::held && tried.admission != Admission::rejected;
      if (lets_in) return tried;
      if (!first) first = std::move(tried);
    }
    return first;
  }

  Judgement refused_by_rule(const Tried& tried) {
    const MailSender who = sender_of(sender_, tried.ticket, tried.found);
    if (who == MailSender::forwarded) {
      Judgement judgement = held("another address than the client's has the client's code");
      judgement.ticket = tried.ticket.id;
      return judgement;
    }
    if (who == MailSender::staff && parts_.site.mail_in.staff_mail == StaffMail::off) {
      return refused(message("Replies of staff are not taken by mail here."), tried.ticket.id);
    }
    // A stranger's own tickets are none of those; a client learns nothing of another's.
    if (who == MailSender::stranger) {
      return refused(message("It belongs to a ticket that is not yours."));
    }
    if (proof_ == SenderProof::failed) {
      return refused(message("Our mail server does not believe that it is from you."),
                     tried.ticket.id);
    }
    return refused(message("It did not answer one of our mails, and nothing else shows that it is "
                           "from you. Answer a mail of ours about the ticket."),
                   tried.ticket.id);
  }

  Result<Judgement> without_ticket() {
    if (!sender_) {
      if (proof_ != SenderProof::failed) return held("of an unknown sender");
      return Judgement{.verdict = InboundVerdict::rejected,
                       .reason = "our mail server does not vouch for an unknown sender"};
    }
    const bool client = sender_->type == Role::client;
    if (client && parts_.site.mail_in.known_clients_open_tickets && proof_ != SenderProof::failed) {
      return new_ticket(std::nullopt);
    }
    return refused(message("It does not say which ticket it is about."));
  }

  // ---- doing it -------------------------------------------------------------------------------

  Act act_as(const Viewer& viewer) const { return {tx_, viewer, parts_.mailer, parts_.site, true}; }

  NewReply reply_of(std::string body, std::string quoted, bool internal) const {
    return {.body = std::move(body),
            .internal = internal,
            .seen = {},
            .attachments = input_.files.attachments,
            .source = EntrySource::mail,
            .quoted = std::move(quoted),
            .mail = input_.id};
  }

  TicketText words() const {
    TicketText words = ticket_text(mail_);
    if (words.body.empty() && !input_.files.attachments.empty()) {
      words.body = parts_.mailer.renderer.translate(message("(a mail without text)"));
    }
    return words;
  }

  Result<Judgement> taken(TicketId ticket, TicketEntryId entry) const {
    return Judgement{
        .verdict = InboundVerdict::taken, .reason = "", .ticket = ticket, .entry = entry};
  }

  Result<Judgement> client_message(const Ticket& ticket) {
    const Viewer client = viewer_of(*sender_);
    if (!may_reply(client, ticket, tx_.now())) return closed_long_ago(ticket);
    const auto a_day_ago = tx_.now().plus(-std::chrono::hours(24));
    if (!ticket.is_open() &&
        count_reopenings_of(tx_, input_.facts.sender, a_day_ago) >= most_reopenings_a_day) {
      return held("it would reopen too many tickets in a day");
    }
    TicketText said = words();
    if (said.body.empty()) return held("it is empty");
    Act act = act_as(client);
    const auto entry = reply_to_ticket(
        act, ticket.id, reply_of(std::move(said.body), std::move(said.quoted), false));
    if (!entry) return std::unexpected(entry.error());
    tell_left_out(act, ticket.id, input_.files);
    auto judgement = taken(ticket.id, *entry);
    judgement->reopened = !ticket.is_open();
    return judgement;
  }

  Result<Judgement> closed_long_ago(const Ticket& ticket) {
    if (parts_.site.mail_in.known_clients_open_tickets) return new_ticket(ticket);
    return refused(message("The ticket was closed more than {} days ago. Please open a new one.",
                           {std::to_string(days_to_reopen)}));
  }

  Result<Judgement> new_ticket(const std::optional<Ticket>& former) {
    TicketText said = words();
    if (said.body.empty()) return held("it is empty");
    std::string subject = plain_subject(mail_.subject, parts_.site.name);
    if (former) subject = former->subject;
    if (subject.empty()) subject = parts_.mailer.renderer.translate(message("(without subject)"));
    if (!said.quoted.empty()) said.body += "\n\n" + said.quoted;
    const Viewer client = viewer_of(*sender_);
    Act act = act_as(client);
    const auto ticket = open_ticket(act, {.order = former ? former->order : std::nullopt,
                                          .subject = shorten(subject, 200),
                                          .body = std::move(said.body),
                                          .attachments = input_.files.attachments,
                                          .receipt = !wants_no_answer(opened_.mime.top.header)});
    if (!ticket) return std::unexpected(ticket.error());
    if (former) record_ticket_event(act, *ticket, {TicketEvent::continues, former->id.text()});
    tell_left_out(act, *ticket, input_.files);
    return Judgement{.verdict = InboundVerdict::taken, .reason = "", .ticket = *ticket};
  }

  Result<Judgement> staff_note(const Ticket& ticket) {
    const StaffCommands commands = read_staff_commands(mail_.text);
    TicketText said = words();
    if (commands.is_note) said.body = std::string(without_blank_lines(commands.text));
    if (said.body.empty()) return held("it is empty");
    const Viewer staff = viewer_of(*sender_);
    Act act = act_as(staff);
    const auto note = reply_to_ticket(act, ticket.id,
                                      reply_of(std::move(said.body), std::move(said.quoted), true));
    if (!note) return std::unexpected(note.error());
    tell_left_out(act, ticket.id, input_.files);
    auto judgement = taken(ticket.id, *note);
    if (commands.is_note) return judgement;
    judgement->confirmation = MailConfirmation::waiting;
    judgement->reason = "a note until its author confirms it";
    queue_reply_to_confirm(act, *sender_, ticket, input_.id, *note);
    return judgement;
  }

  Result<Judgement> staff_reply(const Ticket& ticket) {
    const StaffCommands commands = read_staff_commands(mail_.text);
    if (!commands.unknown.empty()) {
      return refused(message("“{}” is no command. Known are #close, #nofix, #take and #note.",
                             {commands.unknown}),
                     ticket.id);
    }
    if (commands.is_note) return staff_note(ticket);
    const Viewer staff = viewer_of(*sender_);
    Act act = act_as(staff);
    auto judgement = taken(ticket.id, TicketEntryId(0));
    judgement->entry.reset();
    TicketText said = words();
    said.body = std::string(without_blank_lines(commands.text));
    if (said.body.empty() && !commands.takes && !commands.closes) return held("it is empty");
    const auto done = carry_out(act, ticket.id, commands,
                                reply_of(std::move(said.body), std::move(said.quoted), false));
    if (!done) return std::unexpected(done.error());
    judgement->entry = *done;
    tell_left_out(act, ticket.id, input_.files);
    return judgement;
  }

  Transaction& tx_;
  const InboxParts& parts_;
  const MailToJudge& input_;
  const OpenedMail& opened_;
  const ReceivedMail& mail_;
  Viewer system_ = Viewer::of_system("inbox");
  MailKeys keys_;
  FindingParts finding_;
  Act act_;
  std::optional<User> sender_;
  SenderProof proof_ = SenderProof::neutral;
};

}  // namespace

Judgement hold_refused_mail(Transaction& tx, const InboxParts& parts, const MailToJudge& mail,
                            const Refusal& refusal) {
  const Judgement judgement = Judge(tx, parts, mail).hold(refusal);
  update_judgement(tx, mail.id, judgement);
  return judgement;
}

Result<std::optional<Judgement>> judge_mail(Transaction& tx, const InboxParts& parts,
                                            const MailToJudge& mail) {
  if (!claim_arrived(tx, mail.id)) return std::optional<Judgement>();
  auto judgement = Judge(tx, parts, mail).judge();
  if (!judgement) return std::unexpected(judgement.error());
  update_judgement(tx, mail.id, *judgement);
  return std::optional(std::move(*judgement));
}

}  // namespace cstims
