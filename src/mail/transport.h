// How a composed message leaves: into a Maildir or to an SMTP server. The seam that tests replace.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/email_address.h"

namespace cstims {

struct SendResult {
  enum class Outcome {
    sent,
    retry,       // the server or the way to it has a passing fault
    dead,        // the server refuses this message or recipient for good
    queue_wait,  // the server refuses us (sign-in, sender, certificate): no message would do better
  };
  Outcome outcome = Outcome::retry;
  std::string reply;    // what the server said, or what went wrong on the way; never a secret
  bool reached = true;  // false: there was no session, so the next message would fare the same
};

class MailTransport {
 public:
  virtual ~MailTransport() = default;
  /// One recipient. `sender` is the envelope's, empty: the null sender. `message` has CRLF line
  /// ends. Throws MailError only for faults of our own.
  virtual SendResult send(const std::string& sender, const EmailAddress& to,
                          const std::string& message) = 0;
  /// From another thread: what is under way ends soon, if need be unfinished (then: retry).
  virtual void hurry() {}
};

/// Delivers as a mail server would, with Return-Path and Delivered-To, so that people can look at
/// it with any reader. Makes the folder (0700) when it is absent.
std::unique_ptr<MailTransport> maildir_transport(std::filesystem::path folder);

enum class SmtpSecurity {
  tls,       // from the first byte (smtps://, port 465)
  starttls,  // required: without it nothing is sent, not even a name (RFC 8314 §3.3)
  none,      // to this machine only
};

struct SmtpOptions {
  std::string url;       // "smtps://HOST:465" or "smtp://HOST:587"
  std::string username;  // empty: no sign-in
  std::string password;
  std::string ca_file;  // PEM; empty: the system's
  std::string helo;     // the name we give ourselves
  SmtpSecurity security = SmtpSecurity::starttls;
  std::chrono::seconds connect_within{15};
  std::chrono::seconds answer_within{60};  // each reply
  std::chrono::seconds send_within{180};   // a message in all
};

/// What the scheme asks for: smtps is TLS, smtp is STARTTLS, except to a loopback address.
/// Throws UsageError for another scheme, or when the URL carries a password.
SmtpSecurity smtp_security(const std::string& url);

/// Keeps its connection from message to message; for one thread at a time (`hurry` apart).
std::unique_ptr<MailTransport> smtp_transport(SmtpOptions options);

}  // namespace cstims
