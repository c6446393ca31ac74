#include "mail/delivery_report.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cstims {

namespace {

constexpr std::size_t most_recipients = 100;
constexpr std::size_t longest_text = 256 * 1024;  // of a bounce in plain words

/// "rfc822; a@b.example" and "rfc822;<a@b.example>" without the type.
std::string after_type(std::string_view value) {
  const std::size_t semicolon = value.find(';');
  std::string_view text =
      trim(semicolon == std::string_view::npos ? value : value.substr(semicolon + 1));
  if (text.starts_with('<') && text.ends_with('>')) text = text.substr(1, text.size() - 2);
  return single_line(text);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The first "5.1.1" in a text, digits around it apart; empty when there is none.
std::string status_in(std::string_view text) {
  for (std::size_t i = 0; i + 4 < text.size(); ++i) {
    const bool starts = (text[i] == '2' || text[i] == '4' || text[i] == '5') &&
                        text[i + 1] == '.' &&
                        (i == 0 || (!is_digit(text[i - 1]) && text[i - 1] != '.'));
    if (!starts) continue;
    std::size_t end = i + 2;
    while (end < text.size() && end < i + 5 && is_digit(text[end])) ++end;
    if (end == i + 2 || end + 1 >= text.size() || text[end] != '.') continue;
    const std::size_t detail = end + 1;
    end = detail;
    while (end < text.size() && end < detail + 3 && is_digit(text[end])) ++end;
    const bool ends = end == text.size() || (!is_digit(text[end]) && text[end] != '.') ||
                      (text[end] == '.' && (end + 1 == text.size() || !is_digit(text[end + 1])));
    if (end > detail && ends) return std::string(text.substr(i, end - i));
  }
  return {};
}

FailedRecipient recipient_of(const MailHeader& block) {
  FailedRecipient failed;
  failed.recipient = after_type(block.value("final-recipient"));
  const std::string original = after_type(block.value("original-recipient"));
  if (failed.recipient.find('@') == std::string::npos && !original.empty()) {
    failed.recipient = original;
  }
  failed.action = lower_ascii(trim(block.value("action")));
  failed.action = failed.action.substr(0, failed.action.find_first_of(" (;"));
  failed.status = status_in(block.value("status"));
  failed.diagnostic = shorten(single_line(block.value("diagnostic-code")), 500);
  return failed;
}

}  // namespace

std::vector<FailedRecipient> parse_delivery_status(std::string_view text) {
  std::vector<FailedRecipient> found;
  text = text.substr(0, longest_text);
  while (!text.empty() && found.size() < most_recipients) {
    const std::size_t begin = text.find_first_not_of("\r\n");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const MailHeader block = read_header(text);
    // A line that is no field would stop us for ever: it is passed over.
    std::size_t size = block.size;
    if (size == 0) size = std::min(text.find('\n'), text.size() - 1) + 1;
    if (block.has("final-recipient") || block.has("original-recipient")) {
      found.push_back(recipient_of(block));
    }
    text.remove_prefix(std::min(size, text.size()));
  }
  return found;
}

// ---- bounces in plain words -------------------------------------------------------------------

namespace {

constexpr std::array<std::string_view, 22> unknown_user{
    "user unknown",        "unknown user",        "no such user",        "unknown recipient",
    "recipient unknown",   "mailbox not found",   "does not exist",      "doesn't exist",
    "no mailbox",          "mailbox unavailable", "user not found",      "invalid recipient",
    "unrouteable address", "no such recipient",   "recipient not found", "unknown address",
    "no such address",     "address rejected",    "unknown or illegal",  "doesn't have a",
    "this user doesn't",   "unknown local"};

bool contains_unknown_user(std::string_view lower) {
  return std::ranges::any_of(unknown_user, [lower](std::string_view words) {
    return lower.find(words) != std::string_view::npos;
  });
}

/// What the original begins with where it is quoted in the text.
constexpr std::array<std::string_view, 7> original_begins{
    "--- below this line is a copy", "this is a copy of the message",
    "----- original message",        "------ this is a copy",
    "---------- original message",   "--- the header of the original message",
    "original message headers"};

std::size_t original_from(std::string_view lower) {
  std::size_t from = lower.size();
  for (const std::string_view mark : original_begins) from = std::min(from, lower.find(mark));
  return std::min(from, lower.size());
}

bool is_address_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
         std::string_view("._%+-=#&'*/!?^`{|}~$").find(c) != std::string_view::npos;
}

/// The address around the first "@" from `from` on; empty when there is none.
std::string address_in(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('@', from); at != std::string_view::npos;
       at = text.find('@', at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && at - begin < 64 && is_address_character(text[begin - 1])) --begin;
    std::size_t end = at + 1;
    while (end < text.size() && end - at < 254 && is_address_character(text[end])) ++end;
    while (end > at + 1 && !is_digit(text[end - 1]) &&
           (text[end - 1] == '.' || text[end - 1] == '-'))
      --end;
    if (begin < at && end > at + 1) return std::string(text.substr(begin, end - begin));
  }
  return {};
}

FailedRecipient from_words(const MailHeader& header, std::string_view words) {
  const std::string lower = lower_ascii(words);
  const std::string_view told = words.substr(0, original_from(lower));
  FailedRecipient failed;
  const auto named = read_addresses(header.value("x-failed-recipients"));
  failed.recipient = named.empty() ? address_in(told, 0) : named.front().address;
  failed.status = status_in(told);
  const bool unknown = contains_unknown_user(lower_ascii(told));
  if (failed.status.empty() && unknown) failed.status = "5.1.1";
  const bool waits = lower.find("will be retried") != std::string::npos ||
                     lower.find("will retry") != std::string::npos ||
                     lower.find("delivery is delayed") != std::string::npos;
  failed.action = waits || failed.status.starts_with('4') ? "delayed" : "failed";
  failed.diagnostic = shorten(single_line(told), 500);
  return failed;
}

void add_ids(std::string_view text, std::vector<std::string>& ids) {
  constexpr std::size_t most_ids = 20;
  constexpr std::string_view name = "message-id:";
  const std::string lower = lower_ascii(text.substr(0, longest_text));
  for (std::size_t at = lower.find(name); at != std::string::npos && ids.size() < most_ids;
       at = lower.find(name, at + 1)) {
    const std::string_view rest = text.substr(at + name.size(), 1200);
    const std::size_t open = rest.find_first_not_of(" \t\r\n");
    if (open == std::string_view::npos || rest[open] != '<') continue;
    const auto found = read_message_ids(rest.substr(open));
    if (!found.empty()) ids.push_back(found.front());
  }
}

void read_part(const MimePart& part, DeliveryReport& report) {
  for (const MimePart& child : part.parts) read_part(child, report);
  if (part.is_multipart()) return;
  const bool status =
      part.type.value.ends_with("delivery-status") || part.is("message/global-delivery-status");
  if (status) {
    for (auto& failed : parse_delivery_status(part.decoded())) {
      if (report.recipients.size() < most_recipients)
        report.recipients.push_back(std::move(failed));
    }
  } else if (part.is("message/rfc822") || part.is("text/rfc822-headers") ||
             part.is("message/rfc822-headers") || part.is("message/global-headers") ||
             part.is("message/partial")) {
    add_ids(part.decoded(), report.original_ids);
  }
}

std::string words_of(const MimePart& part) {
  if (!part.is_multipart()) {
    return part.is("text/plain") ? part.decoded_text().substr(0, longest_text) : std::string();
  }
  for (const MimePart& child : part.parts) {
    if (std::string words = words_of(child); !words.empty()) return words;
  }
  return {};
}

}  // namespace

DeliveryReport read_delivery_report(const MimeMessage& mail) {
  DeliveryReport report;
  read_part(mail.top, report);
  const std::string words = words_of(mail.top);
  if (report.recipients.empty()) report.recipients.push_back(from_words(mail.top.header, words));
  if (report.original_ids.empty()) add_ids(words, report.original_ids);
  return report;
}

std::string status_in_reply(std::string_view reply) {
  std::string status = status_in(reply);
  if (status.empty() && (reply.starts_with("5") || reply.find(": 5") != std::string_view::npos)) {
    status = "5.0.0";
  }
  return status;
}

bool says_unknown_user(const FailedRecipient& failed) {
  if (failed.status.starts_with("5.1.")) return true;
  return failed.status.starts_with('5') && contains_unknown_user(lower_ascii(failed.diagnostic));
}

}  // namespace cstims
