// A real SMTP server on loopback (tests/support/smtp_server.mjs) that lives as long as this object.
//
//     SmtpServer server(R"({"refuse_recipients": {"gone@example.org": "550 No such person"}})");
//     … send to server.url() …
//     EXPECT_EQ(server.messages().size(), 1);
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "mail/transport.h"
#include "support/test_database.h"

namespace cstims::test {

/// Makes key.pem and certificate.pem in `folder`, signed by itself, for that name or address.
void make_certificate(const std::filesystem::path& folder, const std::string& subject);

struct ReceivedMail {
  std::string from;
  std::vector<std::string> to;
  bool secure = false;
  std::string user;     // who signed in
  std::string session;  // the same for messages over one connection
  std::string bytes;    // as they came, dots unstuffed
};

class SmtpServer {
 public:
  /// The keys of `script` are explained in smtp_server.mjs. "security" other than none makes a
  /// certificate for 127.0.0.1, or for `certified` when that is given.
  explicit SmtpServer(const std::string& script = "{}", const std::string& certified = "127.0.0.1");
  ~SmtpServer();
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  int port() const { return port_; }
  std::string url() const;        // "smtp://127.0.0.1:N" or "smtps://…"
  std::string authority() const;  // the certificate's file
  /// Options for a transport that trusts this server, with short time-outs.
  SmtpOptions options() const;
  /// What it took, oldest first.
  std::vector<ReceivedMail> messages() const;
  /// Ends it at once; messages stay readable.
  void stop();

 private:
  ScratchFolder folder_;
  std::string security_;
  pid_t process_ = -1;
  int standard_input_ = -1;
  int port_ = 0;
};

}  // namespace cstims::test
