// Mail out. Actions write a message to the outbox in their own transaction (`queue_`), a worker sends it (`send_`). The row
// carries its final Message-ID, date and boundary: a retry is the same bytes. At least once; duplicates only with the same Message-ID.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/email_address.h"
#include "base/id.h"
#include "base/site.h"
#include "base/viewer.h"
#include "db/database.h"
#include "html/renderer.h"

namespace cstims {

/// Who wrote it (mail rules: automatic mail says so, a person's reply does not).
enum class MailOrigin { person, machine };

struct OutgoingMail {
  std::string kind;    // "ticket opened": name of the mail, for the outbox page; also names views/mail/<view>.txt and .html
  std::string view;    // "ticket_opened"
  std::string event;   // what caused it, "ticket 12 opened"; unique with kind and recipient, so that a re-run adds nothing
  EmailAddress to;
  std::string to_name = {};
  MailOrigin origin = MailOrigin::machine;
  std::string from_name = {};  // display name; empty: the site's name. "Ana P. via ARFNET" for replies of persons
  Fill fill;                   // values of both bodies; SITE_NAME, SITE_URL are filled already
  std::optional<TicketId> ticket = {};       // threads the mail: subject prefix, In-Reply-To, References
  bool answers = false;                      // "Re: " in front of a ticket's subject
  std::vector<std::string> documents = {};   // attachments by reference, resolved when sending: "invoice 12"
};

/// Renders both bodies (the subject is the first line of the .txt view) and writes the row. Returns absent when the same
/// (event, kind, recipient) is there already, or when the address must not get automatic mail.
struct Act;
std::optional<MessageId> queue_mail(Act& act, const OutgoingMail& mail);

/// What every verb gets: the transaction, who acts, and what it needs to tell people by mail.
/// Made by Context::act (pages), and by app/ for commands and jobs.
struct Mailer {
  const Renderer& renderer;
  const Site& site;
  std::function<void()> wake;  // after commit: there is mail to send
};
struct Act {
  Transaction& tx;
  const Viewer& viewer;
  const Mailer& mailer;
  const Site& site;
};

}  // namespace cstims
