#include "base/text.h"

#include <random>

#include "support/sentence.h"

namespace cstims {
namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string made;
  for (const int value : values) made += static_cast<char>(value);
  return made;
}

/// RFC 3629 §4 for one code point.
std::string encoded(char32_t c) {
  if (c < 0x80) return bytes({static_cast<int>(c)});
  if (c < 0x800) return bytes({static_cast<int>(0xC0 | c >> 6), static_cast<int>(0x80 | (c & 63))});
  if (c < 0x10000) {
    return bytes({static_cast<int>(0xE0 | c >> 12), static_cast<int>(0x80 | (c >> 6 & 63)),
                  static_cast<int>(0x80 | (c & 63))});
  }
  return bytes({static_cast<int>(0xF0 | c >> 18), static_cast<int>(0x80 | (c >> 12 & 63)),
                static_cast<int>(0x80 | (c >> 6 & 63)), static_cast<int>(0x80 | (c & 63))});
}

}  // namespace

SENTENCE(text, "every code point but the surrogates is UTF-8, and only its shortest form") {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    ASSERT_EQ(is_utf8(encoded(c)), !surrogate) << static_cast<unsigned>(c);
  }
  EXPECT_FALSE(is_utf8(encoded(0x110000)));
}

SENTENCE(text, "overlong, cut and stray bytes are no UTF-8") {
  for (const auto& text : {bytes({0xC0, 0x80}),
                           bytes({0xC0, 0xAF}),
                           bytes({0xC1, 0xBF}),
                           bytes({0xE0, 0x80, 0xAF}),
                           bytes({0xE0, 0x9F, 0xBF}),
                           bytes({0xF0, 0x80, 0x80, 0xAF}),
                           bytes({0xF0, 0x8F, 0xBF, 0xBF}),
                           bytes({0xED, 0xA0, 0x80}),
                           bytes({0xED, 0xBF, 0xBF}),
                           bytes({0xF4, 0x90, 0x80, 0x80}),
                           bytes({0xF8, 0x88, 0x80, 0x80, 0x80}),
                           bytes({0xFF}),
                           bytes({0xFE}),
                           bytes({0x80}),
                           bytes({0xBF}),
                           bytes({'a', 0xC3}),
                           bytes({0xE2, 0x82}),
                           bytes({0xF0, 0x9F, 0x98}),
                           bytes({0xC3, 'a'}),
                           bytes({0xE2, 0x82, 'a'})}) {
    EXPECT_FALSE(is_utf8(text));
  }
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("añ€😀"));
}

SENTENCE(text, "characters are counted and cut whole") {
  EXPECT_EQ(count_characters("añ€😀"), 4U);
  EXPECT_EQ(shorten("añ€😀", 4), "añ€😀");
  EXPECT_EQ(shorten("añ€😀", 3), "añ…");
  EXPECT_EQ(shorten("añ€😀", 0), "");
  EXPECT_EQ(first_characters("añ€😀", 3), "añ€");
  EXPECT_EQ(first_characters("añ", 9), "añ");
}

SENTENCE(text, "controls are found wherever they hide") {
  EXPECT_FALSE(has_controls("añ€😀", true));
  EXPECT_TRUE(has_controls("a\nb", true));
  EXPECT_FALSE(has_controls("a\n\tb", false));
  EXPECT_TRUE(has_controls("a\rb", false));
  EXPECT_TRUE(has_controls(std::string("a\0b", 3), false));
  EXPECT_TRUE(has_controls("a\x1b[2J", false));
  EXPECT_TRUE(has_controls("a\x7f", false));
  EXPECT_TRUE(has_controls("a\u0085", false));
  EXPECT_TRUE(has_controls("a\u2028", false));
  EXPECT_TRUE(has_controls("a\u2029", true));
}

SENTENCE(text, "a single line has no breaks, no invisible characters and no double spaces") {
  EXPECT_EQ(single_line("  a \r\n\t b  "), "a b");
  EXPECT_EQ(single_line("Subject\r\nBcc: all@example.org"), "Subject Bcc: all@example.org");
  EXPECT_EQ(single_line("a\u202Egnp.exe"), "agnp.exe");
  EXPECT_EQ(single_line("a\u200Bb\uFEFF"), "ab");
  EXPECT_EQ(single_line("a\u00A0\u3000b\u2028c"), "a b c");
  EXPECT_EQ(single_line("a\x01"
                        "b\x7f"),
            "ab");
  EXPECT_EQ(single_line(bytes({'a', 0xFF, 'b'})), "ab");
  EXPECT_EQ(single_line("\u200B \u2060"), "");
}

SENTENCE(text, "every kind of line end becomes one LF") {
  EXPECT_EQ(normal_lines("a\r\nb\rc\nd\r\n\r\ne"), "a\nb\nc\nd\n\ne");
  EXPECT_EQ(normal_lines("a\n\nb\r\re"), "a\n\nb\n\ne");
  EXPECT_EQ(normal_lines("\ta \x01\n"), "\ta \n");
}

SENTENCE(text, "trimming, splitting, joining and replacing") {
  EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(split(std::string_view("a,,b,"), ',').size(), 4U);
  EXPECT_EQ(split(std::string_view(""), ',').size(), 1U);
  EXPECT_EQ(join({"a", "a", "b"}, ", "), "a, a, b");
  EXPECT_EQ(join({}, ","), "");
  EXPECT_EQ(replace_all("aaa", "a", "aa"), "aaaaaa");
  EXPECT_EQ(replace_all("abc", "", "x"), "abc");
  EXPECT_EQ(lower_ascii("ÀB"), "Àb");
  EXPECT_TRUE(starts_with_ignoring_case("Content-Type: x", "content-type"));
  EXPECT_FALSE(starts_with_ignoring_case("Con", "content"));
}

SENTENCE(text, "wildcards of a search are taken literally") {
  EXPECT_EQ(escape_like("50%_\\"), "50\\%\\_\\\\");
}

SENTENCE(text, "base64 is exact both ways and strict") {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(parse_base64("Zm9vYmFy"), "foobar");
  EXPECT_EQ(parse_base64(""), "");
  for (const auto* text : {"Zg", "Zg=", "Zg==x", "Z g==", "Zm9v-mFy", "Zh=="}) {
    EXPECT_FALSE(parse_base64(text)) << text;
  }
  std::mt19937 random(1);
  for (int i = 0; i < 1'000; ++i) {
    std::string some(random() % 50, '\0');
    for (auto& c : some) c = static_cast<char>(random());
    ASSERT_EQ(parse_base64(base64(some)), some);
  }
}

SENTENCE(text, "bytes are shown in hexadecimal") {
  EXPECT_EQ(hex(bytes({0, 0x7F, 0xFF})), "007fff");
}

}  // namespace cstims
