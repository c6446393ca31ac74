#include "mail/received_mail.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "base/text.h"
#include "mail/html_text.h"
#include "mail/quoted_text.h"

namespace cstims {

// ---- the date ---------------------------------------------------------------------------------

namespace {

std::optional<int> number_of(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<int> month_of(std::string_view text) {
  static constexpr std::array<std::string_view, 12> months{
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::string name = lower_ascii(text.substr(0, 3));
  const auto found = std::ranges::find(months, name);
  if (found == months.end()) return std::nullopt;
  return static_cast<int>(found - months.begin()) + 1;
}

/// "+0200", "GMT"; other names of zones are taken as UTC (RFC 5322 §4.3).
int zone_minutes(std::string_view text) {
  const bool sign = text.starts_with('+') || text.starts_with('-');
  const auto digits = sign && text.size() == 5 ? number_of(text.substr(1)) : std::nullopt;
  if (!digits || *digits % 100 > 59 || *digits > 1400) return 0;
  const int minutes = *digits / 100 * 60 + *digits % 100;
  return text.front() == '-' ? -minutes : minutes;
}

/// "12:34" or "12:34:56" in seconds of the day.
std::optional<int> time_of(std::string_view text) {
  const auto pieces = split(text, ':');
  if (pieces.size() < 2 || pieces.size() > 3) return std::nullopt;
  const auto hour = number_of(pieces[0]);
  const auto minute = number_of(pieces[1]);
  const auto second = pieces.size() == 3 ? number_of(pieces[2]) : std::optional(0);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  return *hour * 3600 + *minute * 60 + *second;
}

std::vector<std::string> date_words(std::string_view text) {
  std::vector<std::string> words;
  int depth = 0;
  std::string word;
  for (const char c : text.substr(0, 200)) {
    if (c == '(') ++depth;
    const bool space = c == ' ' || c == '\t' || c == ',' || c == '(' || c == ')';
    if (!space && depth == 0) word += c;
    if (space && !word.empty()) words.push_back(std::exchange(word, {}));
    if (c == ')') --depth;
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

}  // namespace

std::optional<Instant> parse_mail_date(std::string_view text) {
  auto words = date_words(text);
  if (!words.empty() && !number_of(words.front())) words.erase(words.begin());  // the day's name
  if (words.size() < 4) return std::nullopt;
  const auto day = number_of(words[0]);
  const auto month = month_of(words[1]);
  auto year = number_of(words[2]);
  const auto time = time_of(words[3]);
  if (!day || !month || !year || !time) return std::nullopt;
  if (*year < 50) *year += 2000;
  if (*year < 1000) *year += 1900;
  const auto date = std::chrono::year(*year) / std::chrono::month(static_cast<unsigned>(*month)) /
                    std::chrono::day(static_cast<unsigned>(*day));
  if (*year < 1970 || *year > 9999 || !date.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  const int zone = words.size() > 4 ? zone_minutes(words[4]) : 0;
  return Instant(static_cast<std::int64_t>(days) * 86400 + *time - zone * 60);
}

// ---- the body ---------------------------------------------------------------------------------

namespace {

struct BodyText {
  std::string text;
  std::optional<std::size_t> quoted_from;
};

class BodyReader {
 public:
  explicit BodyReader(ReceivedMail& mail) : mail_(mail) {}

  BodyText read(const MimePart& top) {
    BodyText body = text_of(top);
    top_ = &top;
    collect(top, top.is("multipart/report"), top.is("multipart/related"));
    if (body.text.size() > longest_mail_text) {
      mail_.problems.emplace_back("the text was cut at 1 MiB");
      body.text = std::string(first_bytes(body.text));
    }
    return body;
  }

 private:
  /// Up to a limit, never within a character.
  static std::string_view first_bytes(std::string_view text) {
    std::size_t end = longest_mail_text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
  }

  static bool is_inline_text(const MimePart& part) {
    return !part.is_multipart() && part.is_text() && !part.is_attachment();
  }

  BodyText text_of(const MimePart& part) {
    if (is_inline_text(part)) return leaf(part);
    if (part.is("multipart/alternative")) return alternative(part);
    if (part.is("multipart/related") && !part.parts.empty()) return text_of(part.parts.front());
    BodyText all;
    for (const MimePart& child : part.parts) append(all, text_of(child));
    return all;
  }

  BodyText leaf(const MimePart& part) {
    taken_.push_back(&part);
    std::string text = part.decoded_text();
    if (!part.is("text/html")) return {std::move(text), {}};
    auto read = html_to_text(text);
    return {std::move(read.text), read.quoted_from};
  }

  static void append(BodyText& all, BodyText more) {
    if (trim(more.text).empty()) return;
    if (!all.text.empty()) all.text += "\n\n";
    if (more.quoted_from && !all.quoted_from) all.quoted_from = all.text.size() + *more.quoted_from;
    all.text += more.text;
  }

  /// The plain text, unless it is blank; the others say the same again.
  BodyText alternative(const MimePart& part) {
    BodyText best;
    bool plain = false;
    for (const MimePart& child : part.parts) {
      BodyText text = text_of(child);
      const bool better = trim(best.text).empty() || (!plain && child.is("text/plain"));
      if (!better || trim(text.text).empty()) continue;
      plain = child.is("text/plain");
      best = std::move(text);
    }
    return best;
  }

  // ---- files -----------------------------------------------------------------------------------

  void collect(const MimePart& part, bool in_report, bool related) {
    if (part.is("multipart/encrypted") || part.is("application/pkcs7-mime") ||
        part.is("application/x-pkcs7-mime")) {
      mail_.is_encrypted = part.type.parameter("smime-type") != "signed-data";
    }
    for (const MimePart& child : part.parts) {
      collect(child, in_report, part.is("multipart/related"));
    }
    if (part.is_multipart() || std::ranges::find(taken_, &part) != taken_.end()) return;
    if (!in_report) keep(part, related);
  }

  using References = std::set<std::string, std::less<>>;

  /// What the HTML shows within the text: "cid:image001.png@01D9" (RFC 2392).
  static void read_references(const MimePart& part, References& found) {
    for (const MimePart& child : part.parts) read_references(child, found);
    if (part.is_multipart() || !part.is("text/html") || part.is_attachment()) return;
    const std::string html = part.decoded();
    const std::string lower = lower_ascii(html);
    for (std::size_t at = 0; (at = lower.find("cid:", at)) != std::string::npos;) {
      at += 4;
      const std::size_t end = std::min(html.find_first_of("\"'> )\r\n", at), html.size());
      if (found.size() < most_parts) found.insert(html.substr(at, end - at));
    }
  }

  bool is_referred_to(std::string_view content_id) {
    if (!references_) read_references(*top_, references_.emplace());
    return references_->contains(content_id);
  }

  /// A logo or a dot that counts readers: shown by the sender's program, named by nothing.
  bool is_decoration(const MimePart& part, bool related, std::size_t size) {
    if (size >= smallest_picture || !part.type.value.starts_with("image/")) return false;
    const std::string_view how = part.disposition.value;
    if (how != "inline" && !(how.empty() && related)) return false;
    const auto ids = read_message_ids(part.header.value("content-id"));
    return ids.empty() ||
           !is_referred_to(std::string_view(ids.front()).substr(1, ids.front().size() - 2));
  }

  static bool is_signature(const MimePart& part) {
    return part.is("application/pgp-signature") || part.is("application/pkcs7-signature") ||
           part.is("application/x-pkcs7-signature");
  }

  void keep(const MimePart& part, bool related) {
    if (is_signature(part)) {
      ++mail_.useless_parts;
      return;
    }
    ++number_;
    if (part.type.value.starts_with("multipart/") && trim(part.body).empty()) return;
    std::string bytes = part.decoded();
    if (bytes.empty() || is_decoration(part, related, bytes.size())) {
      ++mail_.useless_parts;
      return;
    }
    std::string name = name_of(part);
    if (mail_.files.size() == most_mail_files || size_ + bytes.size() > largest_mail) {
      mail_.dropped_files.push_back(std::move(name));
      return;
    }
    size_ += bytes.size();
    mail_.files.push_back({std::move(name), part.type.value, std::move(bytes)});
  }

  std::string name_of(const MimePart& part) const {
    std::string name = single_line(part.file_name());
    const std::size_t slash = name.find_last_of("/\\:");
    if (slash != std::string::npos) name.erase(0, slash + 1);
    while (name.starts_with('.')) name.erase(0, 1);
    if (!name.empty()) return std::string(first_characters(name, 120));
    return fmt_part(part.type.value);
  }

  std::string fmt_part(std::string_view type) const {
    struct Ending {
      std::string_view type;
      std::string_view ending;
    };
    static constexpr std::array endings{
        Ending{"text/plain", ".txt"},      Ending{"text/html", ".html"},
        Ending{"message/rfc822", ".eml"},  Ending{"image/jpeg", ".jpg"},
        Ending{"image/png", ".png"},       Ending{"image/gif", ".gif"},
        Ending{"application/pdf", ".pdf"}, Ending{"text/calendar", ".ics"},
        Ending{"application/zip", ".zip"}, Ending{"text/csv", ".csv"}};
    const auto found = std::ranges::find(endings, type, &Ending::type);
    const std::string_view ending = found == endings.end() ? ".bin" : found->ending;
    return "part-" + std::to_string(number_) + std::string(ending);
  }

  ReceivedMail& mail_;
  static constexpr std::size_t smallest_picture = 5'000;  // bytes, of one that nothing refers to

  std::vector<const MimePart*> taken_;
  const MimePart* top_ = nullptr;
  std::optional<References> references_;  // looked up once asked for
  std::size_t size_ = 0;
  int number_ = 0;
};

void read_sender(const MailHeader& header, ReceivedMail& mail) {
  for (const std::string_view field : header.values("from")) {
    for (const MailAddress& address : read_addresses(field)) {
      auto parsed = EmailAddress::parse(address.address);
      if (!parsed) continue;
      mail.from = std::move(*parsed);
      mail.from_name = shorten(address.name, 100);
      return;
    }
  }
  mail.problems.emplace_back("no usable sender");
}

}  // namespace

OpenedMail open_mail(std::string_view raw) {
  OpenedMail opened{.mime = read_mime(raw), .mail = {}};
  ReceivedMail& mail = opened.mail;
  const MailHeader& header = opened.mime.top.header;
  if (!header.is_whole) mail.problems.emplace_back("the header is broken or too long");
  if (!opened.mime.is_whole) mail.problems.emplace_back("too many parts, or too deep");
  if (header.values("from").size() > 1) mail.problems.emplace_back("several From fields");
  read_sender(header, mail);
  mail.subject = shorten(decode_words(header.value("subject")), 500);
  const auto ids = read_message_ids(header.value("message-id"));
  if (!ids.empty()) mail.message_id = ids.front();
  mail.in_reply_to = read_message_ids(header.value("in-reply-to"));
  mail.references = read_message_ids(header.value("references"));
  mail.date = parse_mail_date(header.value("date"));
  BodyText body = BodyReader(mail).read(opened.mime.top);
  auto parts = fold_quoted(body.text, body.quoted_from);
  mail.text = std::move(parts.text);
  mail.quoted = std::move(parts.quoted);
  if (!mail.dropped_files.empty()) mail.problems.emplace_back("files beyond the limits");
  return opened;
}

}  // namespace cstims
