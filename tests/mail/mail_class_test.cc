#include "mail/mail_class.h"

#include "base/text.h"
#include "support/sentence.h"

namespace cstims {
namespace {

Judged judge(const std::string& header, bool to_bounce_address = false) {
  const std::string raw =
      replace_all("Message-ID: <1@b.example>\n" + header + "\n\nbody\n", "\n", "\r\n");
  const OwnMail own{.instance = "abc",
                    .addresses = {EmailAddress::stored("Support@ours.example")},
                    .list_id = "helpdesk.ours.example",
                    .made_by_us = [](std::string_view id) { return id == "<ours@ours.example>"; }};
  return classify(open_mail(raw), own, to_bounce_address);
}

struct Case {
  const char* header;
  MailClass kind;
};

SENTENCE(mail_class, "each mark of a program is known, and what only looks like one is not") {
  using enum MailClass;
  const Case cases[] = {
      {"From: a@b.example", person},
      {"From: a@b.example\nSubject: Undelivered Mail Returned to Sender", person},
      {"From: a@b.example\nAuto-Submitted: no", person},
      {"From: a@b.example\nAuto-Submitted: auto-forwarded", person},
      {"From: a@b.example\nX-Auto-Response-Suppress: All", person},
      {"From: a@b.example\nList-Unsubscribe: <https://b.example>", person},
      {"From: support@OURS.example", own},
      {"From: a@b.example\nX-CSTIMS-Loop: abc", own},
      {"From: a@b.example\nX-CSTIMS-Loop: another", person},
      {"From: MAILER-DAEMON@b.example", bounce},
      {"From: Postmaster@b.example", bounce},
      {"From: MAILER-DAEMON", bounce},
      {"From: Mail <MAILER-DAEMON>", bounce},
      {"From: a@b.example\nReturn-Path: <>", bounce},
      {"From: a@b.example\nX-Failed-Recipients: c@d.example", bounce},
      {"From: a@b.example\nContent-Type: multipart/report; report-type=delivery-status", bounce},
      {"From: a@b.example\nContent-Type: multipart/report; report-type=feedback-report", report},
      {"From: a@b.example\nContent-Type: multipart/report; report-type=disposition-notification",
       report},
      {"From: a@b.example\nAuto-Submitted: auto-replied", auto_reply},
      {"From: a@b.example\nAuto-Submitted: Auto-Replied; owner-email=x", auto_reply},
      {"From: a@b.example\nAuto-Submitted: auto-generated (failure)", auto_reply},
      {"From: a@b.example\nReturn-Path: <>\nAuto-Submitted: auto-replied", auto_reply},
      {"From: a@b.example\nPrecedence: auto_reply", auto_reply},
      {"From: a@b.example\nPrecedence: bulk", auto_reply},
      {"From: a@b.example\nPrecedence: junk", auto_reply},
      {"From: a@b.example\nX-Autoreply: yes", auto_reply},
      {"From: a@b.example\nX-FC-MachineGenerated: true", auto_reply},
      {"From: a@b.example\nX-MS-Exchange-Inbox-Rules-Loop: x\nX-Auto-Response-Suppress: All",
       auto_reply},
      {"From: a@b.example\nX-MS-Exchange-Inbox-Rules-Loop: x", person},
      {"From: a@b.example\nPrecedence: list", list},
      {"From: a@b.example\nList-Id: News <news.b.example>", list},
      {"From: a@b.example\nList-Id: Us <Helpdesk.ours.example>\nPrecedence: list", person},
      {"From: a@b.example\nList-Id: Us <helpdesk.ours.example>\nPrecedence: bulk", person},
  };
  for (const auto& [header, kind] : cases) {
    EXPECT_EQ(text(judge(header).kind), text(kind)) << header;
  }
  EXPECT_EQ(judge("From: a@b.example", true).kind, bounce);
}

SENTENCE(mail_class, "a mail that went round in circles is dropped") {
  std::string hops = "From: a@b.example";
  for (int i = 0; i < 50; ++i) hops += "\nReceived: from a by b";
  EXPECT_EQ(judge(hops).kind, MailClass::person);
  EXPECT_EQ(judge(hops + "\nReceived: from a by b").kind, MailClass::loop);
}

}  // namespace
}  // namespace cstims
