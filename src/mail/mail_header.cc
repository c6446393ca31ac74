#include "mail/mail_header.h"

#include <algorithm>

#include "base/text.h"
#include "mail/charset.h"
#include "mail/transfer_encoding.h"

namespace cstims {

namespace {

bool is_field_name(std::string_view name) {
  return !name.empty() && name.size() <= 80 &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~' && c != ':'; });
}

std::string_view without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool same(std::string_view one, std::string_view other) {
  return one.size() == other.size() && starts_with_ignoring_case(one, other);
}

/// One line, and where the next begins.
struct Line {
  std::string_view text;
  std::size_t next;
};
Line line_at(std::string_view bytes, std::size_t from) {
  const std::size_t end = bytes.find('\n', from);
  if (end == std::string_view::npos) return {without_return(bytes.substr(from)), bytes.size()};
  return {without_return(bytes.substr(from, end - from)), end + 1};
}

}  // namespace

std::string_view MailHeader::value(std::string_view name) const {
  for (const auto& field : fields) {
    if (same(field.name, name)) return field.value;
  }
  return {};
}

std::vector<std::string_view> MailHeader::values(std::string_view name) const {
  std::vector<std::string_view> found;
  for (const auto& field : fields) {
    if (same(field.name, name)) found.emplace_back(field.value);
  }
  return found;
}

bool MailHeader::has(std::string_view name) const {
  return std::ranges::any_of(fields,
                             [name](const MailField& field) { return same(field.name, name); });
}

MailHeader read_header(std::string_view bytes) {
  MailHeader header;
  std::size_t at = bytes.starts_with("From ") ? line_at(bytes, 0).next : 0;
  bool ended = false;
  while (at < bytes.size() && at < longest_header) {
    const auto [line, next] = line_at(bytes, at);
    if (line.empty()) {
      at = next;
      ended = true;
      break;
    }
    const bool continues = line.front() == ' ' || line.front() == '\t';
    const std::size_t colon = line.find(':');
    if (continues) {
      // A first line that continues nothing is dropped.
      if (!header.fields.empty()) header.fields.back().value.append(line);
    } else if (colon != std::string_view::npos && is_field_name(trim(line.substr(0, colon)))) {
      if (header.fields.size() == most_fields) break;
      header.fields.push_back(
          {std::string(trim(line.substr(0, colon))), std::string(line.substr(colon + 1))});
    } else {
      break;  // here the body begins without the empty line
    }
    at = next;
  }
  for (auto& field : header.fields) field.value = std::string(trim(field.value));
  header.size = std::min(at, bytes.size());
  header.is_whole = ended || header.size == bytes.size();
  return header;
}

// ---- encoded words ----------------------------------------------------------------------------

namespace {

constexpr std::size_t longest_word = 4000;

struct EncodedWord {
  std::string_view charset;
  std::string bytes;
  std::size_t size = 0;  // of all of it, 0: none
};

std::string decode_q(std::string_view text) {
  return decode_quoted_printable(replace_all(std::string(text), "_", "=20"));
}

/// At "=?"; of size 0 when it is no encoded word.
EncodedWord encoded_word(std::string_view text) {
  text = text.substr(0, longest_word);
  const std::size_t charset_end = text.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end < 3 || charset_end > 60) return {};
  if (charset_end + 2 >= text.size() || text[charset_end + 2] != '?') return {};
  const std::size_t begin = charset_end + 3;
  const std::size_t end = text.find("?=", begin);
  if (end == std::string_view::npos) return {};
  const std::string_view content = text.substr(begin, end - begin);
  std::string_view charset = text.substr(2, charset_end - 2);
  charset = charset.substr(0, charset.find('*'));  // a language (RFC 2231 §5)
  const char encoding = text[charset_end + 1];
  if (encoding == 'B' || encoding == 'b') return {charset, decode_base64(content), end + 2};
  if (encoding == 'Q' || encoding == 'q') return {charset, decode_q(content), end + 2};
  return {};
}

/// Collects words of one charset until something else comes.
class WordJoiner {
 public:
  explicit WordJoiner(std::string& text) : text_(text) {}
  void add(const EncodedWord& word) {
    if (!same(charset_, word.charset)) flush();
    charset_ = word.charset;
    bytes_ += word.bytes;
  }
  void flush() {
    text_ += to_utf8(bytes_, charset_);
    bytes_.clear();
  }

 private:
  std::string& text_;
  std::string_view charset_;
  std::string bytes_;
};

}  // namespace

std::string decode_words(std::string_view value) {
  std::string text;
  WordJoiner joiner(text);
  bool after_word = false;
  while (!value.empty()) {
    const std::size_t begin = std::min(value.find("=?"), value.size());
    const std::string_view between = value.substr(0, begin);
    value.remove_prefix(begin);
    const EncodedWord word = value.empty() ? EncodedWord{} : encoded_word(value);
    // White space between two encoded words belongs to neither (RFC 2047 §6.2).
    if (!after_word || word.size == 0 || !trim(between).empty()) {
      joiner.flush();
      text += to_utf8(between, "");
    }
    after_word = word.size > 0;
    if (after_word) {
      joiner.add(word);
      value.remove_prefix(word.size);
    } else if (!value.empty()) {
      text += "=?";
      value.remove_prefix(2);
    }
  }
  joiner.flush();
  return single_line(text);
}

// ---- parameters -------------------------------------------------------------------------------

namespace {

/// Up to `;` outside quotes; the quotes and backslashes of a quoted value are taken off.
struct Piece {
  std::string text;
  std::size_t next;
};
Piece parameter_piece(std::string_view field, std::size_t from) {
  std::string text;
  bool quoted = false;
  std::size_t i = from;
  for (; i < field.size(); ++i) {
    const char c = field[i];
    if (c == '"') {
      quoted = !quoted;
    } else if (quoted && c == '\\' && i + 1 < field.size()) {
      text += field[++i];
    } else if (!quoted && c == ';') {
      break;
    } else {
      text += c;
    }
  }
  return {std::string(trim(text)), std::min(i + 1, field.size())};
}

std::string percent_decoded(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const std::string digits(text.substr(i + 1, 2));
      if (digits.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos) {
        bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
        i += 2;
        continue;
      }
    }
    bytes += text[i];
  }
  return bytes;
}

/// A parameter in pieces: name*0*, name*1 … (RFC 2231 §3).
struct Continued {
  std::map<int, std::pair<std::string, bool>> pieces;  // text, and whether it is percent-encoded
};

std::string joined(const Continued& parameter) {
  std::string charset;
  std::string bytes;
  bool first = true;
  for (const auto& [number, piece] : parameter.pieces) {
    std::string_view text = piece.first;
    if (first && piece.second) {
      const std::size_t one = text.find('\'');
      const std::size_t two = one == std::string_view::npos ? one : text.find('\'', one + 1);
      if (two != std::string_view::npos) {
        charset = text.substr(0, one);
        text.remove_prefix(two + 1);
      }
    }
    first = false;
    bytes += piece.second ? percent_decoded(text) : std::string(text);
  }
  return single_line(to_utf8(bytes, charset));
}

/// "filename*0*" into the name, the number (0 without one) and whether it is encoded.
struct ParameterName {
  std::string name;
  int number = 0;
  bool extended = false;  // any star at all
  bool encoded = false;
};
ParameterName parameter_name(std::string_view written) {
  ParameterName name;
  const std::size_t star = written.find('*');
  name.name = lower_ascii(trim(written.substr(0, star)));
  if (star == std::string_view::npos) return name;
  name.extended = true;
  std::string_view rest = written.substr(star + 1);
  name.encoded = rest.empty() || rest.ends_with('*');
  rest = rest.substr(0, rest.find('*'));
  if (rest.size() <= 3 && !rest.empty() &&
      rest.find_first_not_of("0123456789") == std::string_view::npos) {
    name.number = std::stoi(std::string(rest));
  }
  return name;
}

}  // namespace

std::string_view ParameterValue::parameter(std::string_view name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string_view() : std::string_view(found->second);
}

ParameterValue read_parameters(std::string_view field) {
  constexpr std::size_t most_parameters = 200;
  ParameterValue result;
  auto [value, at] = parameter_piece(field, 0);
  result.value = lower_ascii(trim(value.substr(0, value.find_first_of(" (\t"))));
  std::map<std::string, Continued, std::less<>> continued;
  for (std::size_t count = 0; at < field.size() && count < most_parameters; ++count) {
    const std::size_t equals = std::min(field.find('=', at), field.size());
    const std::size_t semicolon = std::min(field.find(';', at), field.size());
    if (semicolon < equals || equals == field.size()) {
      at = std::min(semicolon + 1, field.size());
      continue;
    }
    const ParameterName name = parameter_name(field.substr(at, equals - at));
    auto [text, next] = parameter_piece(field, equals + 1);
    at = next;
    if (name.extended) {
      continued[name.name].pieces.try_emplace(name.number, text, name.encoded);
    } else {
      result.parameters.try_emplace(name.name, decode_words(text));
    }
  }
  for (const auto& [name, parameter] : continued) result.parameters[name] = joined(parameter);
  return result;
}

}  // namespace cstims
