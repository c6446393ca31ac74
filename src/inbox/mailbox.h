// A mailbox on a server of somebody else, emptied mail by mail or several at once. The seam that
// tests replace.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/failure.h"

namespace cstims {

struct ListedMail {
  std::uint32_t uid;
  std::int64_t size;
};

/// No session: the next mail would fare the same.
class MailboxUnreachable : public MailError {
 public:
  using MailError::MailError;
};

class Mailbox {
 public:
  virtual ~Mailbox() = default;
  /// Changes when the server numbers its mails anew.
  virtual std::string generation() = 0;
  /// What lies in the inbox, oldest first, some hundreds at a time. Which of it was seen is no
  /// matter: other programs change that.
  virtual std::vector<ListedMail> list() = 0;
  virtual std::string fetch(std::uint32_t uid) = 0;
  virtual std::string fetch_header(std::uint32_t uid) = 0;
  /// Into another folder, which is made when it is not there. When it throws, some may be moved;
  /// those that are gone meanwhile are no fault.
  virtual void move(const std::vector<std::uint32_t>& uids, const std::string& folder) = 0;
};

struct ImapOptions {
  std::string url;  // "imaps://HOST" or "imap://HOST"
  std::string username;
  std::string password;
  std::string ca_file;  // PEM; empty: the system's
  std::string inbox = "INBOX";
  bool encrypted = true;  // STARTTLS where the URL is not imaps; false to this machine only
  std::chrono::seconds connect_within{15};
  std::chrono::seconds answer_within{60};
  std::chrono::seconds fetch_within{300};
};
/// Throws UsageError for another scheme, or when the URL carries a password; says whether the
/// connection must be encrypted.
bool imap_is_encrypted(const std::string& url);

/// Keeps its connection from mail to mail; for one thread at a time.
std::unique_ptr<Mailbox> imap_mailbox(ImapOptions options);

}  // namespace cstims
