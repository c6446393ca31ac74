#include "mail/outbox_store.h"

#include <algorithm>

#include "base/text.h"
#include "db/page_query.h"

namespace cstims {

namespace {

constexpr std::chrono::hours tried_for{72};
constexpr std::chrono::hours bodies_kept_for{90 * 24};

#define MAIL_COLUMNS                                                 \
  "id, recipient, recipient_name, message_id, boundary, mail_date, " \
  "from_address, envelope_from, from_name, subject, body_text, body_html, headers, documents"
#define ROW_COLUMNS                                                   \
  "id, event, kind, recipient, subject, ticket_id, state, attempts, " \
  "next_attempt_at, last_reply, created_at, finished_at"

StoredMail stored_mail(const Row& row) {
  return {.id = row.id<OutboxMessage>("id"),
          .from = EmailAddress::stored(row.text("from_address")),
          .from_name = row.text("from_name"),
          .to = EmailAddress::stored(row.text("recipient")),
          .to_name = row.text("recipient_name"),
          .message_id = row.text("message_id"),
          .boundary = row.text("boundary"),
          .date = row.text("mail_date"),
          .subject = row.text("subject"),
          .text = row.text("body_text"),
          .html = row.text("body_html"),
          .envelope_from = row.maybe_text("envelope_from").value_or(row.text("from_address")),
          .headers = row.text("headers")};
}

std::vector<std::string> documents_of(const Row& row) {
  std::vector<std::string> documents;
  const auto references = row.text("documents");
  for (const std::string_view reference : split(references, '\n')) {
    if (!reference.empty()) documents.emplace_back(reference);
  }
  return documents;
}

OutboxRow outbox_row(const Row& row) {
  const auto state = parse_outbox_state(row.text("state"));
  if (!state) throw DatabaseError("unknown state of a mail: " + row.text("state"));
  return {.id = row.id<OutboxMessage>("id"),
          .event = row.text("event"),
          .kind = row.text("kind"),
          .recipient = row.text("recipient"),
          .subject = row.text("subject"),
          .ticket = row.maybe_id<Ticket>("ticket_id"),
          .state = *state,
          .attempts = row.number("attempts"),
          .next_attempt_at = row.instant("next_attempt_at"),
          .last_reply = row.text("last_reply"),
          .created_at = row.instant("created_at"),
          .finished_at = row.maybe_instant("finished_at")};
}

}  // namespace

std::string_view text(OutboxState state) {
  switch (state) {
    case OutboxState::waiting:
      return "waiting";
    case OutboxState::sent:
      return "sent";
    case OutboxState::dead:
      return "dead";
  }
  throw std::logic_error("a state of a mail that is none");
}

std::optional<OutboxState> parse_outbox_state(std::string_view name) {
  for (const auto state : {OutboxState::waiting, OutboxState::sent, OutboxState::dead}) {
    if (text(state) == name) return state;
  }
  return std::nullopt;
}

// ---- writing ----------------------------------------------------------------------------------

constexpr Statement insert_outbox{"insert outbox", R"(
  insert into outbox (event, kind, recipient, recipient_name, message_id, boundary, mail_date,
                      from_address, from_name, subject, body_text, body_html, headers, documents,
                      ticket_id, envelope_from, counted, next_attempt_at, give_up_at, created_at)
  values (:event, :kind, :recipient, :recipient_name, :message_id, :boundary, :mail_date,
          :from_address, :from_name, :subject, :body_text, :body_html, :headers, :documents,
          :ticket, :envelope_from, :counted, :now, :give_up_at, :now)
  on conflict (event, kind, recipient) do nothing
  returning id)"};

namespace {

Parameters parameters_of(const NewMail& mail, Instant now) {
  const StoredMail& stored = mail.mail;
  const bool as_from = stored.envelope_from == stored.from.text();
  return {{"event", mail.event},
          {"kind", mail.kind},
          {"recipient", stored.to.text()},
          {"recipient_name", stored.to_name},
          {"message_id", stored.message_id},
          {"boundary", stored.boundary},
          {"mail_date", stored.date},
          {"from_address", stored.from.text()},
          {"from_name", stored.from_name},
          {"subject", stored.subject},
          {"body_text", stored.text},
          {"body_html", stored.html},
          {"headers", stored.headers},
          {"documents", join(mail.documents, "\n")},
          {"ticket", mail.ticket},
          {"envelope_from", as_from ? std::nullopt : std::optional(stored.envelope_from)},
          {"counted", mail.counted},
          {"now", now},
          {"give_up_at", now.plus(tried_for)}};
}

}  // namespace

std::vector<std::optional<MessageId>> insert_mails(Transaction& tx,
                                                   const std::vector<NewMail>& mails) {
  std::vector<Parameters> all;
  for (const auto& mail : mails) all.push_back(parameters_of(mail, tx.now()));
  std::vector<std::optional<MessageId>> inserted;
  for (const auto& rows : tx.select_each(insert_outbox, all)) {
    inserted.push_back(rows.empty() ? std::nullopt
                                    : std::optional(rows.front().id<OutboxMessage>("id")));
  }
  return inserted;
}

// Of one second what we sent is the newer: it answers what came.
constexpr Statement list_thread_of_ticket{"mails of a ticket", R"(
  select message_id
  from (
    select message_id, created_at as at, 1 as sent, id
    from outbox
    where ticket_id = :ticket
      and recipient = :recipient
      and state <> 'dead'
    union all
    select message_id, received_at as at, 0 as sent, id
    from inbound_mails
    where ticket_id = :ticket
      and sender = :sender
      and verdict = 'taken'
      and message_id <> ''
  ) as thread
  order by at desc, sent desc, id desc
  limit :limit)"};

std::vector<std::string> list_thread(Transaction& tx, TicketId ticket,
                                     const EmailAddress& recipient, int limit) {
  std::vector<std::string> ids;
  const Parameters parameters{{"ticket", ticket},
                              {"recipient", recipient.text()},
                              {"sender", recipient.key()},
                              {"limit", limit}};
  for (const Row& row : tx.select(list_thread_of_ticket, parameters)) {
    ids.push_back(row.text("message_id"));
  }
  return ids;
}

constexpr Statement count_counted_mails{"automatic mails to an address", R"(
  select count(*) as total
  from outbox
  where recipient = :recipient
    and counted = 1
    and created_at > :since)"};

std::int64_t count_automatic_mails(Transaction& tx, const EmailAddress& recipient, Instant since) {
  return tx.require(count_counted_mails, {{"recipient", recipient.text()}, {"since", since}})
      .number("total");
}

constexpr Statement update_envelope_sender_of_mail{"envelope sender of a mail", R"(
  update outbox
  set envelope_from = :sender
  where id = :message)"};

void update_envelope_sender(Transaction& tx, MessageId message, const EmailAddress& sender) {
  tx.post(update_envelope_sender_of_mail, {{"message", message}, {"sender", sender.text()}});
}

// ---- sending ----------------------------------------------------------------------------------

#define DUE_MAILS                                                \
  "select due.id"                                                \
  "  from outbox as due"                                         \
  "  where due.state = 'waiting'"                                \
  "    and due.next_attempt_at <= :now"                          \
  "    and (due.lease_until is null or due.lease_until <= :now)" \
  "    and not exists ("                                         \
  "      select 1"                                               \
  "      from outbox as earlier"                                 \
  "      where earlier.ticket_id = due.ticket_id"                \
  "        and earlier.recipient = due.recipient"                \
  "        and earlier.id < due.id"                              \
  "        and earlier.state = 'waiting')"                       \
  "  order by due.next_attempt_at, due.id"                       \
  "  limit :limit"
#define CLAIM "update outbox set lease_token = :token, lease_until = :until where id "
#define CLAIMED " returning " MAIL_COLUMNS ", attempts, give_up_at"
// On PostgreSQL the array makes the inner select run exactly once: with `in` it might run again for
// each row and lock others.
constexpr Statement claim_outbox{"claim outbox", CLAIM "in (" DUE_MAILS ")" CLAIMED,
                                 CLAIM "= any (array(" DUE_MAILS
                                       " for update of due skip locked))" CLAIMED};

std::vector<ClaimedMail> claim_mails(Transaction& tx, const MailLease& lease, int limit) {
  std::vector<ClaimedMail> mails;
  const Parameters parameters{
      {"token", lease.token}, {"until", lease.until}, {"now", tx.now()}, {"limit", limit}};
  for (const Row& row : tx.select(claim_outbox, parameters)) {
    mails.push_back({.mail = stored_mail(row),
                     .documents = documents_of(row),
                     .attempts = static_cast<int>(row.number("attempts")),
                     .give_up_at = row.instant("give_up_at")});
  }
  std::ranges::sort(mails, {}, [](const ClaimedMail& claimed) { return claimed.mail.id; });
  return mails;
}

constexpr Statement mark_outbox{"mark outbox", R"(
  update outbox
  set state = :state,
      attempts = attempts + 1,
      last_reply = :reply,
      next_attempt_at = :next_attempt_at,
      finished_at = :finished_at,
      lease_token = null,
      lease_until = null
  where id = :message
    and lease_token = :token
    and state = 'waiting')"};
constexpr Statement insert_outbox_attempt{"insert outbox attempt", R"(
  insert into outbox_attempts (outbox_id, at, outcome, reply)
  values (:message, :now, :outcome, :reply))"};

bool mark_attempt(Transaction& tx, MessageId message, const MailLease& lease,
                  const Attempt& attempt) {
  const bool finished = attempt.state != OutboxState::waiting;
  const std::string reply = shorten(single_line(attempt.reply), 500);
  const std::int64_t touched =
      tx.execute(mark_outbox, {{"state", text(attempt.state)},
                               {"reply", reply},
                               {"next_attempt_at", finished ? tx.now() : attempt.next_attempt_at},
                               {"finished_at", finished ? std::optional(tx.now()) : std::nullopt},
                               {"message", message},
                               {"token", lease.token}});
  if (touched == 0) return false;
  tx.execute(insert_outbox_attempt, {{"message", message},
                                     {"now", tx.now()},
                                     {"outcome", finished ? text(attempt.state) : "retry"},
                                     {"reply", reply}});
  return true;
}

constexpr Statement release_outbox{"release outbox", R"(
  update outbox
  set lease_token = null,
      lease_until = null
  where state = 'waiting'
    and lease_token = :token)"};

void release_mails(Transaction& tx, const MailLease& lease) {
  tx.execute(release_outbox, {{"token", lease.token}});
}

constexpr Statement find_next_due{"next mail due", R"(
  select next_attempt_at
  from outbox
  where state = 'waiting'
  order by next_attempt_at, id
  limit 1)"};

std::optional<Instant> next_mail_due(Transaction& tx) {
  const auto row = tx.find(find_next_due);
  return row ? std::optional(row->instant("next_attempt_at")) : std::nullopt;
}

// ---- people -----------------------------------------------------------------------------------

ListingRules outbox_listing_rules() {
  return {.sorts = {"-id"}, .filters = {{"state", {"waiting", "sent", "dead"}}}};
}

Page<OutboxRow> list_outbox(Transaction& tx, const Listing& listing) {
  std::string where = " from outbox where 1 = 1";
  Parameters parameters;
  if (const std::string state = listing.filter("state"); !state.empty()) {
    where += " and state = :state";
    parameters.push_back({"state", state});
  }
  if (!listing.search.empty()) {
    where += R"( and (lower(recipient) like :search escape '\')"
             R"( or lower(subject) like :search escape '\'))";
    parameters.push_back({"search", "%" + escape_like(lower_ascii(listing.search)) + "%"});
  }
  const PageQuery query{
      "outbox", "select " ROW_COLUMNS + where + " order by id desc limit :limit offset :offset",
      where, std::move(parameters)};
  return select_page(tx, listing, query, outbox_row);
}

constexpr Statement find_outbox_row{"outbox row", "select " ROW_COLUMNS R"(
  from outbox
  where id = :message)"};
constexpr Statement find_outbox_mail{"outbox mail", "select " MAIL_COLUMNS R"(
  from outbox
  where id = :message)"};
constexpr Statement list_attempts{"outbox attempts", R"(
  select at, outcome, reply
  from outbox_attempts
  where outbox_id = :message
  order by id)"};

std::optional<OutboxMessage> find_outbox_message(Transaction& tx, MessageId message) {
  const Parameters parameters{{"message", message}};
  const auto row = tx.find(find_outbox_row, parameters);
  if (!row) return std::nullopt;
  const Row mail = tx.require(find_outbox_mail, parameters);
  OutboxMessage found{.row = outbox_row(*row),
                      .mail = stored_mail(mail),
                      .documents = documents_of(mail),
                      .attempts = {}};
  for (const Row& attempt : tx.select(list_attempts, parameters)) {
    found.attempts.push_back({.at = attempt.instant("at"),
                              .outcome = attempt.text("outcome"),
                              .reply = attempt.text("reply")});
  }
  return found;
}

constexpr Statement revive_outbox{"resend mail", R"(
  update outbox
  set state = 'waiting',
      attempts = 0,
      next_attempt_at = :now,
      give_up_at = :give_up_at,
      finished_at = null
  where id = :message
    and state = 'dead'
    and body_html <> '')"};

constexpr Statement believe_address{"address of a mail to be sent again", R"(
  delete from undeliverable_addresses
  where address in (select lower(recipient) from outbox where id = :message))"};

bool resend_message(Transaction& tx, MessageId message) {
  tx.execute(believe_address, {{"message", message}});
  return tx.execute(revive_outbox, {{"now", tx.now()},
                                    {"give_up_at", tx.now().plus(tried_for)},
                                    {"message", message}}) == 1;
}

constexpr Statement forget_bodies{"forget bodies of mails", R"(
  update outbox
  set body_text = '',
      body_html = ''
  where id in (
    select id
    from outbox
    where finished_at < :before
      and body_html <> ''
    order by finished_at
    limit :limit))"};

std::int64_t forget_old_bodies(Transaction& tx, int limit) {
  return tx.execute(forget_bodies, {{"before", tx.now().plus(-bodies_kept_for)}, {"limit", limit}});
}

constexpr Statement count_outbox_states{"count outbox states", R"(
  select state, count(*) as total
  from outbox
  where state in ('waiting', 'dead')
  group by state)"};

OutboxCounts count_outbox(Transaction& tx) {
  OutboxCounts counts;
  for (const Row& row : tx.select(count_outbox_states)) {
    (row.text("state") == "dead" ? counts.dead : counts.waiting) = row.number("total");
  }
  return counts;
}

}  // namespace cstims
