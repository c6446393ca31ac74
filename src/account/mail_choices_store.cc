#include "account/mail_choices_store.h"

#include "base/failure.h"

namespace cstims {
namespace {

constexpr Statement find_locale{"mail locale of a user", R"(
  select locale
  from users
  where id = :user)"};

constexpr Statement set_locale{"set the mail locale of a user", R"(
  update users
  set locale = :locale
  where id = :user)"};

constexpr Statement find_subscription{"subscription of a user", R"(
  select new_tickets, messages
  from staff_subscriptions
  where user_id = :user)"};

constexpr Statement put_subscription{"subscribe a user", R"(
  insert into staff_subscriptions (user_id, new_tickets, messages)
  values (:user, :new_tickets, :messages)
  on conflict (user_id) do update
  set new_tickets = excluded.new_tickets, messages = excluded.messages)"};

constexpr Statement list_of_new_tickets{"subscribers of new tickets", R"(
  select users.id
  from staff_subscriptions subscriptions
  join users on users.id = subscriptions.user_id
  where subscriptions.new_tickets = 1
    and users.type in ('helpdesk', 'admin')
    and users.status = 'verified'
  order by users.id)"};

constexpr Statement list_of_messages{"subscribers of messages", R"(
  select users.id
  from staff_subscriptions subscriptions
  join users on users.id = subscriptions.user_id
  where (subscriptions.messages = 'all' or (:unassigned = 1 and subscriptions.messages = 'unassigned'))
    and users.type in ('helpdesk', 'admin')
    and users.status = 'verified'
  order by users.id)"};

std::vector<UserId> ids_of(const std::vector<Row>& rows) {
  std::vector<UserId> users;
  for (const Row& row : rows) users.push_back(row.id<struct User>("id"));
  return users;
}

}  // namespace

std::string find_mail_locale(Transaction& tx, UserId user) {
  return tx.require(find_locale, {{"user", user}}).text("locale");
}

TicketMails find_ticket_mails(Transaction& tx, UserId user) {
  const auto row = tx.find(find_subscription, {{"user", user}});
  if (!row) return {};
  const auto messages = parse_message_mails(row->text("messages"));
  if (!messages) throw DatabaseError("a subscription holds an unknown word");
  return {.new_tickets = row->flag("new_tickets"), .messages = *messages};
}

void put_mail_choices(Transaction& tx, UserId user, const MailChoices& choices) {
  tx.execute(set_locale, {{"user", user}, {"locale", choices.locale}});
  if (!choices.tickets) return;
  tx.execute(put_subscription, {{"user", user},
                                {"new_tickets", choices.tickets->new_tickets},
                                {"messages", text(choices.tickets->messages)}});
}

std::vector<UserId> list_subscribers_of_new_tickets(Transaction& tx) {
  return ids_of(tx.select(list_of_new_tickets));
}

std::vector<UserId> list_subscribers_of_messages(Transaction& tx, bool unassigned) {
  return ids_of(tx.select(list_of_messages, {{"unassigned", unassigned}}));
}

}  // namespace cstims
