// From a row of the outbox to the bytes that go out: 7-bit, CRLF, deterministic, so that a retry is
// the same mail. Knows MIME (GMime), nothing of databases or servers.
#pragma once

#include <string>
#include <vector>

#include "base/email_address.h"
#include "base/id.h"

namespace cstims {

/// A file that goes with a mail.
struct MailDocument {
  std::string name;  // plain ASCII: "ARFNET-INV-2026-0042.pdf"
  std::string type;  // "application/pdf"
  std::string bytes;
};

/// A row of the outbox as far as composing needs it.
struct StoredMail {
  MessageId id;
  EmailAddress from;
  std::string from_name;
  EmailAddress to;
  std::string to_name;
  std::string message_id;  // "<…@…>"
  std::string boundary;
  std::string date;  // RFC 5322 §3.3
  std::string subject;
  std::string text;  // LF line ends
  std::string html;
  std::string envelope_from = {};  // empty: the null sender
  std::string headers;  // further fields, "Name: value", one a line: those of `allowed_mail_fields`
};

/// Throws MailError naming what is wrong with the row (a Message-ID, date or field that could carry
/// more than itself); wrong names and subjects are cleaned instead, since people choose them.
std::string compose_message(const StoredMail& mail, const std::vector<MailDocument>& documents);

/// Base64 adds a third, and many servers refuse more than 15 MB.
constexpr std::size_t largest_documents = 10 * 1024 * 1024;

}  // namespace cstims
