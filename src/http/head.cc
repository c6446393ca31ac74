#include "http/head.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cstims {
namespace {

constexpr bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// RFC 9110 §5.6.2
constexpr std::array<bool, 256> token_characters = [] {
  std::array<bool, 256> allowed{};
  for (int c = 0; c < 128; ++c) {
    allowed[static_cast<std::size_t>(c)] = is_letter_or_digit(static_cast<char>(c));
  }
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) {
    allowed[static_cast<unsigned char>(c)] = true;
  }
  return allowed;
}();

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return token_characters[static_cast<unsigned char>(c)];
  });
}

/// Printable ASCII; a raw byte above it must have been percent-encoded.
bool is_target(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

/// One number, digits only, in 63 bits: no sign, list or hexadecimal.
bool is_length(std::string_view text) {
  constexpr std::string_view largest = "9223372036854775807";
  if (text.empty() || text.size() > largest.size()) return false;
  if (!std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return false;
  return text.size() < largest.size() || text <= largest;
}

int check_version(std::string_view version) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return 0;
  const bool is_version = version.size() == 8 && version.starts_with("HTTP/") &&
                          version[5] >= '0' && version[5] <= '9' && version[6] == '.' &&
                          version[7] >= '0' && version[7] <= '9';
  return is_version ? 505 : 400;
}

int check_request_line(std::string_view line) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return 400;  // HTTP/0.9 has no version
  if (!is_token(line.substr(0, first))) return 400;
  if (!is_target(line.substr(first + 1, last - first - 1))) return 400;
  return check_version(line.substr(last + 1));
}

/// What the fields say about where the body ends.
struct Framing {
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;

  int note(std::string_view name, std::string_view value) {
    const auto is = [&](std::string_view known) {
      return name.size() == known.size() && starts_with_ignoring_case(name, known);
    };
    if (is("host")) {
      ++hosts;
      return is_host(value) ? 0 : 400;
    }
    if (is("content-length")) {
      ++lengths;
      return is_length(value) ? 0 : 400;
    }
    if (is("transfer-encoding")) {
      ++encodings;
      return value.size() == 7 && starts_with_ignoring_case(value, "chunked") ? 0 : 400;
    }
    return 0;
  }
  bool sound(bool http_1_1) const {
    return hosts == 1 && lengths + encodings <= 1 && (encodings == 0 || http_1_1);
  }
};

}  // namespace

bool is_host(std::string_view text) {
  if (text.empty() || text.size() > 255) return false;
  std::string_view port;
  if (text.front() == '[') {
    const auto close = text.find(']');
    if (close == std::string_view::npos || close < 3) return false;
    const bool address = std::ranges::all_of(text.substr(1, close - 1), [](char c) {
      return is_letter_or_digit(c) || c == ':' || c == '.';
    });
    if (!address) return false;
    port = text.substr(close + 1);
  } else {
    const auto colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    const bool fine = !name.empty() && std::ranges::all_of(name, [](char c) {
      return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_';
    });
    if (!fine) return false;
    port = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
  }
  if (port.empty()) return true;
  return port.size() >= 2 && port.size() <= 6 && port.front() == ':' &&
         std::ranges::all_of(port.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

HeadScanner::Progress HeadScanner::scan(std::string_view received) {
  while (true) {
    const std::string_view fresh = received.substr(position_);
    const auto found = fresh.find('\n');
    const bool complete = found != std::string_view::npos;
    const std::size_t end = complete ? position_ + found : received.size();
    // Bytes that no head holds are refused at once: a TLS hello has no line to wait for.
    const std::string_view piece = received.substr(position_, end - position_);
    const auto odd = std::ranges::find_if(piece, [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return byte < 0x20 && byte != '\t' && byte != '\r';
    });
    if (odd != piece.end()) return {.refused = 400};
    const std::size_t length = end - line_;
    if (request_line_ == 0 && length > limits_.request_line + 1) return {.refused = 414};
    if (request_line_ != 0 && end - request_line_ > limits_.fields + 1) return {.refused = 431};
    if (!complete) {
      position_ = end;
      return {};
    }
    if (length == 0 || received[end - 1] != '\r') return {.refused = 400};  // a bare LF
    const bool empty = length == 1;
    if (empty) {
      if (request_line_ == 0) return {.refused = 400};
      return {.size = end + 1};
    }
    if (request_line_ == 0) {
      request_line_ = end + 1;
    } else if (++fields_ > limits_.field_count) {
      return {.refused = 431};
    }
    position_ = line_ = end + 1;
  }
}

int check_head(std::string_view head) {
  const auto line_end = head.find("\r\n");
  if (line_end == std::string_view::npos) return 400;
  const std::string_view request_line = head.substr(0, line_end);
  if (const int refused = check_request_line(request_line)) return refused;
  head.remove_prefix(line_end + 2);
  Framing framing;
  while (true) {
    const auto end = head.find("\r\n");
    if (end == std::string_view::npos) return 400;
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (line.empty()) break;
    const auto colon = line.find(':');
    // Leading white space (obs-fold) and white space before the colon make the name no token.
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return 400;
    const std::string_view value = trim(line.substr(colon + 1));
    if (!is_value(line.substr(colon + 1))) return 400;
    if (const int refused = framing.note(line.substr(0, colon), value)) return refused;
  }
  if (!head.empty()) return 400;
  return framing.sound(request_line.ends_with("1.1")) ? 0 : 400;
}

}  // namespace cstims
