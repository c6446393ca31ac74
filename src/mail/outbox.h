// Mail out. Actions write a message to the outbox in their own transaction (`queue_`), a worker
// sends it (`send_`). The row carries its final Message-ID, date and boundary: a retry is the same
// bytes. At least once; duplicates only with the same Message-ID.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/email_address.h"
#include "base/id.h"
#include "base/site.h"
#include "base/viewer.h"
#include "db/database.h"
#include "html/languages.h"
#include "html/renderer.h"
#include "mail/mail_codes.h"

namespace cstims {

/// Who wrote it (automatic mail says so, a person's reply does not).
enum class MailOrigin { person, machine };

struct OutgoingMail {
  /// "ticket opened": name of the mail, for the outbox page.
  std::string kind;
  /// "ticket_opened": views/mail/ticket_opened.txt and .html.
  std::string view;
  /// What caused it, "ticket 12 opened"; unique with kind and recipient, so that a re-run adds
  /// nothing.
  std::string event;
  EmailAddress to;
  std::string to_name = {};
  MailOrigin origin = MailOrigin::machine;
  /// Display name of the sender; empty: the site's name. "Ana P. via ARFNET" for replies of
  /// persons.
  std::string from_name = {};
  /// Values of both bodies; SITE_NAME, SITE_URL and CONTACT are there already.
  Fill fill;
  /// Threads the mail: subject prefix, In-Reply-To, References.
  std::optional<TicketId> ticket = {};
  /// "Re: " in front of a ticket's subject.
  bool answers = false;
  /// Attachments by reference, resolved when sending: "invoice 12".
  std::vector<std::string> documents = {};
  /// The ticket's entry it tells of: part of its Message-ID.
  std::optional<TicketEntryId> entry = {};
  /// Whose copy it is, of a ticket's mail: answers to it come to an address that says so.
  std::optional<MailReader> reader = {};
  /// It says that a mail could not be taken. It comes from nobody (RFC 3834 §3.3), so that nothing
  /// can come back, and names the mail it answers where there is one.
  bool refuses_mail = false;
  std::string answered_id = {};
  /// Somebody has just asked for it (a code by mail): it is tried even where earlier mail came
  /// back.
  bool asked_for = false;
  /// An invoice, a payment, an order: whoever answers writes to the accountants, and the footer
  /// names them.
  bool about_billing = false;
};

/// Whether counters hold it back: automatic mail to somebody outside that a mail or a job caused,
/// of which that address got 5 in ten minutes, 10 in an hour or 20 in a day already. What a person
/// does on a page is never held back.
struct Act;
bool is_held_back(Act& act, const OutgoingMail& mail);

/// Renders both bodies and writes the row; the worker is woken after commit. Returns absent when
/// the same (event, kind, recipient) is there already, or when the address must not get automatic
/// mail (robots, our own, those that cannot be reached, those that got too many). The views hold
/// only what the mail says; views/mail/_frame.txt and .html add the page around it and a footer
/// with the site's name, address and contact.
///
/// views/mail/NAME.txt
///   the subject, an empty line, the text. A paragraph is one line, folded here at 76 columns;
///   lines that begin with ">" and links stay whole. For a ticket's mail the subject is the
///   ticket's title alone: "[SITE #12] " is put in front.
/// views/mail/NAME.html
///   first line `{{%AUTOESCAPE context="HTML"}}`, then `<p>`, `<a href>`, `<table>`, `<blockquote>`
///   without colours or fonts of their own, so that light and dark readers both show it well.
///
/// `fill` runs for each of the two. A value with line breaks (a ticket's text) stands in the .txt
/// as it is, and in the .html inside `<div style="white-space: pre-wrap">`.
std::optional<MessageId> queue_mail(Act& act, const OutgoingMail& mail);
/// The same for each of many, in order, with as many ways to the database as one takes. None of a
/// ticket, whose mails look back at those before: throws std::logic_error.
std::vector<std::optional<MessageId>> queue_mails(Act& act, const std::vector<OutgoingMail>& mails);

/// What every verb gets: the transaction, who acts, and what it needs to tell people by mail.
/// Made by Context::act (pages), and by app/ for commands and jobs.
struct Mailer {
  const Renderer& renderer;
  const Site& site;
  std::function<void()> wake;            // after commit: there is mail to send
  const Languages* languages = nullptr;  // absent: all mail is in the site's
};
struct Act {
  Transaction& tx;
  const Viewer& viewer;
  const Mailer& mailer;
  const Site& site;
  bool by_mail = false;  // a mail that came in is the act
};

/// A mail that only shows that mail works, for an admin who asked for it. Each call sends another.
std::optional<MessageId> queue_test_mail(Act& act, const EmailAddress& to, const std::string& name);

}  // namespace cstims
