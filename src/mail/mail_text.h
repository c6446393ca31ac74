// The words of a mail before they become MIME: subjects, display names, wrapped text, Message-IDs.
// Pure rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/email_address.h"
#include "base/id.h"

namespace cstims {

constexpr std::size_t longest_subject = 200;       // characters
constexpr std::size_t longest_display_name = 100;  // characters

/// One line without controls, at most `longest` characters. A literal `=?` is broken, since every
/// reader would take it for an encoded word (RFC 2047 §6.1).
std::string header_text(std::string_view text, std::size_t longest);

/// A name for From or To; empty when it holds an "@": a name that looks like an address is how
/// somebody else is impersonated.
std::string display_name(std::string_view name);

/// Folds lines longer than `columns` at spaces. Quoted lines (">") and words that are too long,
/// links above all, stay whole; what follows a list item ("- ") or an indent keeps its indent.
std::string wrap_text(std::string_view text, std::size_t columns = 76);

/// "[ARFNET #12] Server is down", with "Re: " in front if it answers. Prefixes that `title` carries
/// already are dropped: each stands once only.
std::string ticket_subject(std::string_view site_name, TicketId ticket, std::string_view title,
                           bool answers);

/// The subject is the first line of a mail's text view, the body all after the empty lines below
/// it.
struct SubjectAndBody {
  std::string subject;
  std::string body;
};
SubjectAndBody split_subject(std::string_view rendered);

/// mailer-daemon, postmaster, noreply, list-request …: they get no automatic mail (RFC 3834 §2).
bool refuses_automatic_mail(const EmailAddress& address);

/// `<CHANCE@host>`; that of a ticket's mail names the ticket (mail/mail_codes.h).
std::string new_message_id(std::string_view host);
/// `<t12.root@host>`: a constant of the ticket, first in References of all its mails, so that they
/// thread together even where one was lost.
std::string ticket_root_id(std::string_view host, TicketId ticket);

/// The References field: the root, then at most nine, oldest first. `newest_first` are the earlier
/// mails of the same thread to the same recipient.
std::string references_of(std::string_view root, const std::vector<std::string>& newest_first);

}  // namespace cstims
