#include "mail/mail_codes.h"

#include "base/secret.h"
#include "base/text.h"
#include "mail/mail_key_store.h"
#include "mail/outbox.h"
#include "mail/outbox_store.h"
#include "support/world.h"

namespace cstims {

namespace {

using test::World;

const MailKeys keys{{std::string(32, 'k')}};
const EmailAddress tickets = EmailAddress::parse("Tickets@arfnet.example").value();
const EmailAddress bounce = EmailAddress::parse("bounce@arfnet.example").value();
const TicketCopy copy{TicketId(12), MailReader::client(UserId(7))};

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// The same with another last letter of its code.
std::string forged(std::string text, std::size_t at) {
  text[at] = text[at] == 'a' ? 'b' : 'a';
  return text;
}

std::string field(const std::string& headers, std::string_view name) {
  for (const auto line : split(headers, '\n')) {
    if (line.starts_with(std::string(name) + ": "))
      return std::string(line.substr(name.size() + 2));
  }
  return {};
}

OutgoingMail ticket_mail(const std::string& event, const std::string& to, MailReader reader) {
  return {.kind = "test",
          .view = "test",
          .event = event,
          .to = EmailAddress::parse(to).value(),
          .fill = [](Dictionary& values) { values.set("NAME", "Ada"); },
          .ticket = TicketId(12),
          .reader = reader};
}

StoredMail stored(World& world, MessageId id) {
  return world.database().read(
      [&](Transaction& tx) { return find_outbox_message(tx, id).value().mail; });
}

std::optional<MessageId> queue(World& world, const OutgoingMail& mail, bool by_mail = false) {
  return world.database().write([&](Transaction& tx) {
    const Viewer ada = world.ada();
    Act act{tx, ada, world.mailer(), world.site(), by_mail};
    return queue_mail(act, mail);
  });
}

}  // namespace

SENTENCE(mail_codes, "a code has 16 letters and digits, known in any case") {
  const std::string code = mail_code(keys.keys.front(), MailCodePurpose::reply, "12|c7");
  EXPECT_EQ(code.size(), 16U);
  EXPECT_EQ(code.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567"), std::string::npos);
  EXPECT_TRUE(is_mail_code(keys, MailCodePurpose::reply, "12|c7", upper(code)));
}

// Computed with Python's hmac and base64.b32encode.
SENTENCE(mail_codes, "a code is HMAC-SHA256 as others compute it") {
  EXPECT_EQ(mail_code(std::string(32, 'k'), MailCodePurpose::reply, "12|c7"), "pln4frglxvcumwot");
}

SENTENCE(mail_codes, "a code of one purpose, ticket, person or key is no other's") {
  const std::string code = mail_code(keys.keys.front(), MailCodePurpose::reply, "12|c7");
  EXPECT_FALSE(is_mail_code(keys, MailCodePurpose::message_id, "12|c7", code));
  EXPECT_FALSE(is_mail_code(keys, MailCodePurpose::bounce, "12|c7", code));
  EXPECT_FALSE(is_mail_code(keys, MailCodePurpose::reply, "13|c7", code));
  EXPECT_FALSE(is_mail_code(keys, MailCodePurpose::reply, "12|c8", code));
  EXPECT_FALSE(is_mail_code(keys, MailCodePurpose::reply, "12|l", code));
  EXPECT_FALSE(is_mail_code({{std::string(32, 'x')}}, MailCodePurpose::reply, "12|c7", code));
  EXPECT_FALSE(is_mail_code(keys, MailCodePurpose::reply, "12|c7", ""));
  EXPECT_FALSE(is_mail_code(keys, MailCodePurpose::reply, "12|c7", code + "a"));
}

SENTENCE(mail_codes, "an address for replies says which ticket and whose copy it was") {
  for (const MailReader reader :
       {MailReader::client(UserId(7)), MailReader::staff(UserId(3)), MailReader::list()}) {
    const TicketCopy sent{TicketId(12), reader};
    const auto address = reply_address(tickets, keys, sent);
    ASSERT_TRUE(address);
    EXPECT_TRUE(address->text().starts_with("Tickets+12." + reader.text() + "."))
        << address->text();
    EXPECT_EQ(read_reply_address(address->text(), tickets, keys), sent);
    EXPECT_EQ(read_reply_address(upper(address->text()), tickets, keys), sent);
  }
}

SENTENCE(mail_codes, "an address with another ticket, person, code or host is none of ours") {
  const std::string address = reply_address(tickets, keys, copy).value().text();
  const std::size_t at = address.find('@');
  EXPECT_FALSE(read_reply_address(forged(address, at - 1), tickets, keys));
  EXPECT_FALSE(read_reply_address(replace_all(address, "+12.", "+13."), tickets, keys));
  EXPECT_FALSE(read_reply_address(replace_all(address, ".c7.", ".c8."), tickets, keys));
  EXPECT_FALSE(read_reply_address(replace_all(address, ".c7.", ".s7."), tickets, keys));
  EXPECT_FALSE(read_reply_address(replace_all(address, ".c7.", ".l."), tickets, keys));
  EXPECT_FALSE(read_reply_address(address.substr(0, at) + "@other.example", tickets, keys));
  EXPECT_FALSE(read_reply_address("tickets@arfnet.example", tickets, keys));
  EXPECT_FALSE(read_reply_address("tickets+@arfnet.example", tickets, keys));
  EXPECT_FALSE(read_reply_address("tickets+12.c7.@arfnet.example", tickets, keys));
  EXPECT_FALSE(read_reply_address("", tickets, keys));
}

SENTENCE(mail_codes, "an address for replies stays within 64 octets, or there is none") {
  const TicketCopy largest{TicketId(9223372036854775807), MailReader::client(UserId(7))};
  const auto address = reply_address(tickets, keys, largest);
  ASSERT_TRUE(address);
  EXPECT_LE(address->local_part().size(), 64U);
  const auto long_base = EmailAddress::parse(std::string(60, 'a') + "@arfnet.example").value();
  EXPECT_FALSE(reply_address(long_base, keys, copy));
}

SENTENCE(mail_codes, "Message-IDs name ticket, entry and reader, and never repeat") {
  const std::string id = ticket_message_id("arfnet.example", keys, copy, TicketEntryId(34));
  EXPECT_TRUE(id.starts_with("<t12.e34.c7.")) << id;
  EXPECT_TRUE(id.ends_with("@arfnet.example>")) << id;
  EXPECT_EQ(read_ticket_message_id(id, keys), copy);
  EXPECT_EQ(read_ticket_message_id(upper(id), keys), copy);
  EXPECT_NE(id, ticket_message_id("arfnet.example", keys, copy, TicketEntryId(34)));
  EXPECT_TRUE(ticket_message_id("h", keys, copy, {}).starts_with("<t12.e0.c7."));
}

SENTENCE(mail_codes, "a guessed or changed Message-ID is none of ours") {
  const std::string id = ticket_message_id("arfnet.example", keys, copy, TicketEntryId(34));
  EXPECT_FALSE(read_ticket_message_id(forged(id, id.find('@') - 1), keys));
  EXPECT_FALSE(read_ticket_message_id(replace_all(id, "<t12.", "<t13."), keys));
  EXPECT_FALSE(read_ticket_message_id(replace_all(id, ".e34.", ".e35."), keys));
  EXPECT_FALSE(read_ticket_message_id(replace_all(id, ".c7.", ".s7."), keys));
  for (const char* other : {"", "<>", "<@>", "<t12.root@arfnet.example>", "t12.e34.c7.x.y@h",
                            "<t12.e34.c7.x.y>", "<t12.e34.c7.x.y@h>", "<1@b.example>"}) {
    EXPECT_FALSE(read_ticket_message_id(other, keys)) << other;
  }
}

SENTENCE(mail_codes, "an address for bounces says which mail it was") {
  const auto address = bounce_address(bounce, keys, MessageId(12));
  ASSERT_TRUE(address);
  EXPECT_TRUE(address->text().starts_with("bounce+12-")) << address->text();
  EXPECT_EQ(read_bounce_address(upper(address->text()), bounce, keys), MessageId(12));
  EXPECT_FALSE(read_bounce_address(replace_all(address->text(), "+12-", "+13-"), bounce, keys));
  EXPECT_FALSE(read_bounce_address("bounce@arfnet.example", bounce, keys));
  EXPECT_FALSE(read_reply_address(address->text(), bounce, keys));
}

SENTENCE(mail_codes, "an address of ours is known with and without something after a plus sign") {
  EXPECT_TRUE(is_address_of(tickets, "tickets@ARFNET.example"));
  EXPECT_TRUE(is_address_of(tickets, "tickets+12.c7.x@arfnet.example"));
  EXPECT_FALSE(is_address_of(tickets, "tickets2@arfnet.example"));
  EXPECT_FALSE(is_address_of(tickets, "tickets+x@arfnet.example.org"));
}

DATABASE_SENTENCE(mail_codes, "codes of two keys are good, of the one before them no more") {
  const auto keys_now = [&] {
    return world.database().write([](Transaction& tx) { return require_mail_keys(tx); });
  };
  const auto rotate = [&] { world.database().write([](Transaction& tx) { rotate_mail_key(tx); }); };
  const MailKeys first = keys_now();
  ASSERT_EQ(first.keys.size(), 1U);
  EXPECT_EQ(keys_now().keys, first.keys) << "it is made once";
  const std::string address = reply_address(tickets, first, copy).value().text();
  rotate();
  EXPECT_EQ(keys_now().keys.size(), 2U);
  EXPECT_NE(keys_now().keys.front(), first.keys.front());
  EXPECT_EQ(read_reply_address(address, tickets, keys_now()), copy);
  rotate();
  EXPECT_EQ(keys_now().keys.size(), 2U);
  EXPECT_FALSE(read_reply_address(address, tickets, keys_now()));
}

// ---- what goes out ----------------------------------------------------------------------------

DATABASE_SENTENCE(mail_codes, "each copy of a ticket's mail is answered to an address of its own") {
  world.site().mail_in.reply_address = tickets;
  const MailKeys own =
      world.database().write([](Transaction& tx) { return require_mail_keys(tx); });
  const std::vector<MailReader> readers{MailReader::client(UserId(1)), MailReader::staff(UserId(3)),
                                        MailReader::list()};
  for (const MailReader reader : readers) {
    const auto mail = stored(
        world, queue(world, ticket_mail("one", reader.text() + "@example.org", reader)).value());
    const TicketCopy sent{TicketId(12), reader};
    EXPECT_EQ(read_reply_address(field(mail.headers, "Reply-To"), tickets, own), sent);
    EXPECT_EQ(read_ticket_message_id(mail.message_id, own), sent);
    EXPECT_EQ(mail.text.find("-- Reply above this line --\n"), 0U);
    EXPECT_NE(mail.html.find("data-reply-line"), std::string::npos);
  }
}

DATABASE_SENTENCE(mail_codes, "without an address for replies none is named") {
  const auto mail = stored(
      world,
      queue(world, ticket_mail("one", "ada@example.org", MailReader::client(UserId(1)))).value());
  EXPECT_EQ(mail.headers.find("Reply-To"), std::string::npos);
  EXPECT_EQ(mail.text.find("Reply above"), std::string::npos);
  EXPECT_EQ(mail.html.find("data-reply-line"), std::string::npos);
}

DATABASE_SENTENCE(mail_codes, "the envelope's sender names the mail that may come back") {
  world.site().mail_in.bounce_address = bounce;
  const auto id =
      queue(world, ticket_mail("one", "ada@example.org", MailReader::client(UserId(1)))).value();
  const MailKeys own =
      world.database().write([](Transaction& tx) { return require_mail_keys(tx); });
  EXPECT_EQ(read_bounce_address(stored(world, id).envelope_from, bounce, own), id);
  world.site().mail_in.bounce_address.reset();
  const auto plain =
      queue(world, ticket_mail("two", "ada@example.org", MailReader::client(UserId(1)))).value();
  EXPECT_EQ(stored(world, plain).envelope_from, world.site().mail_from.text());
}

DATABASE_SENTENCE(mail_codes, "what refuses a mail comes from nobody and answers that mail") {
  world.site().mail_in.bounce_address = bounce;
  OutgoingMail mail = ticket_mail("one", "ada@example.org", MailReader::client(UserId(1)));
  mail.ticket.reset();
  mail.reader.reset();
  mail.refuses_mail = true;
  mail.answered_id = "<1@b.example>";
  const auto found = stored(world, queue(world, mail, true).value());
  EXPECT_EQ(found.envelope_from, "");
  EXPECT_EQ(field(found.headers, "Auto-Submitted"), "auto-replied");
  EXPECT_EQ(field(found.headers, "X-Auto-Response-Suppress"), "All");
  EXPECT_EQ(field(found.headers, "In-Reply-To"), "<1@b.example>");
  mail.event = "two";
  mail.answered_id = "<1@b.example>\nBcc: eve@example.org";
  EXPECT_EQ(stored(world, queue(world, mail, true).value()).headers.find("In-Reply-To"),
            std::string::npos);
}

DATABASE_SENTENCE(mail_codes, "a machine's mail says auto-replied only to whom it answers") {
  const auto said = [&](const std::string& event, MailReader reader, bool by_mail) {
    const auto id = queue(world, ticket_mail(event, event + "@example.org", reader), by_mail);
    return field(stored(world, id.value()).headers, "Auto-Submitted");
  };
  EXPECT_EQ(said("one", MailReader::client(UserId(1)), true), "auto-replied");
  EXPECT_EQ(said("two", MailReader::client(UserId(1)), false), "auto-generated");
  EXPECT_EQ(said("three", MailReader::client(UserId(2)), true), "auto-generated");
  EXPECT_EQ(said("four", MailReader::list(), true), "auto-generated");
}

DATABASE_SENTENCE(mail_codes,
                  "automatic mail that mails cause stops at 5 in ten minutes, 20 a day") {
  int number = 0;
  const auto send = [&](bool by_mail) {
    const auto mail = ticket_mail("mail " + std::to_string(++number), "ada@example.org",
                                  MailReader::client(UserId(1)));
    return queue(world, mail, by_mail).has_value();
  };
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(send(true));
  EXPECT_FALSE(send(true));
  EXPECT_FALSE(send(true));
  int told = 0;
  for (const auto& mail : world.mails()) told += mail.kind == "automatic mail held back" ? 1 : 0;
  EXPECT_EQ(told, 1) << "the operator hears of it once a day";
  EXPECT_TRUE(send(false)) << "what a person does on a page is told";
  int sent = 6;
  for (int i = 0; i < 6 * 24 - 1; ++i) {
    world.clock().advance(std::chrono::minutes(10));
    if (send(true)) ++sent;
  }
  EXPECT_LE(sent, 20);
  world.clock().advance(std::chrono::hours(24));
  EXPECT_TRUE(send(true));
}

DATABASE_SENTENCE(mail_codes, "replies of persons and mail to the staff are not counted") {
  for (int i = 0; i < 8; ++i) {
    OutgoingMail mail =
        ticket_mail("mail " + std::to_string(i), "ada@example.org", MailReader::client(UserId(1)));
    mail.origin = MailOrigin::person;
    EXPECT_TRUE(queue(world, mail, true));
    EXPECT_TRUE(queue(
        world,
        ticket_mail("mail " + std::to_string(i), "grace@example.org", MailReader::staff(UserId(3))),
        true));
  }
}

DATABASE_SENTENCE(mail_codes, "no automatic mail goes to an address that we receive on") {
  world.site().mail_in.reply_address = tickets;
  world.site().mail_in.bounce_address = bounce;
  const auto goes = [&](const std::string& to) {
    return queue(world, ticket_mail(to, to, MailReader::client(UserId(1)))).has_value();
  };
  EXPECT_FALSE(goes("portal@example.test"));
  EXPECT_FALSE(goes("tickets@arfnet.example"));
  EXPECT_FALSE(goes("TICKETS+12.c7.abc@arfnet.example"));
  EXPECT_FALSE(goes("bounce+9-x@arfnet.example"));
  EXPECT_TRUE(goes("ada@arfnet.example"));
}

}  // namespace cstims
