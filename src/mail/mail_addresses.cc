#include "base/text.h"
#include "mail/mail_header.h"

namespace cstims {

namespace {

/// One address of a list: the words before and after "<…>", comments apart.
struct RawMailbox {
  std::string words;
  std::string comment;
  std::string angle;
  bool has_angle = false;
};

MailAddress mailbox(const RawMailbox& raw) {
  std::string address(trim(raw.has_angle ? raw.angle : raw.words));
  std::erase_if(address, [](char c) { return c == ' ' || c == '\t'; });
  // A route in front, "@relay:user@host", is of old times (RFC 5322 §4.4).
  if (address.starts_with('@') && address.find(':') != std::string::npos) {
    address.erase(0, address.find(':') + 1);
  }
  while (address.ends_with('.')) address.pop_back();
  std::string name = decode_words(raw.has_angle ? raw.words : std::string());
  if (name.empty()) name = decode_words(raw.comment);
  const bool is_one =
      address.find('@') != std::string::npos && address.find('<') == std::string::npos;
  if (!is_one) address.clear();
  return {std::move(name), std::move(address)};
}

class AddressReader {
 public:
  std::vector<MailAddress> read(std::string_view field) {
    for (std::size_t i = 0; i < field.size() && found_.size() < most_addresses; ++i) {
      const char c = field[i];
      if (c == '\\' && (quoted_ || depth_ > 0) && i + 1 < field.size()) {
        place() += field[++i];
      } else if (c == '"' && depth_ == 0) {
        quoted_ = !quoted_;
      } else if (quoted_) {
        place() += c;
      } else {
        plain(c);
      }
    }
    finish();
    return std::move(found_);
  }

 private:
  std::string& place() {
    if (depth_ > 0) return raw_.comment;
    return in_angle_ ? raw_.angle : raw_.words;
  }

  void plain(char c) {
    if (c == '(') {
      ++depth_;
    } else if (c == ')' && depth_ > 0) {
      --depth_;
    } else if (depth_ > 0) {
      raw_.comment += c;
    } else if (c == '<') {
      raw_.angle.clear();  // of several the last counts
      raw_.has_angle = in_angle_ = true;
    } else if (c == '>') {
      in_angle_ = false;
    } else if ((c == ',' || c == ';') && !in_angle_) {
      finish();
    } else if (c == ':' && !in_angle_) {
      raw_ = {};  // the name of a group
    } else {
      place() += c;
    }
  }

  void finish() {
    MailAddress read = mailbox(raw_);
    if (!read.address.empty()) found_.push_back(std::move(read));
    raw_ = {};
    in_angle_ = false;
  }

  std::vector<MailAddress> found_;
  RawMailbox raw_;
  bool quoted_ = false;
  bool in_angle_ = false;
  int depth_ = 0;
};

}  // namespace

std::vector<MailAddress> read_addresses(std::string_view field) {
  field = field.substr(0, longest_addresses);
  auto addresses = AddressReader().read(field);
  if (!addresses.empty()) return addresses;
  // "Foo [x <a@b>", an unfinished quote: the last <…@…> there is.
  const std::size_t end = field.rfind('>');
  const std::size_t begin = end == std::string_view::npos ? end : field.rfind('<', end);
  if (begin == std::string_view::npos) return {};
  RawMailbox raw;
  raw.words = field.substr(0, begin);
  raw.angle = field.substr(begin + 1, end - begin - 1);
  raw.has_angle = true;
  std::erase(raw.words, '"');
  MailAddress read = mailbox(raw);
  if (read.address.empty()) return {};
  return {std::move(read)};
}

std::vector<std::string> read_message_ids(std::string_view field) {
  std::vector<std::string> ids;
  std::size_t begin = field.find('<');
  while (begin != std::string_view::npos && ids.size() < most_message_ids) {
    const std::size_t end = field.find_first_of("<> \t", begin + 1);
    if (end == std::string_view::npos) break;
    if (field[end] == '>' && end > begin + 1 && end - begin < 998) {
      ids.emplace_back(field.substr(begin, end - begin + 1));
    }
    begin = field[end] == '<' ? end : field.find('<', end);
  }
  return ids;
}

}  // namespace cstims
