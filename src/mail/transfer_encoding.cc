#include "mail/transfer_encoding.h"

#include <array>
#include <cstdint>

#include "base/text.h"

namespace cstims {

namespace {

constexpr std::uint8_t none = 0xFF;

constexpr std::array<std::uint8_t, 256> base64_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(none);
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// The line without its end, and without white space before it, which transports add.
std::string_view without_end(std::string_view line) {
  const std::size_t last = line.find_last_not_of(" \t\r");
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

void decode_line(std::string_view line, std::string& bytes) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '=' || i + 2 >= line.size()) {
      bytes += line[i];
      continue;
    }
    const int high = hex_value(line[i + 1]);
    const int low = hex_value(line[i + 2]);
    if (high < 0 || low < 0) {
      bytes += line[i];
      continue;
    }
    bytes += static_cast<char>(high * 16 + low);
    i += 2;
  }
}

}  // namespace

std::string decode_base64(std::string_view text) {
  static constexpr auto values = base64_values();
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  int count = 0;  // of bits that wait
  for (const char c : text) {
    if (c == '=') count = 0;
    const std::uint8_t value = values[static_cast<unsigned char>(c)];
    if (value == none) continue;
    bits = (bits << 6U) | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
  }
  return bytes;
}

std::string decode_quoted_printable(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const bool last = end == std::string_view::npos;
    std::string_view line = without_end(text.substr(0, end));
    text.remove_prefix(last ? text.size() : end + 1);
    const bool goes_on = line.ends_with('=');
    if (goes_on) line.remove_suffix(1);
    decode_line(line, bytes);
    if (!goes_on && !last) bytes += '\n';
  }
  return bytes;
}

std::string decode_transfer(std::string_view text, std::string_view encoding) {
  const std::string name = lower_ascii(trim(encoding));
  if (name == "base64") return decode_base64(text);
  if (name == "quoted-printable") return decode_quoted_printable(text);
  return std::string(text);
}

}  // namespace cstims
