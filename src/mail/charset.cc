#include "mail/charset.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "base/text.h"

namespace cstims {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

struct Superset {
  std::string_view label;
  std::string_view charset;
};
/// What mail programs mean when they write the label (WHATWG Encoding has the same table).
constexpr std::array supersets{
    Superset{"iso-8859-1", "windows-1252"},
    Superset{"latin1", "windows-1252"},
    Superset{"us-ascii", "windows-1252"},
    Superset{"ascii", "windows-1252"},
    Superset{"ansi_x3.4-1968", "windows-1252"},
    Superset{"", "windows-1252"},
    Superset{"iso-8859-9", "windows-1254"},
    Superset{"iso-8859-11", "windows-874"},
    Superset{"gb2312", "gb18030"},
    Superset{"gbk", "gb18030"},
    Superset{"x-gbk", "gb18030"},
    Superset{"ks_c_5601-1987", "cp949"},
    Superset{"euc-kr", "cp949"},
    Superset{"shift_jis", "cp932"},
    Superset{"shift-jis", "cp932"},
    Superset{"x-sjis", "cp932"},
    Superset{"unicode-1-1-utf-7", "utf-7"},
    Superset{"utf8", "utf-8"},
    Superset{"unicode-1-1-utf-8", "utf-8"},
    Superset{"iso-2022-jp", "iso-2022-jp-3"},
    Superset{"iso-8859-8-i", "iso-8859-8"},
    Superset{"x-unknown", "windows-1252"},
    Superset{"unknown-8bit", "windows-1252"},
    Superset{"default", "windows-1252"},
};

std::string charset_of(std::string_view label) {
  const std::string name = lower_ascii(trim(label));
  for (const auto& [known, charset] : supersets) {
    if (name == known) return std::string(charset);
  }
  const bool plain = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
           c == ':';
  });
  return plain && name.size() <= 40 ? name : "windows-1252";
}

/// In these ASCII bytes can mean something else.
bool shifts(std::string_view charset) {
  return charset.starts_with("iso-2022") || charset.starts_with("utf-7") ||
         charset.starts_with("utf-16") || charset.starts_with("utf-32") ||
         charset.starts_with("ucs") || charset.starts_with("hz") || charset.starts_with("ebcdic");
}

bool is_ascii(std::string_view bytes) {
  return std::ranges::all_of(bytes, [](char c) { return (c & '\x80') == 0; });
}

/// Replaces what is no well-formed UTF-8: iconv lets code points above 10FFFF through.
std::string scrubbed(std::string_view bytes) {
  std::string clean;
  clean.reserve(bytes.size());
  while (!bytes.empty()) {
    if ((bytes.front() & '\x80') == 0) {
      clean += bytes.front();
      bytes.remove_prefix(1);
    } else if (const auto point = first_code_point(bytes)) {
      clean += bytes.substr(0, point->bytes);
      bytes.remove_prefix(point->bytes);
    } else {
      clean += replacement;
      bytes.remove_prefix(1);
    }
  }
  return clean;
}

struct CloseConverter {
  void operator()(void* converter) const { iconv_close(converter); }
};
using Converter = std::unique_ptr<void, CloseConverter>;

Converter open_converter(const std::string& charset) {
  // iconv_open says "none" by the pointer -1.
  iconv_t opened = iconv_open("UTF-8", charset.c_str());
  return Converter(reinterpret_cast<std::intptr_t>(opened) == -1 ? nullptr : opened);
}

std::string converted(iconv_t converter, std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  std::array<char, 16384> room{};
  auto* from = const_cast<char*>(bytes.data());  // iconv does not write there
  std::size_t left = bytes.size();
  while (left > 0) {
    char* to = room.data();
    std::size_t free = room.size();
    const std::size_t done = iconv(converter, &from, &left, &to, &free);
    text.append(room.data(), to);
    if (done != static_cast<std::size_t>(-1)) break;
    if (errno == E2BIG) continue;
    text += replacement;
    if (left == 0) break;
    ++from;
    --left;
  }
  return text;
}

}  // namespace

std::string to_utf8(std::string_view bytes, std::string_view label) {
  std::string charset = charset_of(label);
  const bool ascii = is_ascii(bytes);
  if (ascii && !shifts(charset)) return std::string(bytes);
  if ((!ascii && is_utf8(bytes)) || charset == "utf-8") return scrubbed(bytes);
  Converter converter = open_converter(charset);
  if (!converter) converter = open_converter("windows-1252");
  if (!converter) return scrubbed(bytes);
  return scrubbed(converted(converter.get(), bytes));
}

std::string body_to_utf8(std::string_view bytes, std::string_view label) {
  return normal_lines(to_utf8(bytes, label));
}

}  // namespace cstims
