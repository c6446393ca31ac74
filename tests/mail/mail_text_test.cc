#include "mail/mail_text.h"

#include "base/text.h"
#include "support/sentence.h"

namespace cstims {

namespace {

EmailAddress address(std::string_view text) {
  return EmailAddress::parse(text).value();
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  for (const auto line : split(text, '\n')) longest = std::max(longest, count_characters(line));
  return longest;
}

}  // namespace

SENTENCE(mail_text, "a line of 76 characters stays, one of 77 is folded at its last space") {
  const std::string words76 = std::string(70, 'a') + " " + std::string(5, 'b');
  EXPECT_EQ(wrap_text(words76), words76);
  EXPECT_EQ(wrap_text(words76 + "b"), std::string(70, 'a') + "\n" + std::string(6, 'b'));
}

SENTENCE(mail_text, "folding counts characters, not bytes") {
  std::string accents;
  for (int i = 0; i < 76; ++i) accents += "é";
  EXPECT_EQ(wrap_text(accents), accents);
  EXPECT_EQ(wrap_text("é " + accents), "é\n" + accents);
}

SENTENCE(mail_text, "links and quoted lines are never broken") {
  const std::string link = "https://portal.example.org/verify?code=" + std::string(90, 'x');
  EXPECT_EQ(wrap_text("Confirm here: " + link + " now"), "Confirm here:\n" + link + "\nnow");
  const std::string quote = "> " + std::string(50, 'q') + " " + std::string(50, 'q');
  EXPECT_EQ(wrap_text(quote), quote);
}

SENTENCE(mail_text, "what follows a list item keeps its indent") {
  const std::string word(40, 'w');
  EXPECT_EQ(wrap_text("- " + word + " " + word), "- " + word + "\n  " + word);
  EXPECT_EQ(wrap_text("    " + word + " " + word), "    " + word + "\n    " + word);
}

SENTENCE(mail_text, "folding loses no word and takes linear time") {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "word" + std::to_string(i % 977) + " ";
  const std::string folded = wrap_text(text);
  EXPECT_LE(longest_line(folded), 76u);
  EXPECT_EQ(replace_all(folded, "\n", " "), text);
  EXPECT_EQ(wrap_text(std::string(1'000'000, ' ')).find('\n'), std::string::npos);
  EXPECT_EQ(wrap_text(std::string(1'000'000, 'x')).size(), 1'000'000u);
}

SENTENCE(mail_text, "the subject is the first line, the body what follows the empty lines") {
  const auto parts = split_subject("Your server\r\n\r\n\nHello,\n\nit runs. \n\n");
  EXPECT_EQ(parts.subject, "Your server");
  EXPECT_EQ(parts.body, "Hello,\n\nit runs.");
  EXPECT_EQ(split_subject("Only a subject").body, "");
  EXPECT_EQ(split_subject("").subject, "");
}

SENTENCE(mail_text, "a ticket's subject carries its number once, however often it was answered") {
  const TicketId ticket(12);
  EXPECT_EQ(ticket_subject("ARFNET", ticket, "Disk full", false), "[ARFNET #12] Disk full");
  EXPECT_EQ(ticket_subject("ARFNET", ticket, "Re: RE: [arfnet #12] Re: Disk full", true),
            "Re: [ARFNET #12] Disk full");
  EXPECT_EQ(ticket_subject("ARFNET", ticket, "[ARFNET #13] Disk full", false),
            "[ARFNET #12] [ARFNET #13] Disk full");
}

SENTENCE(mail_text, "subjects and names lose controls and encoded words, and are cut") {
  EXPECT_EQ(header_text("a\r\nBcc: x@example.org", 200), "a Bcc: x@example.org");
  EXPECT_EQ(header_text(std::string_view("a\0b", 3), 200).find('\0'), std::string::npos);
  EXPECT_EQ(header_text("=?utf-8?q?=41?=", 200), "= ?utf-8?q?=41?=");
  EXPECT_EQ(count_characters(header_text(std::string(500, 'x'), longest_subject)), 200u);
}

SENTENCE(mail_text, "a name that looks like an address is no name") {
  EXPECT_EQ(display_name("ceo@bank.example"), "");
  EXPECT_EQ(display_name("Ana P. via ARFNET"), "Ana P. via ARFNET");
}

SENTENCE(mail_text, "robots get no automatic mail, people do") {
  for (const char* robot :
       {"MAILER-DAEMON@example.org", "postmaster@example.org", "noreply@example.org",
        "No-Reply@example.org", "noreply+tag@example.org", "list-request@example.org",
        "owner-list@example.org", "news-bounces@example.org"}) {
    EXPECT_TRUE(refuses_automatic_mail(address(robot))) << robot;
  }
  for (const char* person : {"ada@example.org", "noreplyn@example.org", "postmasters@example.org",
                             "request@example.org", "bouncer@example.org"}) {
    EXPECT_FALSE(refuses_automatic_mail(address(person))) << person;
  }
}

SENTENCE(mail_text, "References begins with the root and keeps the nine newest, oldest first") {
  std::vector<std::string> newest_first;
  for (int i = 12; i > 0; --i) newest_first.push_back("<" + std::to_string(i) + "@h>");
  EXPECT_EQ(references_of("<root@h>", newest_first),
            "<root@h> <4@h> <5@h> <6@h> <7@h> <8@h> <9@h> <10@h> <11@h> <12@h>");
  EXPECT_EQ(references_of("<root@h>", {}), "<root@h>");
}

SENTENCE(mail_text, "Message-IDs never repeat") {
  const std::string one = new_message_id("example.org");
  EXPECT_TRUE(one.ends_with("@example.org>")) << one;
  EXPECT_NE(one, new_message_id("example.org"));
}

}  // namespace cstims
