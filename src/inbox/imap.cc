#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "inbox/mailbox.h"
#include "mail/curl_setup.h"
#include "mail/received_mail.h"

namespace cstims {
namespace {

/// RFC 3501 §4.3: printable ASCII, with quotes and backslashes escaped.
std::string folder_text(std::string_view folder) {
  std::string text = "\"";
  for (const char c : folder) {
    if (c < ' ' || c > '~') throw UsageError("imap: names of folders are ASCII here");
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}

std::optional<std::uint32_t> number_after(std::string_view line, std::string_view word) {
  const std::size_t at = line.find(word);
  if (at == std::string_view::npos) return std::nullopt;
  std::uint32_t number = 0;
  const char* begin = line.data() + at + word.size();
  const auto [end, error] = std::from_chars(begin, line.data() + line.size(), number);
  return error == std::errc() && end != begin ? std::optional(number) : std::nullopt;
}

/// "1,2,5:9": only what is named, also where the server has others in between.
std::string uid_set(std::vector<std::uint32_t> uids) {
  std::ranges::sort(uids);
  std::string set;
  for (std::size_t i = 0; i < uids.size();) {
    std::size_t end = i + 1;
    while (end < uids.size() && uids[end] == uids[end - 1] + 1) ++end;
    if (!set.empty()) set += ',';
    set += std::to_string(uids[i]);
    if (end > i + 1) set += ':' + std::to_string(uids[end - 1]);
    i = end;
  }
  return set;
}

constexpr std::size_t most_listed = 500;

class ImapMailbox : public Mailbox {
 public:
  explicit ImapMailbox(ImapOptions options);

  std::string generation() override;
  std::vector<ListedMail> list() override;
  std::string fetch(std::uint32_t uid) override { return download(uid, ""); }
  std::string fetch_header(std::uint32_t uid) override { return download(uid, "/;SECTION=HEADER"); }
  void move(const std::vector<std::uint32_t>& uids, const std::string& folder) override;

 private:
  template <typename T>
  void set(CURLoption option, T value) {
    set_curl_option(handle_.get(), option, value);
  }
  static std::size_t write(char* bytes, std::size_t size, std::size_t count, void* mailbox);
  CURLcode perform(const std::string& path, const char* command);
  std::string ask(const std::string& path, const std::string& command);
  bool can(std::string_view capability);
  std::string inbox_path() const;
  std::vector<std::uint32_t> oldest_uids();
  std::string download(std::uint32_t uid, const std::string& section);
  bool copy(const std::string& uids, const std::string& folder, const char* how);
  void open_inbox(bool only_to_read);
  [[noreturn]] void fail(CURLcode code, const std::string& doing) const;

  ImapOptions options_;
  std::string base_;
  std::string generation_;
  bool only_to_read_ = false;
  std::string capabilities_;
  std::string answer_;
  char error_[CURL_ERROR_SIZE] = "";
  CurlHandle handle_;
};

ImapMailbox::ImapMailbox(ImapOptions options) : options_(std::move(options)), base_(options_.url) {
  handle_ = make_curl_handle();
  while (base_.ends_with('/')) base_.pop_back();
  set(CURLOPT_WRITEFUNCTION, &ImapMailbox::write);
  set(CURLOPT_WRITEDATA, this);
  set_up_connection(handle_.get(),
                    {.protocols = "imap,imaps",
                     .encrypted = options_.encrypted,
                     .ca_file = options_.ca_file,
                     .username = options_.username,
                     .password = options_.password,
                     .connect_within = options_.connect_within,
                     .answer_within = options_.answer_within,
                     .all_within = options_.fetch_within},
                    error_);
}

std::size_t ImapMailbox::write(char* bytes, std::size_t size, std::size_t count, void* mailbox) {
  auto& answer = static_cast<ImapMailbox*>(mailbox)->answer_;
  // A server that sends more than it announced is not followed without end.
  if (answer.size() + size * count > 2 * largest_mail) return 0;
  answer.append(bytes, size * count);
  return size * count;
}

CURLcode ImapMailbox::perform(const std::string& path, const char* command) {
  answer_.clear();
  error_[0] = '\0';
  set(CURLOPT_URL, (base_ + path).c_str());
  set(CURLOPT_CUSTOMREQUEST, command);
  return curl_easy_perform(handle_.get());
}

void ImapMailbox::fail(CURLcode code, const std::string& doing) const {
  static constexpr CURLcode no_session[] = {CURLE_COULDNT_RESOLVE_HOST,
                                            CURLE_COULDNT_CONNECT,
                                            CURLE_LOGIN_DENIED,
                                            CURLE_SSL_CONNECT_ERROR,
                                            CURLE_PEER_FAILED_VERIFICATION,
                                            CURLE_SSL_CACERT_BADFILE,
                                            CURLE_USE_SSL_FAILED,
                                            CURLE_URL_MALFORMAT,
                                            CURLE_UNSUPPORTED_PROTOCOL};
  const std::string reason =
      fmt::format("{}: {}", doing, error_[0] != '\0' ? error_ : curl_easy_strerror(code));
  if (std::ranges::find(no_session, code) != std::end(no_session)) {
    throw MailboxUnreachable(reason);
  }
  throw MailError(reason);
}

std::string ImapMailbox::ask(const std::string& path, const std::string& command) {
  const CURLcode code = perform(path, command.c_str());
  if (code != CURLE_OK) fail(code, command);
  return answer_;
}

std::string ImapMailbox::inbox_path() const {
  char* escaped = curl_easy_escape(handle_.get(), options_.inbox.c_str(), 0);
  std::string path = std::string("/") + escaped;
  curl_free(escaped);
  return path;
}

bool ImapMailbox::can(std::string_view capability) {
  if (capabilities_.empty()) capabilities_ = " " + ask("/", "CAPABILITY") + " ";
  std::string spaced = replace_all(capabilities_, "\r\n", " ");
  return spaced.find(" " + std::string(capability) + " ") != std::string::npos;
}

std::string ImapMailbox::generation() {
  const std::string answer = ask("/", "STATUS " + folder_text(options_.inbox) + " (UIDVALIDITY)");
  const auto number = number_after(answer, "UIDVALIDITY ");
  if (!number) throw MailError("the mail server does not number its mails");
  generation_ = std::to_string(*number);
  return generation_;
}

std::vector<std::uint32_t> ImapMailbox::oldest_uids() {
  std::vector<std::uint32_t> uids;
  const auto answer = replace_all(ask(inbox_path(), "UID SEARCH ALL"), "\r\n", " ");
  for (const std::string_view word : split(answer, ' ')) {
    std::uint32_t uid = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), uid);
    if (error == std::errc() && end == word.data() + word.size()) uids.push_back(uid);
  }
  std::ranges::sort(uids);
  uids.resize(std::min(uids.size(), most_listed));
  return uids;
}

/// A few at a time: libcurl 7.88 counts the lines of a long answer again and again, and gives up at
/// about 150 of them.
std::vector<ListedMail> ImapMailbox::list() {
  constexpr std::size_t at_a_time = 20;
  open_inbox(true);
  std::vector<ListedMail> mails;
  const auto uids = oldest_uids();
  for (std::size_t i = 0; i < uids.size(); i += at_a_time) {
    std::vector<std::string> some;
    for (std::size_t n = i; n < std::min(i + at_a_time, uids.size()); ++n) {
      some.push_back(std::to_string(uids[n]));
    }
    const std::string lines =
        ask(inbox_path(), fmt::format("UID FETCH {} (UID RFC822.SIZE)", join(some, ",")));
    for (const std::string_view line : split(lines, '\n')) {
      const auto uid = number_after(line, "UID ");
      const auto size = number_after(line, "RFC822.SIZE ");
      if (uid && size) mails.push_back({*uid, *size});
    }
  }
  std::ranges::sort(mails, {}, &ListedMail::uid);
  return mails;
}

/// libcurl opens it to read and write and never looks again. Fetching then would mark each mail as
/// seen, which costs the server several times what reading it does.
void ImapMailbox::open_inbox(bool only_to_read) {
  if (generation_.empty()) generation();
  only_to_read_ = false;  // where that fails
  const char* const how = only_to_read ? "EXAMINE " : "SELECT ";
  const std::string answer = ask(inbox_path(), how + folder_text(options_.inbox));
  only_to_read_ = only_to_read;
  const auto number = number_after(answer, "UIDVALIDITY ");
  if (!number || std::to_string(*number) != generation_) {
    throw MailboxUnreachable("the mail server numbers its mails anew");
  }
}

/// By address, with the generation in it: libcurl 7.88 cuts what a command of our own would fetch
/// at its first line. On a connection that it had to make anew, this marks the mail as seen;
/// nothing here looks at that mark.
std::string ImapMailbox::download(std::uint32_t uid, const std::string& section) {
  if (!only_to_read_) open_inbox(true);
  const std::string path =
      fmt::format("{};UIDVALIDITY={}/;UID={}{}", inbox_path(), generation_, uid, section);
  const CURLcode code = perform(path, nullptr);
  if (code != CURLE_OK) fail(code, fmt::format("fetching mail {}", uid));
  return std::move(answer_);
}

bool ImapMailbox::copy(const std::string& uids, const std::string& folder, const char* how) {
  const std::string command = fmt::format("UID {} {} {}", how, uids, folder_text(folder));
  const CURLcode code = perform(inbox_path(), command.c_str());
  if (code == CURLE_OK) return true;
  if (code != CURLE_QUOTE_ERROR) fail(code, command);
  return false;
}

void ImapMailbox::move(const std::vector<std::uint32_t>& list, const std::string& folder) {
  open_inbox(false);
  const std::string uids = uid_set(list);
  const bool moves = can("MOVE");
  const char* const how = moves ? "MOVE" : "COPY";
  if (!copy(uids, folder, how)) {
    perform("/", ("CREATE " + folder_text(folder)).c_str());  // most likely it is not there
    if (!copy(uids, folder, how)) {
      throw MailError(fmt::format("mail {} cannot be moved to {}", uids, folder));
    }
  }
  if (moves) return;
  ask(inbox_path(), fmt::format("UID STORE {} +FLAGS.SILENT (\\Deleted)", uids));
  // Without UIDPLUS an EXPUNGE takes along what others marked as deleted, which is what that means.
  ask(inbox_path(), can("UIDPLUS") ? fmt::format("UID EXPUNGE {}", uids) : std::string("EXPUNGE"));
}

}  // namespace

bool imap_is_encrypted(const std::string& text) {
  const auto [scheme, is_loopback] =
      read_server_url(text, "imap.url", "write imaps://HOST or imap://HOST",
                      "use imap.username and imap.password_file");
  if (scheme == "imaps") return true;
  if (scheme != "imap") throw UsageError("imap.url must begin with imap:// or imaps://");
  return !is_loopback;
}

std::unique_ptr<Mailbox> imap_mailbox(ImapOptions options) {
  return std::make_unique<ImapMailbox>(std::move(options));
}

}  // namespace cstims
