#include "mail/composer.h"

#include <random>

#include "base/failure.h"
#include "base/text.h"
#include "mail/mail_text.h"
#include "mail/read_messages.h"
#include "support/sentence.h"

namespace cstims {

namespace {

using test::read_message;
using test::read_messages;

EmailAddress address(std::string_view text) {
  return EmailAddress::parse(text).value();
}

StoredMail a_mail() {
  return {.id = MessageId(7),
          .from = address("support@arfnet.example"),
          .from_name = "ARFNET",
          .to = address("ada@example.org"),
          .to_name = "Ada Lovelace",
          .message_id = "<t12.e34.0123456789abcdef@arfnet.example>",
          .boundary = "0123456789abcdef0123456789abcdef",
          .date = "Tue, 10 Mar 2026 10:00:00 +0100",
          .subject = "[ARFNET #12] Disk full",
          .text = "Hello Ada,\n\nyour disk is full.\n",
          .html = "<p>Hello Ada,</p>\n<p>your disk is full.</p>\n",
          .headers =
              "In-Reply-To: <t12.e33.00@arfnet.example>\n"
              "References: <t12.root@arfnet.example> <t12.e33.00@arfnet.example>\n"
              "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n"
              "X-CSTIMS-Loop: abcdef\nX-CSTIMS-Ticket: 12\n"};
}

std::string head_of(const std::string& message) {
  return message.substr(0, message.find("\r\n\r\n") + 2);
}

/// The rules of the wire, judged on the raw bytes.
void expect_clean_bytes(const std::string& message) {
  EXPECT_TRUE(message.ends_with("\r\n"));
  bool in_body = false;
  for (std::string_view line :
       split(std::string_view(message).substr(0, message.size() - 2), '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    EXPECT_EQ(line.find('\r'), std::string::npos) << "a bare CR";
    EXPECT_TRUE(std::ranges::all_of(line, [](char c) {
      return c == '\t' || (c >= ' ' && c <= '~');
    })) << line;
    if (line.empty()) in_body = true;
    const bool field = line.starts_with("Content-") || line.starts_with('\t');
    EXPECT_LE(line.size(), !in_body ? 998u : field ? 78u : 76u) << line;
  }
  EXPECT_EQ(replace_all(message, "\r\n", "").find('\n'), std::string::npos) << "a bare LF";
}

std::vector<std::string> field_names(const nlohmann::json& read) {
  std::vector<std::string> names;
  for (const auto& field : read["fields"]) names.push_back(field[0]);
  std::ranges::sort(names);
  return names;
}

const std::vector<std::string> fields_of_a_mail{"Auto-Submitted",
                                                "Content-Type",
                                                "Date",
                                                "From",
                                                "In-Reply-To",
                                                "MIME-Version",
                                                "Message-ID",
                                                "References",
                                                "Subject",
                                                "To",
                                                "X-Auto-Response-Suppress",
                                                "X-CSTIMS-Loop",
                                                "X-CSTIMS-Ticket"};

}  // namespace

SENTENCE(composer, "another parser reads back every field and both bodies") {
  const std::string message = compose_message(a_mail(), {});
  expect_clean_bytes(message);
  const auto read = read_message(message);
  EXPECT_EQ(read["subject"], "[ARFNET #12] Disk full");
  EXPECT_EQ(read["from"], nlohmann::json::parse(R"([["ARFNET", "support@arfnet.example"]])"));
  EXPECT_EQ(read["to"], nlohmann::json::parse(R"([["Ada Lovelace", "ada@example.org"]])"));
  EXPECT_EQ(read["date"], "2026-03-10T10:00:00+01:00");
  EXPECT_EQ(read["type"], "multipart/alternative");
  EXPECT_EQ(read["bodies"][0]["type"], "text/plain");
  EXPECT_EQ(read["bodies"][0]["charset"], "utf-8");
  EXPECT_EQ(read["bodies"][1]["type"], "text/html");
  EXPECT_EQ(replace_all(read["bodies"][0]["text"], "\r\n", "\n"), a_mail().text);
  EXPECT_EQ(replace_all(read["bodies"][1]["text"], "\r\n", "\n"), a_mail().html);
  EXPECT_TRUE(read["defects"].empty()) << read["defects"];
}

SENTENCE(composer, "there is exactly one of each field") {
  EXPECT_EQ(field_names(read_message(compose_message(a_mail(), {}))), fields_of_a_mail);
}

SENTENCE(composer, "the topic that Outlook gave a thread goes out as it came in") {
  StoredMail mail = a_mail();
  const std::string topic = "[ARFNET #1] =?utf-8?B?U2luIGNvbmV4acOzbg==?= =?utf-8?B?w6Q=?=";
  mail.headers +=
      "Thread-Index: AQHZ3kf6Wm1kq0GvY0yJ9sF7N3cL1K9vQ4aAgAAB0wA=\nThread-Topic: " + topic + "\n";
  const std::string message = compose_message(mail, {});
  expect_clean_bytes(message);
  const auto read = read_message(message);
  std::string found;
  for (const auto& field : read["fields"]) {
    if (field[0] == "Thread-Topic") found = field[1];
  }
  EXPECT_EQ(found, "[ARFNET #1] Sin conexiónä") << message;
}

SENTENCE(composer, "the same row gives the same bytes") {
  const MailDocument file{"a.pdf", "application/pdf", "%PDF-1.7"};
  EXPECT_EQ(compose_message(a_mail(), {file}), compose_message(a_mail(), {file}));
}

SENTENCE(composer, "a PDF goes along byte for byte, with a plain file name") {
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i * 7);
  const std::string message =
      compose_message(a_mail(), {{"ARFNET-INV-2026-0042.pdf", "application/pdf", bytes}});
  expect_clean_bytes(message);
  const auto read = read_message(message);
  EXPECT_EQ(read["kinds"], nlohmann::json::parse(R"(["multipart/mixed", "multipart/alternative",
                                       "text/plain", "text/html", "application/pdf"])"));
  EXPECT_EQ(read["files"][0]["name"], "ARFNET-INV-2026-0042.pdf");
  EXPECT_EQ(read["files"][0]["hex"], hex(bytes));
  EXPECT_NE(message.find("filename=ARFNET-INV-2026-0042.pdf\r\n"), std::string::npos);
  EXPECT_TRUE(read["defects"].empty()) << read["defects"];
}

SENTENCE(composer, "files over ten megabytes are refused, ten are not") {
  const std::string ten(largest_documents, 'x');
  EXPECT_NO_THROW(compose_message(a_mail(), {{"a.bin", "application/octet-stream", ten}}));
  EXPECT_THROW(compose_message(a_mail(), {{"a.bin", "application/octet-stream", ten + "x"}}),
               MailError);
}

SENTENCE(composer, "text of other scripts arrives, as base64 where that is shorter") {
  StoredMail mail = a_mail();
  mail.subject =
      "[ARFNET #12] Größe übertrifft 100 € — 日本語のとても長い件名がここにあります、はい";
  mail.from_name = "José Núñez vía ARFNET";
  mail.text = "日本語の本文です。\nとても長い一行が続きます。\n";
  mail.html = "<p>Größe</p>\n";
  const std::string message = compose_message(mail, {});
  expect_clean_bytes(message);
  const auto read = read_message(message);
  EXPECT_EQ(read["subject"], mail.subject);
  EXPECT_EQ(read["from"][0][0], mail.from_name);
  EXPECT_EQ(read["bodies"][0]["encoding"], "base64");
  EXPECT_EQ(read["bodies"][1]["encoding"], "quoted-printable");
  EXPECT_EQ(read["bodies"][0]["text"], replace_all(mail.text, "\n", "\r\n"));
  EXPECT_TRUE(read["defects"].empty()) << read["defects"];
}

SENTENCE(composer, "nothing in a name or subject adds a field: the injection table") {
  const std::string evil[] = {"a\r\nBcc: x@example.org",
                              "a\nBcc: x@example.org",
                              "a\rBcc: x@example.org",
                              std::string("a\0Bcc: x@example.org", 19),
                              "a\r\n\r\n<b>body</b>",
                              "a\u2028Bcc: x@example.org",
                              "=?utf-8?q?a=0D=0ABcc:_x@example.org?=",
                              "=?utf-8?b?DQpCY2M6IHhAZXhhbXBsZS5vcmc=?=",
                              "a,b@example.org",
                              "\"<x@example.org>\"",
                              "a\" <x@example.org>, \"",
                              "<x@example.org>",
                              "group: x@example.org;",
                              "\\",
                              "\"",
                              "(",
                              ")",
                              ",",
                              std::string(1200, 'a'),
                              std::string(400, ' ') + "b",
                              ""};
  for (const std::string& text : evil) {
    StoredMail mail = a_mail();
    mail.subject = text;
    mail.from_name = text;
    mail.to_name = text;
    const std::string message =
        compose_message(mail, {{text, "application/pdf", "x"}, {"b.pdf", text, "y"}});
    expect_clean_bytes(message);
    const auto read = read_message(message);
    EXPECT_EQ(field_names(read), fields_of_a_mail) << text;
    ASSERT_EQ(read["from"].size(), 1u) << text;
    ASSERT_EQ(read["to"].size(), 1u) << text;
    EXPECT_EQ(read["from"][0][1], "support@arfnet.example") << text;
    EXPECT_EQ(read["to"][0][1], "ada@example.org") << text;
    EXPECT_EQ(read["subject"], std::string(header_text(text, longest_subject))) << text;
    EXPECT_EQ(read["files"].size(), 2u) << text;
    EXPECT_EQ(read["files"][1]["type"], "application/octet-stream") << text;
    EXPECT_EQ(head_of(message).find("\r\nBcc"), std::string::npos) << text;
  }
}

SENTENCE(composer, "a row that could carry more than its fields is refused") {
  const auto refused = [](auto&& change) {
    StoredMail mail = a_mail();
    change(mail);
    EXPECT_THROW(compose_message(mail, {}), MailError);
  };
  for (const char* id : {"", "<>", "plain@host", "<a b@host>", "<a@host>\r\nBcc: <x@y>",
                         "<a<b@host>", "<nothing>", "<ä@host>"}) {
    refused([&](StoredMail& mail) { mail.message_id = id; });
  }
  refused([](StoredMail& mail) { mail.message_id = "<" + std::string(300, 'a') + "@host>"; });
  for (const char* boundary : {"", "short", "0123456789abcdef\r\nBcc: x", "0123456789abcdef\""}) {
    refused([&](StoredMail& mail) { mail.boundary = boundary; });
  }
  for (const char* date : {"", "yesterday", "Tue, 10 Mar 2026 10:00:00 +0100\r\nBcc: x@y"}) {
    refused([&](StoredMail& mail) { mail.date = date; });
  }
  for (const char* headers :
       {"Bcc: x@example.org", "Subject: again", "Auto-Submitted: a\rBcc: x@example.org",
        "X-CSTIMS-Ticket: 1\nX-CSTIMS-Ticket: 2", "References", "X-CSTIMS-Loop: ä"}) {
    refused([&](StoredMail& mail) { mail.headers = headers; });
  }
  refused([](StoredMail& mail) { mail.text = "\xff"; });
}

SENTENCE(composer, "bodies that look like the end of a message arrive whole") {
  for (const char* text : {"\n.\n", "\r.\r\n", "\r\n.\rMAIL FROM:<x@y>\r\n", ".\n..\n...\n",
                           "From ada\n>From bob\n", "a \nb\t\n  \n", "=\n=3D\n"}) {
    StoredMail mail = a_mail();
    mail.text = text;
    const std::string message = compose_message(mail, {});
    expect_clean_bytes(message);
    std::string expected = normal_lines(text);
    if (!expected.ends_with('\n')) expected += '\n';
    const std::string read = read_message(message)["bodies"][0]["text"];
    EXPECT_EQ(replace_all(read, "\r\n", "\n"), expected);
  }
}

namespace {

/// Random text of every kind of character a person can type or paste.
std::string random_text(std::mt19937& random, std::size_t most) {
  static const std::string pieces[] = {
      "a",      "Z",    " ", "=",  "?",  "_",  ".",     "\n", "<b>", "é",  "ß", "€", "日",   "😀",
      "\u0301", "שלום", "&", "\"", "\t", "--", "From ", "=?", "?=",  "\\", ",", ";", "x@y.z"};
  std::string text;
  const std::size_t count = random() % (most + 1);
  for (std::size_t i = 0; i < count; ++i) text += pieces[random() % std::size(pieces)];
  return text;
}

}  // namespace

SENTENCE(composer, "any text makes a clean message that reads back the same") {
  std::mt19937 random(20260310);
  std::vector<StoredMail> mails;
  std::vector<std::string> messages;
  for (int i = 0; i < 300; ++i) {
    StoredMail mail = a_mail();
    mail.subject = random_text(random, 120);
    mail.from_name = random_text(random, 40);
    mail.text = random_text(random, 1500);
    mail.html = random_text(random, 1500);
    mails.push_back(mail);
    messages.push_back(compose_message(mail, {}));
    expect_clean_bytes(messages.back());
  }
  const auto read = read_messages(messages);
  for (std::size_t i = 0; i < mails.size(); ++i) {
    EXPECT_EQ(field_names(read[i]), fields_of_a_mail);
    EXPECT_EQ(read[i]["subject"], header_text(mails[i].subject, longest_subject));
    EXPECT_EQ(read[i]["from"][0][0], display_name(mails[i].from_name));
    for (const auto& [index, body] : {std::pair(0, mails[i].text), std::pair(1, mails[i].html)}) {
      std::string expected = normal_lines(body);
      if (!expected.ends_with('\n')) expected += '\n';
      EXPECT_EQ(replace_all(read[i]["bodies"][index]["text"], "\r\n", "\n"), expected);
    }
  }
}

}  // namespace cstims
