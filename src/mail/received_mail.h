// A foreign mail, taken apart: who, what about, the words that are new, the files. Nothing here
// trusts it: names and addresses are what it says of itself. Any bytes, within limits of time and
// memory; what is broken is noted, never a reason to fail.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/email_address.h"
#include "mail/delivery_report.h"
#include "mail/mime_part.h"

namespace cstims {

inline constexpr std::size_t largest_mail = 25 * 1024 * 1024;
inline constexpr std::size_t most_mail_files = 20;
inline constexpr std::size_t longest_mail_text = 1024 * 1024;

struct MailFile {
  std::string name;  // one line, without path; "part-2.pdf" when it had none
  std::string type;  // as the mail says: not to be believed
  std::string bytes;
};

struct ReceivedMail {
  std::optional<EmailAddress> from;  // absent: none that mail could be sent to
  std::string from_name;
  std::string subject;
  std::string message_id;  // with brackets; empty when it has none
  std::vector<std::string> in_reply_to;
  std::vector<std::string> references;
  std::optional<Instant> date;
  std::string text;    // what is new
  std::string quoted;  // the rest of the body
  std::vector<MailFile> files;
  std::vector<std::string> dropped_files;  // names of those beyond the limits
  int useless_parts = 0;  // signatures, empty files and small pictures that nothing refers to
  bool is_encrypted = false;
  std::vector<std::string> problems;  // in English, for the log and for staff
};

/// A mail and its parts; `raw` must outlive it.
struct OpenedMail {
  MimeMessage mime;
  ReceivedMail mail;
};
OpenedMail open_mail(std::string_view raw);

/// RFC 5322 §3.3 and what is written instead; absent for anything else.
std::optional<Instant> parse_mail_date(std::string_view text);

}  // namespace cstims
