// Mail for the tests of the inbox: written as programs write it, sent to the world, and what the
// world's own mails say.
#pragma once

#include <string>
#include <vector>

#include "inbox/mail_receiving.h"
#include "mail/mail_key_store.h"
#include "support/world.h"
#include "ticket/desk.h"

namespace cstims::test {

struct Letter {
  std::string from = "Ada <ada@example.test>";
  std::string to = "portal@example.test";
  std::string subject = "No network";
  std::string message_id = "";  // made up when empty
  std::string more = "";        // further fields, each with a line end
  std::string body = "It works again.";
  std::string date = "Tue, 10 Mar 2026 10:00:00 +0100";
};
std::string written(const Letter& letter);
/// multipart/mixed with one file in base64.
std::string written_with_file(const Letter& letter, const std::string& name,
                              const std::string& type, const std::string& content);

/// Answers arrive at tickets@arfnet.example, bounces at bounce@arfnet.example.
void open_post_office(World& world);
InboxParts parts_of(World& world);
ReceivedInbound receive(World& world, const std::string& raw, const std::string& recipient = "");
ReceivedInbound receive(World& world, const Letter& letter, const std::string& recipient = "");

/// The address that a copy of the ticket's mails names for answers.
std::string answers_to(World& world, TicketId ticket, MailReader reader);
std::string message_id_of(World& world, TicketId ticket, MailReader reader);
std::string bounces_to(World& world, MessageId mail);

InboundMailRow row_of(World& world, InboundMailId mail);
std::int64_t count_inbound(World& world);
/// A letter of ada's to her ticket, with her code.
Letter answer(World& world, TicketId ticket, const std::string& body = "It works again.");

}  // namespace cstims::test
