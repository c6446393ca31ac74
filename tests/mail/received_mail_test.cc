#include "mail/received_mail.h"

#include <ctime>

#include "base/text.h"
#include "support/sentence.h"

namespace cstims {
namespace {

std::string lines(std::string_view text) {
  return replace_all(std::string(text), "\n", "\r\n");
}

ReceivedMail read(std::string_view text) {
  const std::string raw = lines(text);
  return open_mail(raw).mail;
}

SENTENCE(received_mail, "a plain mail is read: who, what about, the words, the answer to what") {
  const auto mail = read(R"(From: =?utf-8?Q?Ana_P=C3=A9rez?= <Ana@Example.ORG>
To: help@b.example
Subject: =?UTF-8?B?w6Q=?= =?UTF-8?B?w7Y=?=
Date: Tue, 3 Nov 2026 10:00:00 +0200 (EET)
Message-ID: <1@example.org>
In-Reply-To: <2@b.example>
References: <0@b.example>
 <2@b.example>
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Ma=F1ana est=E1 bien, a long line that =
goes on.
)");
  EXPECT_EQ(mail.from->text(), "Ana@example.org");
  EXPECT_EQ(mail.from_name, "Ana Pérez");
  EXPECT_EQ(mail.subject, "äö");
  EXPECT_EQ(mail.date->text(), "2026-11-03T08:00:00Z");
  EXPECT_EQ(mail.message_id, "<1@example.org>");
  EXPECT_EQ(mail.in_reply_to, std::vector<std::string>{"<2@b.example>"});
  EXPECT_EQ(mail.references.size(), 2U);
  EXPECT_EQ(mail.text, "Mañana está bien, a long line that goes on.");
  EXPECT_TRUE(mail.problems.empty());
}

SENTENCE(received_mail, "of alternatives the plain one is taken, and files are kept apart") {
  const auto mail = read(R"(From: a@b.example
Content-Type: multipart/mixed; boundary="m"

preamble
--m
Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain; charset=utf-8

The words.
--a
Content-Type: text/html

<p>The <b>words</b>.</p>
--a--
--m
Content-Type: application/pdf; name="../../x/bill.pdf"
Content-Transfer-Encoding: base64
Content-Disposition: attachment

JVBE
Rg==
--m
Content-Type: message/rfc822

From: evil@b.example
Subject: not this

inner
--m
Content-Type: text/plain

-- 
The list's footer
--m--
epilogue
)");
  EXPECT_EQ(mail.text, "The words.");
  EXPECT_EQ(mail.quoted, "-- \nThe list's footer");
  ASSERT_EQ(mail.files.size(), 2U);
  EXPECT_EQ(mail.files[0].name, "bill.pdf");
  EXPECT_EQ(mail.files[0].bytes, "%PDF");
  EXPECT_EQ(mail.files[1].name, "part-2.eml");
  EXPECT_EQ(mail.subject, "");
}

SENTENCE(received_mail,
         "signatures, empty files and small pictures that nothing names are no files") {
  const auto picture = [](const std::string& fields, std::size_t size) {
    return "--r\nContent-Type: image/png\n" + fields + "\n" + std::string(size, 'x') + "\n";
  };
  const auto mail = read(
      R"(From: a@b.example
Content-Type: multipart/signed; boundary=s

--s
Content-Type: multipart/related; boundary=r

--r
Content-Type: text/html

<p>See <img src="CID:shot@b"> and <img src='cid:not-there'></p>
)" + picture("Content-ID: <shot@b>\nContent-Disposition: inline; filename=shot.png\n", 50) +
      picture("Content-ID: <logo@b>\nContent-Disposition: inline; filename=logo.png\n", 50) +
      picture("Content-ID: <dot@b>\n", 4'999) +
      picture("Content-Disposition: inline; filename=large.png\n", 5'000) +
      picture("Content-Disposition: attachment; filename=sent.png\n", 50) + R"(--r--
--s
Content-Type: text/plain
Content-Disposition: attachment; filename=empty.txt


--s
Content-Type: image/png; name=plain.png

x
--s
Content-Type: application/pgp-signature; name=signature.asc

-----BEGIN PGP SIGNATURE-----
--s--
)");
  std::vector<std::string> names;
  for (const auto& file : mail.files) names.push_back(file.name);
  EXPECT_EQ(names, (std::vector<std::string>{"shot.png", "large.png", "sent.png", "plain.png"}));
  EXPECT_EQ(mail.useless_parts, 4) << "logo, dot, empty file, signature";
  EXPECT_TRUE(mail.dropped_files.empty());
}

SENTENCE(received_mail, "HTML alone becomes text, and its program's mark of a quote counts") {
  const auto mail = read(R"(From: a@b.example
Content-Type: text/html; charset=utf-8

<div>New words</div><div class="gmail_quote"><div>On a day</div>old words</div>
)");
  EXPECT_EQ(mail.text, "New words");
  EXPECT_EQ(mail.quoted, "On a day\nold words");
}

SENTENCE(received_mail, "a body is in the charset it is in, whatever it says") {
  const auto body = [](std::string_view charset, std::string_view bytes) {
    const std::string raw =
        "From: a@b.example\r\nContent-Type: text/plain; charset=" + std::string(charset) +
        "\r\n\r\n" + std::string(bytes);
    return open_mail(raw).mail.text;
  };
  EXPECT_EQ(body("us-ascii",
                 "ma\xC3\xB1"
                 "ana"),
            "mañana");
  EXPECT_EQ(body("iso-8859-1", "5 \x80"), "5 €");
  EXPECT_EQ(body("utf-8",
                 "a\xFF"
                 "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(body("klingon",
                 "ma\xF1"
                 "ana"),
            "mañana");
  EXPECT_EQ(body("utf-7", "a +AOk-"), "a é");
  EXPECT_EQ(body("utf-8", std::string_view("a\0b\x07"
                                           "c",
                                           5)),
            "abc");
}

SENTENCE(received_mail, "base64 in pieces is read to its end") {
  EXPECT_EQ(read("From: a@b.example\nContent-Transfer-Encoding: base64\n\nYQ==\nYmM=\nZA\n").text,
            "abcd");
}

SENTENCE(received_mail, "broken mails are read as far as they go") {
  EXPECT_FALSE(read("").from);
  EXPECT_FALSE(read("From: nobody\n\nhello").from);
  EXPECT_EQ(read("From: a@b.example\nhello").text, "hello");
  EXPECT_EQ(
      read("From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhello").text,
      "hello");
  EXPECT_EQ(read("From: a@b.example\nFrom: c@d.example\n\nhello").from->text(), "a@b.example");
}

SENTENCE(received_mail, "depth, parts and files have limits, and what lies beyond is told") {
  std::string deep = "From: a@b.example\r\n";
  for (int i = 0; i < 1000; ++i) {
    const std::string name = "b" + std::to_string(i);
    deep += "Content-Type: multipart/mixed; boundary=" + name + "\r\n\r\n--" + name + "\r\n";
  }
  EXPECT_FALSE(open_mail(deep).mime.is_whole);
  std::string wide = "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n";
  for (int i = 0; i < 100'000; ++i) {
    wide += "--x\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n";
  }
  const auto mail = open_mail(wide).mail;
  EXPECT_EQ(mail.files.size(), most_mail_files);
  EXPECT_FALSE(mail.dropped_files.empty());
}

SENTENCE(received_mail, "a mail of 25 MB takes less than a second") {
  std::string raw =
      "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
      "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  const std::string line = std::string(76, 'A') + "\r\n";
  while (raw.size() + line.size() < largest_mail) raw += line;
  const std::clock_t start = std::clock();
  EXPECT_EQ(open_mail(raw).mail.files.size(), 1U);
  EXPECT_LT(std::clock() - start, 1 * CLOCKS_PER_SEC);
}

struct Dated {
  const char* written;
  const char* read;
};

SENTENCE(received_mail, "dates of every style are read, others are none") {
  const Dated cases[] = {
      {"Tue, 3 Nov 2026 10:00:00 +0200", "2026-11-03T08:00:00Z"},
      {"3 Nov 26 10:00 GMT", "2026-11-03T10:00:00Z"},
      {"Tue,3 Nov 2026 00:30:00 -0130 (comment (nested))", "2026-11-03T02:00:00Z"},
      {"Tue, 31 Feb 2026 10:00:00 +0000", ""},
      {"yesterday", ""},
      {"", ""},
  };
  for (const auto& [written, read] : cases) {
    const auto date = parse_mail_date(written);
    EXPECT_EQ(date ? date->text() : "", read) << written;
  }
}

}  // namespace
}  // namespace cstims
