#include "inbox/post_office.h"

#include "base/text.h"

namespace cstims::test {
namespace {

constexpr Statement count_inbound_mails{"inbound mails",
                                        "select count(*) as total from inbound_mails"};

MailKeys keys_of(World& world) {
  return world.database().write([](Transaction& tx) { return require_mail_keys(tx); });
}

std::string crlf(const std::string& text) {
  return replace_all(text, "\n", "\r\n");
}

std::string head(const Letter& letter) {
  static int number = 0;
  const std::string id = letter.message_id.empty()
                             ? "<" + std::to_string(++number) + "@mail.example.test>"
                             : letter.message_id;
  return letter.more + "Date: " + letter.date + "\nFrom: " + letter.from + "\nTo: " + letter.to +
         "\nSubject: " + letter.subject + "\nMessage-ID: " + id + "\nMIME-Version: 1.0\n";
}

}  // namespace

std::string written(const Letter& letter) {
  return crlf(head(letter) + "Content-Type: text/plain; charset=utf-8\n\n" + letter.body + "\n");
}

std::string written_with_file(const Letter& letter, const std::string& name,
                              const std::string& type, const std::string& content) {
  return crlf(head(letter) + "Content-Type: multipart/mixed; boundary=b1\n\n--b1\n" +
              "Content-Type: text/plain; charset=utf-8\n\n" + letter.body +
              "\n--b1\nContent-Type: " + type +
              "\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=\"" +
              name + "\"\n\n" + base64(content) + "\n--b1--\n");
}

void open_post_office(World& world) {
  world.site().mail_in.reply_address = EmailAddress::parse("tickets@arfnet.example").value();
  world.site().mail_in.bounce_address = EmailAddress::parse("bounce@arfnet.example").value();
  world.site().mail_in.authserv_id = "mx.arfnet.example";
}

InboxParts parts_of(World& world) {
  return {world.database(), world.files(), world.mailer(), world.site(), world.services().scanner};
}

ReceivedInbound receive(World& world, const std::string& raw, const std::string& recipient) {
  return receive_mail(parts_of(world), raw, "pipe", recipient);
}

ReceivedInbound receive(World& world, const Letter& letter, const std::string& recipient) {
  return receive(world, written(letter), recipient);
}

std::string answers_to(World& world, TicketId ticket, MailReader reader) {
  return reply_address(*world.site().mail_in.reply_address, keys_of(world), {ticket, reader})
      .value()
      .text();
}

std::string message_id_of(World& world, TicketId ticket, MailReader reader) {
  return ticket_message_id(world.site().mail_from.domain(), keys_of(world), {ticket, reader}, {});
}

std::string bounces_to(World& world, MessageId mail) {
  return bounce_address(*world.site().mail_in.bounce_address, keys_of(world), mail).value().text();
}

InboundMailRow row_of(World& world, InboundMailId mail) {
  return world.database().read([&](Transaction& tx) { return require_inbound_mail(tx, mail); });
}

std::int64_t count_inbound(World& world) {
  return world.database().read(
      [](Transaction& tx) { return tx.require(count_inbound_mails).number("total"); });
}

Letter answer(World& world, TicketId ticket, const std::string& body) {
  return {.to = answers_to(world, ticket, MailReader::client(*world.ada().user)), .body = body};
}

}  // namespace cstims::test
