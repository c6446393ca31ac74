#include "mail/delivery_report.h"

#include "base/text.h"
#include "support/sentence.h"

namespace cstims {
namespace {

SENTENCE(delivery_report, "each failed recipient of a report is read") {
  const std::string raw = replace_all(R"(From: MAILER-DAEMON@mx.example
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x

It did not work.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Tue, 3 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; ana@b.example
Original-Recipient: rfc822;Ana@b.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ana@b.example>: Recipient address
    rejected: User unknown

Final-Recipient: rfc822;<bob@b.example>
Action: delayed (will retry)
Status: 4.4.1 (no route)
--x
Content-Type: text/rfc822-headers

From: support@ours.example
Message-ID:
 <t1.e2.c3.x.y@ours.example>
Subject: x
--x--
)",
                                      "\n", "\r\n");
  const auto report = read_delivery_report(read_mime(raw));
  ASSERT_EQ(report.recipients.size(), 2U);
  EXPECT_EQ(report.recipients[0].recipient, "ana@b.example");
  EXPECT_EQ(report.recipients[0].action, "failed");
  EXPECT_EQ(report.recipients[0].status, "5.1.1");
  EXPECT_NE(report.recipients[0].diagnostic.find("rejected: User unknown"), std::string::npos);
  EXPECT_TRUE(says_unknown_user(report.recipients[0]));
  EXPECT_EQ(report.recipients[1].recipient, "bob@b.example");
  EXPECT_EQ(report.recipients[1].action, "delayed");
  EXPECT_EQ(report.recipients[1].status, "4.4.1");
  EXPECT_FALSE(says_unknown_user(report.recipients[1]));
  EXPECT_EQ(report.original_ids, std::vector<std::string>{"<t1.e2.c3.x.y@ours.example>"});
}

SENTENCE(delivery_report, "a report in base64 is read too") {
  const std::string raw =
      "Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: "
      "message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
      base64(
          "Reporting-MTA: dns;x\n\nFinal-Recipient: rfc822;a@b.example\nAction: failed\nStatus: "
          "5.0.0\n") +
      "\r\n--x--\r\n";
  const auto report = read_delivery_report(read_mime(raw));
  ASSERT_EQ(report.recipients.size(), 1U);
  EXPECT_EQ(report.recipients[0].status, "5.0.0");
}

SENTENCE(delivery_report, "a bounce in plain words names whom and why as far as it says") {
  const std::string raw = R"(From: MAILER-DAEMON@mx.example

Hi. This is the program at mx.example.
I'm afraid I wasn't able to deliver your message.

<ana@b.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: <t1.e2.c3.x.y@ours.example>
From: support@ours.example
)";
  const auto report = read_delivery_report(read_mime(raw));
  ASSERT_EQ(report.recipients.size(), 1U);
  EXPECT_EQ(report.recipients[0].recipient, "ana@b.example");
  EXPECT_EQ(report.recipients[0].status, "5.1.1");
  EXPECT_EQ(report.recipients[0].action, "failed");
  EXPECT_EQ(report.original_ids, std::vector<std::string>{"<t1.e2.c3.x.y@ours.example>"});
}

SENTENCE(delivery_report, "numbers that only look like a status are none") {
  const auto status = [](const std::string& words) {
    return read_delivery_report(read_mime("From: postmaster@b.example\n\n" + words))
        .recipients.at(0)
        .status;
  };
  EXPECT_EQ(status("host 192.0.2.5.1.1 said no"), "");
  EXPECT_EQ(status("version 15.1.1 is old"), "");
  EXPECT_EQ(status("550 5.7.26 not accepted"), "5.7.26");
  EXPECT_EQ(status("No such user here"), "5.1.1");
}

}  // namespace
}  // namespace cstims
