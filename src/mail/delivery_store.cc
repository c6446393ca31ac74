#include "mail/delivery_store.h"

#include "base/text.h"

namespace cstims {

namespace {

constexpr std::chrono::hours week{7 * 24};

SentMail sent_mail(const Row& row) {
  return {.id = row.id<struct OutboxMessage>("id"),
          .recipient = EmailAddress::stored(row.text("recipient")),
          .ticket = row.maybe_id<struct Ticket>("ticket_id")};
}

std::string told(std::string_view reply) {
  return shorten(single_line(reply), 500);
}

}  // namespace

constexpr Statement find_outbox_by_id{"sent mail", R"(
  select id, recipient, ticket_id
  from outbox
  where id = :mail)"};
constexpr Statement find_outbox_by_message_id{"sent mail by Message-ID", R"(
  select id, recipient, ticket_id
  from outbox
  where message_id = :message_id)"};
constexpr Statement find_newest_of_recipient{"newest mail to an address", R"(
  select id, recipient, ticket_id
  from outbox
  where recipient = :recipient
    and created_at > :since
  order by id desc
  limit 1)"};

std::optional<SentMail> find_sent_mail(Transaction& tx, MessageId mail) {
  const auto row = tx.find(find_outbox_by_id, {{"mail", mail}});
  return row ? std::optional(sent_mail(*row)) : std::nullopt;
}

std::optional<SentMail> find_sent_mail_by_message_id(Transaction& tx, std::string_view message_id) {
  const auto row = tx.find(find_outbox_by_message_id, {{"message_id", message_id}});
  return row ? std::optional(sent_mail(*row)) : std::nullopt;
}

std::optional<SentMail> find_newest_mail_to(Transaction& tx, const EmailAddress& recipient,
                                            Instant since) {
  const auto row =
      tx.find(find_newest_of_recipient, {{"recipient", recipient.text()}, {"since", since}});
  return row ? std::optional(sent_mail(*row)) : std::nullopt;
}

constexpr Statement mark_outbox_returned{"mail came back", R"(
  update outbox
  set state = 'dead',
      last_reply = :reply,
      finished_at = :now,
      lease_token = null,
      lease_until = null
  where id = :mail
    and state <> 'dead')"};
constexpr Statement insert_return{"attempt that came back", R"(
  insert into outbox_attempts (outbox_id, at, outcome, reply)
  values (:mail, :now, 'dead', :reply))"};

void mark_returned(Transaction& tx, MessageId mail, std::string_view reply) {
  const Parameters parameters{
      {"mail", mail}, {"now", tx.now()}, {"reply", told("came back: " + std::string(reply))}};
  if (tx.execute(mark_outbox_returned, parameters) == 1) tx.execute(insert_return, parameters);
}

constexpr Statement insert_address_fault{"fault of an address", R"(
  insert into address_faults (address, outbox_id, at, reply)
  values (:address, :mail, :now, :reply)
  on conflict (address, outbox_id) do nothing)"};
constexpr Statement count_address_faults{"faults of an address", R"(
  select count(*) as total
  from address_faults
  where address = :address
    and at > :since)"};
constexpr Statement insert_undeliverable{"address cannot be reached", R"(
  insert into undeliverable_addresses (address, since, reply)
  values (:address, :now, :reply)
  on conflict (address) do nothing)"};

bool note_wrong_address(Transaction& tx, const SentMail& mail, std::string_view reply) {
  const std::string address = mail.recipient.key();
  tx.execute(insert_address_fault,
             {{"address", address}, {"mail", mail.id}, {"now", tx.now()}, {"reply", told(reply)}});
  const auto faults =
      tx.require(count_address_faults, {{"address", address}, {"since", tx.now().plus(-week)}})
          .number("total");
  if (faults < 2) return false;
  return tx.execute(insert_undeliverable,
                    {{"address", address}, {"now", tx.now()}, {"reply", told(reply)}}) == 1;
}

constexpr Statement find_undeliverable_address{"undeliverable address", R"(
  select since, reply
  from undeliverable_addresses
  where address = :address)"};
constexpr Statement delete_undeliverable{"address is tried again", R"(
  delete from undeliverable_addresses
  where address = :address)"};
constexpr Statement delete_address_faults{"forget faults of an address", R"(
  delete from address_faults
  where address = :address)"};

std::optional<Undeliverable> find_undeliverable(Transaction& tx, const EmailAddress& address) {
  const auto row = tx.find(find_undeliverable_address, {{"address", address.key()}});
  if (!row) return std::nullopt;
  return Undeliverable{.since = row->instant("since"), .reply = row->text("reply")};
}

constexpr Statement find_facts_of_address{"facts of an address", R"(
  select coalesce((select locale from users where email_key = :address), '') as locale,
    (select count(*) from undeliverable_addresses where address = :address) as undeliverable)"};

std::vector<AddressFacts> list_address_facts(Transaction& tx,
                                             const std::vector<EmailAddress>& addresses) {
  std::vector<Parameters> all;
  for (const auto& address : addresses) all.push_back({{"address", address.key()}});
  std::vector<AddressFacts> facts;
  for (const auto& row : tx.require_each(find_facts_of_address, all)) {
    facts.push_back({row.text("locale"), row.flag("undeliverable")});
  }
  return facts;
}

bool forget_undeliverable(Transaction& tx, const EmailAddress& address) {
  tx.execute(delete_address_faults, {{"address", address.key()}});
  return tx.execute(delete_undeliverable, {{"address", address.key()}}) == 1;
}

}  // namespace cstims
