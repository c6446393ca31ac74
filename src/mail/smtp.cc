#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "base/failure.h"
#include "base/text.h"
#include "mail/curl_setup.h"
#include "mail/transport.h"

namespace cstims {

namespace {

using Outcome = SendResult::Outcome;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
std::int64_t now_in_milliseconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

/// How far the conversation got: the last command that went out, what the server said to it.
struct Conversation {
  std::string command;  // the verb alone: arguments of AUTH are secrets
  std::string reply;
  bool ended = false;

  void said(std::string_view line) {
    // Of several lines the last counts: "250-…" goes on, "250 …" ends (RFC 5321 §4.2.1).
    if (!ended) reply = single_line(line);
  }
  void asked(std::string_view line) {
    static constexpr std::string_view verbs[] = {"EHLO", "HELO", "STARTTLS", "AUTH",
                                                 "MAIL", "RCPT", "DATA"};
    const std::string_view verb = line.substr(0, line.find_first_of(" \r\n"));
    ended = ended || verb == "QUIT";  // libcurl's good-bye after a refusal is not the answer
    if (ended || std::ranges::find(verbs, verb) == std::end(verbs)) return;
    command = verb;
    reply.clear();
  }
  int code() const {
    const bool digits = reply.size() >= 3 && std::ranges::all_of(reply.substr(0, 3), [](char c) {
                          return c >= '0' && c <= '9';
                        });
    return digits ? std::stoi(reply.substr(0, 3)) : 0;
  }
  bool about_message() const { return command == "RCPT" || command == "DATA"; }
  bool signed_in() const { return command == "MAIL" || about_message(); }
};

class SmtpTransport : public MailTransport {
 public:
  explicit SmtpTransport(SmtpOptions options);
  SendResult send(const std::string& sender, const EmailAddress& to,
                  const std::string& message) override;
  void hurry() override { hurried_at_ = now_in_milliseconds(); }

 private:
  void set_up();
  CURLcode converse(const std::string& sender, const EmailAddress& to, const std::string& message);
  SendResult judge(CURLcode code) const;
  std::string what_happened(CURLcode code) const;

  static std::size_t read(char* buffer, std::size_t size, std::size_t count, void* transport);
  static int trace(CURL*, curl_infotype type, char* data, std::size_t size, void* transport);
  static int progress(void* transport, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

  template <typename T>
  void set(CURLoption option, T value) {
    set_curl_option(handle_.get(), option, value);
  }

  SmtpOptions options_;
  std::atomic<std::int64_t> hurried_at_ = 0;
  Conversation conversation_;
  std::string_view unsent_;
  char error_[CURL_ERROR_SIZE] = "";
  CurlHandle handle_;  // last: when it says QUIT it still uses the others
};

SmtpTransport::SmtpTransport(SmtpOptions options) : options_(std::move(options)) {
  handle_ = make_curl_handle();
  set_up();
}

void SmtpTransport::set_up() {
  std::string url = options_.url;
  while (url.ends_with('/')) url.pop_back();
  if (!options_.helo.empty()) url += "/" + options_.helo;
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, &SmtpTransport::read);
  set(CURLOPT_READDATA, this);
  set(CURLOPT_DEBUGFUNCTION, &SmtpTransport::trace);
  set(CURLOPT_DEBUGDATA, this);
  set(CURLOPT_VERBOSE, 1L);
  set(CURLOPT_XFERINFOFUNCTION, &SmtpTransport::progress);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set_up_connection(handle_.get(),
                    {.protocols = "smtp,smtps",
                     .encrypted = options_.security != SmtpSecurity::none,
                     .ca_file = options_.ca_file,
                     .username = options_.username,
                     .password = options_.password,
                     .connect_within = options_.connect_within,
                     .answer_within = options_.answer_within,
                     .all_within = options_.send_within},
                    error_);
}

std::size_t SmtpTransport::read(char* buffer, std::size_t size, std::size_t count,
                                void* transport) {
  auto& unsent = static_cast<SmtpTransport*>(transport)->unsent_;
  const std::size_t length = std::min(size * count, unsent.size());
  std::memcpy(buffer, unsent.data(), length);
  unsent.remove_prefix(length);
  return length;
}

int SmtpTransport::trace(CURL*, curl_infotype type, char* data, std::size_t size, void* transport) {
  auto& conversation = static_cast<SmtpTransport*>(transport)->conversation_;
  if (type == CURLINFO_HEADER_IN) conversation.said({data, size});
  if (type == CURLINFO_HEADER_OUT) conversation.asked({data, size});
  return 0;
}

int SmtpTransport::progress(void* transport, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  constexpr std::int64_t grace = 5000;  // most messages end well within it
  const std::int64_t since = static_cast<SmtpTransport*>(transport)->hurried_at_;
  return since != 0 && now_in_milliseconds() - since > grace ? 1 : 0;
}

CURLcode SmtpTransport::converse(const std::string& sender, const EmailAddress& to,
                                 const std::string& message) {
  const std::string from = "<" + sender + ">";
  const std::string recipient = "<" + to.text() + ">";
  const std::unique_ptr<curl_slist, FreeList> recipients(
      curl_slist_append(nullptr, recipient.c_str()));
  conversation_ = {};
  unsent_ = message;
  error_[0] = '\0';
  set(CURLOPT_MAIL_FROM, from.c_str());
  set(CURLOPT_MAIL_RCPT, recipients.get());
  set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
  const CURLcode code = curl_easy_perform(handle_.get());
  set(CURLOPT_MAIL_RCPT, static_cast<curl_slist*>(nullptr));
  return code;
}

SendResult SmtpTransport::send(const std::string& sender, const EmailAddress& to,
                               const std::string& message) {
  set(CURLOPT_FRESH_CONNECT, 0L);
  CURLcode code = converse(sender, to, message);
  long connections = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_NUM_CONNECTS, &connections);
  // A kept connection that the server has closed meanwhile says nothing of the server: try anew,
  // as long as the message itself has not begun.
  const bool closed = conversation_.code() == 0 || conversation_.code() == 421;
  const bool stale = code != CURLE_OK && connections == 0 && closed &&
                     unsent_.size() == message.size() && hurried_at_ == 0;
  if (stale) {
    set(CURLOPT_FRESH_CONNECT, 1L);
    code = converse(sender, to, message);
  }
  return judge(code);
}

std::string SmtpTransport::what_happened(CURLcode code) const {
  const std::string prefix = conversation_.command.empty() ? "" : conversation_.command + ": ";
  if (conversation_.code() >= 400) return prefix + conversation_.reply;
  return prefix + (error_[0] != '\0' ? error_ : curl_easy_strerror(code));
}

/// Faults that only the operator can mend: our settings, or a server that is not who it says.
bool is_fault_of_setup(CURLcode code) {
  static constexpr CURLcode codes[] = {CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
                                       CURLE_USE_SSL_FAILED,           CURLE_LOGIN_DENIED,
                                       CURLE_UNSUPPORTED_PROTOCOL,     CURLE_URL_MALFORMAT};
  return std::ranges::find(codes, code) != std::end(codes);
}

SendResult SmtpTransport::judge(CURLcode code) const {
  if (code == CURLE_OK) return {.outcome = Outcome::sent, .reply = conversation_.reply};
  SendResult result{.outcome = Outcome::retry,
                    .reply = what_happened(code),
                    .reached = conversation_.signed_in()};
  const int said = conversation_.code();
  if (said >= 400 && said < 500) return result;
  if (said >= 500) {
    // 552 to MAIL is about the size that we announced, not about us (RFC 1870 §6.1).
    const bool about_message =
        conversation_.about_message() || (conversation_.command == "MAIL" && said == 552);
    result.outcome = about_message ? Outcome::dead : Outcome::queue_wait;
  } else if (is_fault_of_setup(code)) {
    result.outcome = Outcome::queue_wait;
  }
  return result;
}

}  // namespace

SmtpSecurity smtp_security(const std::string& text) {
  const auto [scheme, is_loopback] =
      read_server_url(text, "mail.smtp_url", "write smtps://HOST:465 or smtp://HOST:587",
                      "use mail.username and mail.password_file");
  if (scheme == "smtps") return SmtpSecurity::tls;
  if (scheme != "smtp") throw UsageError("mail.smtp_url must begin with smtp:// or smtps://");
  return is_loopback ? SmtpSecurity::none : SmtpSecurity::starttls;
}

std::unique_ptr<MailTransport> smtp_transport(SmtpOptions options) {
  return std::make_unique<SmtpTransport>(std::move(options));
}

}  // namespace cstims
