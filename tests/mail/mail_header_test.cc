#include "mail/mail_header.h"

#include <ctime>

#include "support/sentence.h"

namespace cstims {
namespace {

struct Decoded {
  const char* written;
  const char* read;
};

SENTENCE(mail_header, "encoded words come out whole") {
  const Decoded cases[] = {
      // The library in use for composing loses all but the first of these two.
      {"=?UTF-8?B?w6Q=?= =?UTF-8?B?w7Y=?=", "äö"},
      {"=?UTF-8?B?w6Q=?=\t =?UTF-8?B?w7Y=?= plain", "äö plain"},
      {"=?iso-8859-1?Q?Caf=E9_con_le=F1a?=", "Café con leña"},
      {"=?ISO-8859-15?Q?100_=A4?=", "100 €"},
      {"=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"},
      {"=?utf-8*es?Q?=C3=B1?=", "ñ"},
      // A character that is split between two words.
      {"=?UTF-8?B?w6TD?= =?UTF-8?B?tg==?=", "äö"},
      {"=?UTF-8?Q?=C3?= =?UTF-8?Q?=B6?=", "ö"},
      {"Re: =?windows-1251?B?z/Do4uXy?=", "Re: Привет"},
      {"=?iso-2022-jp?B?GyRCJDMkcxsoQg==?=", "こん"},
      {"=?gb2312?B?xOO6ww==?=", "你好"},
      {"=?utf-8?Q?spaces in it?=", "spaces in it"},
      // Broken ones stay as they are.
      {"=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
      {"a =? b ?= c", "a =? b ?= c"},
      {"=?utf-8?Q?never ends", "=?utf-8?Q?never ends"},
      {"plain", "plain"},
      {"", ""},
      // Raw bytes: UTF-8 where it is, else windows-1252.
      {"Se\xC3\xB1or", "Señor"},
      {"Se\xF1or \x80", "Señor €"},
      // Nothing of it can end a line or turn the text around.
      {"=?utf-8?Q?a=0D=0ABcc:_x=40y=00z?=", "a Bcc: x@yz"},
      {"=?utf-8?B?4oCuZ25wLmV4ZQ==?=", "gnp.exe"},
  };
  for (const auto& [written, read] : cases) EXPECT_EQ(decode_words(written), read) << written;
}

SENTENCE(mail_header, "fields are unfolded, whatever the line ends") {
  const MailHeader header = read_header(
      "From x@y Mon Jan 1\r\nSubject: one\r\n two\r\nsubject:three\nX-Empty:\r\nTo : "
      "a@b\r\n\r\nBody: no");
  EXPECT_EQ(header.value("Subject"), "one two");
  EXPECT_EQ(header.values("SUBJECT").size(), 2U);
  EXPECT_TRUE(header.has("x-empty"));
  EXPECT_EQ(header.value("to"), "a@b");
  EXPECT_FALSE(header.has("body"));
  EXPECT_TRUE(header.is_whole);
}

SENTENCE(mail_header, "a line that is no field begins the body") {
  const std::string mail = "Subject: hello\nThis is text.\nTo: somebody";
  const MailHeader header = read_header(mail);
  EXPECT_EQ(header.fields.size(), 1U);
  EXPECT_EQ(mail.substr(header.size), "This is text.\nTo: somebody");
  EXPECT_FALSE(header.is_whole);
}

SENTENCE(mail_header, "parameters of every style are read") {
  const auto read = [](std::string_view field, std::string_view name) {
    return std::string(read_parameters(field).parameter(name));
  };
  EXPECT_EQ(read_parameters("Text/HTML ; charset=utf-8").value, "text/html");
  EXPECT_EQ(read("text/plain; charset=\"UTF-8\"", "charset"), "UTF-8");
  EXPECT_EQ(read("attachment; filename=a b.pdf; x=y", "filename"), "a b.pdf");
  EXPECT_EQ(read("attachment; filename=\"a;b \\\"c\\\".pdf\"", "filename"), "a;b \"c\".pdf");
  EXPECT_EQ(read("attachment; filename*=utf-8''f%C3%BCr%20uns.pdf", "filename"), "für uns.pdf");
  EXPECT_EQ(read("a; filename*0*=iso-8859-1'de'f%FC; filename*1=r; filename*2*=%20uns", "filename"),
            "für uns");
  EXPECT_EQ(read("a; filename*1=b; filename*0=a", "filename"), "ab");
  EXPECT_EQ(read("a; filename=old; filename*=utf-8''new", "filename"), "new");
  EXPECT_EQ(read("a; name=\"=?utf-8?B?w7E=?=.pdf\"", "name"), "ñ.pdf");
  EXPECT_EQ(read("a; boundary", "boundary"), "");
  EXPECT_EQ(read(";;;=;a=b", "a"), "b");
}

struct Read {
  const char* written;
  const char* name;
  const char* address;
};

SENTENCE(mail_header, "the first address of a field is found in whatever form") {
  const Read cases[] = {
      {"a@b.example", "", "a@b.example"},
      {"Ana <a@b.example>", "Ana", "a@b.example"},
      {"\"P., Ana\" <a@b.example>, x@y.example", "P., Ana", "a@b.example"},
      {"=?utf-8?Q?Ana_=C3=91?= <a@b.example>", "Ana Ñ", "a@b.example"},
      {"a@b.example (Ana (the one))", "Ana the one", "a@b.example"},
      {"Foo [x] <a@b.example>", "Foo [x]", "a@b.example"},
      {"<a@b.example.>", "", "a@b.example"},
      {"\"never closed <a@b.example>", "never closed", "a@b.example"},
      {"Friends: a@b.example, c@d.example;", "", "a@b.example"},
      {"<@relay.example:a@b.example>", "", "a@b.example"},
      {"undisclosed-recipients:;, a@b.example", "", "a@b.example"},
      {"\"x@y.example\" <a@b.example>", "x@y.example", "a@b.example"},
      {"a @ b.example", "", "a@b.example"},
  };
  for (const auto& [written, name, address] : cases) {
    const auto read = read_addresses(written);
    ASSERT_FALSE(read.empty()) << written;
    EXPECT_EQ(read.front().name, name) << written;
    EXPECT_EQ(read.front().address, address) << written;
  }
  EXPECT_TRUE(read_addresses("nobody").empty());
  EXPECT_EQ(read_addresses("a@b.example, c@d.example; e@f.example").size(), 3U);
}

SENTENCE(mail_header, "Message-IDs are found by their brackets") {
  EXPECT_EQ(read_message_ids("<a@b> <c@d>\t(comment) <e@f>"),
            (std::vector<std::string>{"<a@b>", "<c@d>", "<e@f>"}));
  EXPECT_EQ(read_message_ids("<a@b><c@d>").size(), 2U);
  EXPECT_EQ(read_message_ids("<broken <c@d>"), std::vector<std::string>{"<c@d>"});
  EXPECT_TRUE(read_message_ids("<> < > <a b> a@b").empty());
}

SENTENCE(mail_header, "hostile headers cost no more than their length") {
  const std::clock_t start = std::clock();
  std::string groups = "To: ";
  for (int i = 0; i < 100'000; ++i) groups += "g:";
  std::string many = "To: ";
  for (int i = 0; i < 100'000; ++i) many += "a,";
  std::string comments = "From: " + std::string(200'000, '(');
  std::string words = "Subject: ";
  for (int i = 0; i < 50'000; ++i) words += "=?a?q?";
  std::string ids = "References: " + std::string(200'000, '<');
  for (const std::string& text : {groups, many, comments, words, ids}) {
    const MailHeader header = read_header(text + "\r\n\r\n");
    const auto& field = header.fields.front();
    read_addresses(field.value);
    read_message_ids(field.value);
    decode_words(field.value);
    read_parameters(field.value);
  }
  std::string names;
  for (int i = 0; i < 100'000; ++i) names += "a:\n";
  EXPECT_LE(read_header(names).fields.size(), most_fields);
  EXPECT_LT(std::clock() - start, 5 * CLOCKS_PER_SEC);
}

}  // namespace
}  // namespace cstims
