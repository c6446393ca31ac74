#include "base/failure.h"
#include "base/text.h"
#include "mail/transport.h"
#include "support/sentence.h"
#include "support/smtp_server.h"

namespace cstims {

namespace {

using Outcome = SendResult::Outcome;
using test::SmtpServer;

EmailAddress address(std::string_view text) {
  return EmailAddress::parse(text).value();
}

const std::string from = "support@arfnet.example";
const EmailAddress to = address("ada@example.org");
const std::string a_message =
    "Message-ID: <1@arfnet.example>\r\nSubject: Hello\r\n\r\nHello Ada,\r\n.\r\n..\r\nbye\r\n";

SendResult send(const SmtpOptions& options) {
  return smtp_transport(options)->send(from, to, a_message);
}
SendResult send(const SmtpServer& server) {
  return send(server.options());
}

}  // namespace

SENTENCE(smtp, "a message arrives as it was, lone dots included, for one recipient") {
  const SmtpServer server;
  const auto result = send(server);
  EXPECT_EQ(result.outcome, Outcome::sent) << result.reply;
  EXPECT_TRUE(result.reply.starts_with("250")) << result.reply;
  const auto messages = server.messages();
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].bytes, a_message);
  EXPECT_EQ(messages[0].from, "support@arfnet.example");
  EXPECT_EQ(messages[0].to, std::vector<std::string>{"ada@example.org"});
}

SENTENCE(smtp, "several messages go over one connection") {
  const SmtpServer server;
  const auto transport = smtp_transport(server.options());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(transport->send(from, to, a_message).outcome, Outcome::sent);
  }
  const auto messages = server.messages();
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[0].session, messages[2].session);
}

SENTENCE(smtp, "a connection that the server closed meanwhile is made anew") {
  const SmtpServer server(R"({"close_after": 1})");
  const auto transport = smtp_transport(server.options());
  for (int i = 0; i < 3; ++i) {
    const auto result = transport->send(from, to, a_message);
    EXPECT_EQ(result.outcome, Outcome::sent) << result.reply;
    usleep(100'000);
  }
  EXPECT_EQ(server.messages().size(), 3u);
}

SENTENCE(smtp, "451 after the message means try again") {
  const SmtpServer server(R"({"refuse_first": 1})");
  const auto transport = smtp_transport(server.options());
  const auto first = transport->send(from, to, a_message);
  EXPECT_EQ(first.outcome, Outcome::retry);
  EXPECT_TRUE(first.reached);
  EXPECT_NE(first.reply.find("451 Come back later"), std::string::npos) << first.reply;
  EXPECT_EQ(transport->send(from, to, a_message).outcome, Outcome::sent);
  EXPECT_EQ(server.messages().size(), 1u);
}

SENTENCE(smtp, "550 to the recipient is final, and the next recipient is served") {
  const SmtpServer server(R"({"refuse_recipients": {"ada@example.org": "550 No such person"}})");
  const auto transport = smtp_transport(server.options());
  const auto result = transport->send(from, to, a_message);
  EXPECT_EQ(result.outcome, Outcome::dead);
  EXPECT_NE(result.reply.find("550 No such person"), std::string::npos) << result.reply;
  EXPECT_EQ(transport->send(from, address("bob@example.org"), a_message).outcome, Outcome::sent);
}

SENTENCE(smtp, "450 to the recipient means try again") {
  const SmtpServer server(R"({"refuse_recipients": {"ada@example.org": "450 Greylisted"}})");
  EXPECT_EQ(send(server).outcome, Outcome::retry);
}

SENTENCE(smtp, "554 after the message is final") {
  const SmtpServer server(R"({"refuse_data": "554 Looks like spam"})");
  EXPECT_EQ(send(server).outcome, Outcome::dead);
}

SENTENCE(smtp, "a refused sender, and a server that is closed, hold the queue") {
  const SmtpServer sender(R"({"refuse_sender": "550 Not you"})");
  EXPECT_EQ(send(sender).outcome, Outcome::queue_wait);
  const SmtpServer closed(R"({"greeting_refusal": "554 Closed"})");
  const auto result = send(closed);
  EXPECT_EQ(result.outcome, Outcome::queue_wait) << result.reply;
}

SENTENCE(smtp, "a message too big for the server is its own fault alone") {
  const SmtpServer server;
  const auto transport = smtp_transport(server.options());
  const std::string big = a_message + std::string(21 * 1024 * 1024, 'x') + "\r\n";
  EXPECT_EQ(transport->send(from, to, big).outcome, Outcome::dead);
  EXPECT_EQ(transport->send(from, to, a_message).outcome, Outcome::sent);
}

SENTENCE(smtp, "sign-in with name and password works, a wrong one holds the queue") {
  const SmtpServer server(R"({"user": "cstims", "password": "s3cret-canary"})");
  SmtpOptions options = server.options();
  options.username = "cstims";
  options.password = "s3cret-canary";
  EXPECT_EQ(send(options).outcome, Outcome::sent);
  EXPECT_EQ(server.messages().front().user, "cstims");
  options.password = "wrong-canary";
  const auto result = send(options);
  EXPECT_EQ(result.outcome, Outcome::queue_wait);
  EXPECT_NE(result.reply.find("535"), std::string::npos) << result.reply;
}

SENTENCE(smtp, "neither password nor name stands in what is reported") {
  const SmtpServer server(R"({"user": "somebody", "password": "other"})");
  SmtpOptions options = server.options();
  options.username = "name-canary";
  options.password = "password-canary";
  const std::string reply = send(options).reply;
  for (const std::string& secret : {options.username, options.password}) {
    EXPECT_EQ(reply.find(secret), std::string::npos) << reply;
    EXPECT_EQ(reply.find(base64(secret)), std::string::npos) << reply;
  }
}

SENTENCE(smtp, "a server that offers no sign-in is sent to without") {
  const SmtpServer server;
  SmtpOptions options = server.options();
  options.username = "cstims";
  options.password = "secret";
  EXPECT_EQ(send(options).outcome, Outcome::sent);
}

SENTENCE(smtp, "TLS from the start and STARTTLS both encrypt") {
  for (const char* script : {R"({"security": "tls"})", R"({"security": "starttls"})"}) {
    const SmtpServer server(script);
    const auto result = send(server);
    EXPECT_EQ(result.outcome, Outcome::sent) << script << result.reply;
    ASSERT_EQ(server.messages().size(), 1u) << script;
    EXPECT_TRUE(server.messages()[0].secure) << script;
  }
}

SENTENCE(smtp, "where STARTTLS is required, a server without it gets nothing") {
  const SmtpServer server;
  SmtpOptions options = server.options();
  options.security = SmtpSecurity::starttls;
  EXPECT_EQ(send(options).outcome, Outcome::queue_wait);
  EXPECT_TRUE(server.messages().empty());
}

SENTENCE(smtp, "a certificate that nobody vouches for, or for another name, gets nothing") {
  for (const char* script : {R"({"security": "tls"})", R"({"security": "starttls"})"}) {
    const SmtpServer unknown(script);
    SmtpOptions options = unknown.options();
    options.ca_file.clear();
    EXPECT_EQ(send(options).outcome, Outcome::queue_wait) << script;
    EXPECT_TRUE(unknown.messages().empty());
    const SmtpServer other(script, "mail.example.org");
    EXPECT_EQ(send(other).outcome, Outcome::queue_wait) << script;
    EXPECT_TRUE(other.messages().empty());
  }
}

SENTENCE(smtp, "a server that hangs is left after the time-out, wherever it hangs") {
  for (const char* place : {"connect", "recipient", "data"}) {
    const SmtpServer server(R"({"hang_at": ")" + std::string(place) + R"("})");
    SmtpOptions options = server.options();
    options.answer_within = std::chrono::seconds(1);
    options.send_within = std::chrono::seconds(2);
    const auto begin = std::chrono::steady_clock::now();
    const auto result = send(options);
    EXPECT_EQ(result.outcome, Outcome::retry) << place << result.reply;
    EXPECT_EQ(result.reached, place != std::string("connect")) << place;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5)) << place;
  }
}

SENTENCE(smtp, "a line cut before the server says 250 means try again") {
  const SmtpServer server(R"({"cut_after_data": 1})");
  const auto transport = smtp_transport(server.options());
  EXPECT_EQ(transport->send(from, to, a_message).outcome, Outcome::retry);
  EXPECT_EQ(transport->send(from, to, a_message).outcome, Outcome::sent);
  const auto messages = server.messages();
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].bytes, messages[1].bytes);
}

SENTENCE(smtp, "no server at all means try again") {
  SmtpServer server;
  server.stop();
  const auto result = send(server);
  EXPECT_EQ(result.outcome, Outcome::retry);
  EXPECT_FALSE(result.reached);
}

SENTENCE(smtp, "the address says what security is needed") {
  EXPECT_EQ(smtp_security("smtps://mail.example.org:465"), SmtpSecurity::tls);
  EXPECT_EQ(smtp_security("smtp://mail.example.org:587"), SmtpSecurity::starttls);
  EXPECT_EQ(smtp_security("smtp://127.0.0.1:2525"), SmtpSecurity::none);
  EXPECT_EQ(smtp_security("smtp://[::1]:2525"), SmtpSecurity::none);
  EXPECT_EQ(smtp_security("smtp://localhost"), SmtpSecurity::none);
  EXPECT_EQ(smtp_security("smtp://127.evil.example"), SmtpSecurity::starttls);
  EXPECT_EQ(smtp_security("smtp://localhost.example.org"), SmtpSecurity::starttls);
  EXPECT_THROW(smtp_security("https://mail.example.org"), UsageError);
  EXPECT_THROW(smtp_security("smtp://me:secret@mail.example.org"), UsageError);
  EXPECT_THROW(smtp_security("not a url"), UsageError);
}

SENTENCE(smtp, "a mail from nobody has the null sender") {
  SmtpServer server;
  const auto transport = smtp_transport(server.options());
  EXPECT_EQ(transport->send("", to, a_message).outcome, Outcome::sent);
  EXPECT_EQ(server.messages().at(0).from, "");
}

}  // namespace cstims
