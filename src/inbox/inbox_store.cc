#include "inbox/inbox_store.h"

#include "base/failure.h"
#include "base/text.h"
#include "db/page_query.h"

namespace cstims {
namespace {

#define MAIL_COLUMNS                                                                     \
  "id, received_at, source, envelope_recipient, size, sha256, raw_kept, kind, verdict, " \
  "reason, sender, sender_name, subject, message_id, ticket_id, entry_id, outbox_id, "   \
  "original_id, "                                                                        \
  "confirmation"

InboundVerdict stored_verdict(const std::string& stored) {
  if (const auto verdict = parse_inbound_verdict(stored)) return *verdict;
  throw DatabaseError("a mail holds an unknown verdict: " + stored);
}

InboundMailRow mail_of(const Row& row) {
  return {.id = row.id<InboundMail>("id"),
          .received_at = row.instant("received_at"),
          .source = row.text("source"),
          .envelope_recipient = row.text("envelope_recipient"),
          .size = row.number("size"),
          .sha256 = row.text("sha256"),
          .kind = row.text("kind"),
          .verdict = stored_verdict(row.text("verdict")),
          .reason = row.text("reason"),
          .sender = row.text("sender"),
          .sender_name = row.text("sender_name"),
          .subject = row.text("subject"),
          .message_id = row.text("message_id"),
          .ticket = row.maybe_id<Ticket>("ticket_id"),
          .entry = row.maybe_id<TicketEntry>("entry_id"),
          .outbox = row.maybe_id<struct OutboxMessage>("outbox_id"),
          .original = row.maybe_id<InboundMail>("original_id"),
          .confirmation = stored_mail_confirmation(row.text("confirmation")),
          .raw_kept = row.flag("raw_kept")};
}

}  // namespace

// ---- arriving ---------------------------------------------------------------------------------

constexpr Statement insert_first_arrival{"mail arrives", R"(
  insert into inbound_mails (received_at, source, envelope_recipient, size, sha256, raw_key,
    verdict)
  values (:now, :source, :recipient, :size, :sha256, :sha256, 'arrived')
  on conflict (raw_key) do nothing
  returning id)"};
constexpr Statement find_first_arrival{"mail that arrived before", R"(
  select id, verdict
  from inbound_mails
  where raw_key = :sha256)"};
constexpr Statement insert_repeated_arrival{"mail arrives again", R"(
  insert into inbound_mails (received_at, source, envelope_recipient, size, sha256, verdict,
    reason, judged_at, original_id)
  values (:now, :source, :recipient, :size, :sha256, 'duplicate', 'the same bytes came before',
    :now, :original)
  returning id)"};

StoredArrival insert_arrival(Transaction& tx, const Arrival& arrival) {
  const Parameters parameters{{"now", tx.now()},
                              {"source", arrival.source},
                              {"recipient", arrival.envelope_recipient},
                              {"size", arrival.size},
                              {"sha256", arrival.sha256}};
  if (const auto row = tx.find(insert_first_arrival, parameters)) {
    return {.mail = row->id<InboundMail>("id")};
  }
  const Row before = tx.require(find_first_arrival, {{"sha256", arrival.sha256}});
  const auto original = before.id<InboundMail>("id");
  if (before.text("verdict") == "arrived") return {.mail = original, .is_new = false};
  Parameters repeated = parameters;
  repeated.push_back({"original", original});
  return {.mail = tx.require(insert_repeated_arrival, repeated).id<InboundMail>("id"),
          .is_new = false,
          .verdict = InboundVerdict::duplicate};
}

// The update locks the row on PostgreSQL; SQLite has one writer at a time.
constexpr Statement claim_arrived_mail{"claim a mail", R"(
  update inbound_mails
  set judged_at = :now
  where id = :mail
    and verdict = 'arrived')"};

bool claim_arrived(Transaction& tx, InboundMailId mail) {
  return tx.execute(claim_arrived_mail, {{"mail", mail}, {"now", tx.now()}}) == 1;
}

constexpr Statement update_reason_of_arrived{"why a mail waits", R"(
  update inbound_mails
  set reason = :reason
  where id = :mail
    and verdict = 'arrived')"};

void update_reason_to_wait(Transaction& tx, InboundMailId mail, std::string_view reason) {
  tx.execute(update_reason_of_arrived, {{"mail", mail}, {"reason", reason}});
}

constexpr Statement find_mail_by_key{"mail by key", R"(
  select id
  from inbound_mails
  where mail_key = :key
    and id <> :mail)"};

std::optional<InboundMailId> find_same_mail(Transaction& tx, InboundMailId mail,
                                            const InboundFacts& facts) {
  if (facts.mail_key.empty()) return std::nullopt;
  const auto row = tx.find(find_mail_by_key, {{"key", facts.mail_key}, {"mail", mail}});
  return row ? std::optional(row->id<InboundMail>("id")) : std::nullopt;
}

constexpr Statement update_facts_of_mail{"facts of a mail", R"(
  update inbound_mails
  set sender = :sender,
      sender_name = :sender_name,
      subject = :subject,
      message_id = :message_id,
      mail_key = :mail_key,
      thread_index = :thread_index,
      thread_topic = :thread_topic
  where id = :mail)"};

void update_facts(Transaction& tx, InboundMailId mail, const InboundFacts& facts) {
  const auto key = facts.mail_key.empty() ? std::nullopt : std::optional(facts.mail_key);
  tx.execute(update_facts_of_mail, {{"mail", mail},
                                    {"sender", facts.sender},
                                    {"sender_name", facts.sender_name},
                                    {"subject", facts.subject},
                                    {"message_id", facts.message_id},
                                    {"mail_key", key},
                                    {"thread_index", facts.thread.index},
                                    {"thread_topic", facts.thread.topic}});
}

constexpr Statement find_other_with_message_id{"another mail with a Message-ID", R"(
  select id
  from inbound_mails
  where message_id = :message_id
    and message_id <> ''
    and id <> :mail
    and mail_key is not null
  limit 1)"};

bool is_message_id_taken(Transaction& tx, InboundMailId mail, std::string_view message_id) {
  return tx.find(find_other_with_message_id, {{"mail", mail}, {"message_id", message_id}})
      .has_value();
}

constexpr Statement update_judgement_of_mail{"judgement on a mail", R"(
  update inbound_mails
  set verdict = :verdict,
      kind = :kind,
      reason = :reason,
      judged_at = :now,
      ticket_id = :ticket,
      entry_id = :entry,
      outbox_id = :outbox,
      original_id = :original,
      reopened = :reopened,
      confirmation = :confirmation
  where id = :mail)"};

void update_judgement(Transaction& tx, InboundMailId mail, const Judgement& judgement) {
  tx.execute(update_judgement_of_mail, {{"mail", mail},
                                        {"verdict", text(judgement.verdict)},
                                        {"kind", judgement.kind},
                                        {"reason", shorten(single_line(judgement.reason), 500)},
                                        {"now", tx.now()},
                                        {"ticket", judgement.ticket},
                                        {"entry", judgement.entry},
                                        {"outbox", judgement.outbox},
                                        {"original", judgement.original},
                                        {"reopened", judgement.reopened},
                                        {"confirmation", text(judgement.confirmation)}});
}

// Its mail_key is taken off, so that it is judged as when it came.
constexpr Statement mark_mail_arrived{"try a mail again", R"(
  update inbound_mails
  set verdict = 'arrived',
      mail_key = null,
      reason = ''
  where id = :mail
    and verdict in ('held', 'failed', 'rejected')
    and raw_kept = 1)"};

bool mark_arrived_again(Transaction& tx, InboundMailId mail) {
  return tx.execute(mark_mail_arrived, {{"mail", mail}}) == 1;
}

constexpr Statement claim_decidable_mail{"claim a held mail", R"(
  update inbound_mails
  set judged_at = :now
  where id = :mail
    and verdict in ('held', 'failed', 'rejected')
    and raw_kept = 1)"};

bool claim_decidable(Transaction& tx, InboundMailId mail) {
  return tx.execute(claim_decidable_mail, {{"mail", mail}, {"now", tx.now()}}) == 1;
}

constexpr Statement confirm_mail{"confirm a mail", R"(
  update inbound_mails
  set confirmation = 'done'
  where id = :mail
    and confirmation = 'waiting')"};

bool mark_confirmed(Transaction& tx, InboundMailId mail) {
  return tx.execute(confirm_mail, {{"mail", mail}}) == 1;
}

constexpr Statement list_left_over_mails{"mails left over", R"(
  select id
  from inbound_mails
  where verdict = 'arrived'
    and received_at < :before
  order by id
  limit :limit)"};

std::vector<InboundMailId> list_left_over(Transaction& tx, Instant before, int limit) {
  std::vector<InboundMailId> mails;
  for (const Row& row : tx.select(list_left_over_mails, {{"before", before}, {"limit", limit}})) {
    mails.push_back(row.id<InboundMail>("id"));
  }
  return mails;
}

// ---- looking back -----------------------------------------------------------------------------

constexpr Statement find_ticket_by_message_id{"ticket of a mail taken in", R"(
  select ticket_id
  from inbound_mails
  where message_id = :message_id
    and message_id <> ''
    and verdict = 'taken'
    and ticket_id is not null
  order by id
  limit 1)"};

std::optional<TicketId> find_ticket_of_mail(Transaction& tx, std::string_view message_id) {
  const auto row = tx.find(find_ticket_by_message_id, {{"message_id", message_id}});
  return row ? std::optional(row->id<Ticket>("ticket_id")) : std::nullopt;
}

constexpr Statement count_mails_of_sender{"mails of a sender", R"(
  select count(*) as total
  from inbound_mails
  where sender = :sender
    and received_at > :since
    and verdict <> 'duplicate')"};

std::int64_t count_mails_of(Transaction& tx, std::string_view sender, Instant since) {
  return tx.require(count_mails_of_sender, {{"sender", sender}, {"since", since}}).number("total");
}

constexpr Statement count_reopenings_of_sender{"reopenings by a sender", R"(
  select count(*) as total
  from inbound_mails
  where sender = :sender
    and received_at > :since
    and reopened = 1)"};

std::int64_t count_reopenings_of(Transaction& tx, std::string_view sender, Instant since) {
  return tx.require(count_reopenings_of_sender, {{"sender", sender}, {"since", since}})
      .number("total");
}

// ---- people -----------------------------------------------------------------------------------

const ListingRules& inbox_listing_rules() {
  static const ListingRules rules{
      .sorts = {"-id", "id", "sender"},
      .filters = {{"verdict",
                   {"waiting", "arrived", "taken", "duplicate", "automatic", "bounce", "own",
                    "held", "rejected", "failed"}}}};
  return rules;
}

Page<InboundMailRow> list_inbox(Transaction& tx, const Listing& listing) {
  std::string where = " from inbound_mails where 1 = 1";
  Parameters parameters;
  const std::string verdict = listing.filter("verdict");
  if (verdict == "waiting") {
    where += " and verdict in ('held', 'failed')";
  } else if (!verdict.empty()) {
    where += " and verdict = :verdict";
    parameters.push_back({"verdict", verdict});
  }
  if (!listing.search.empty()) {
    where += R"( and (sender like :search escape '\' or lower(subject) like :search escape '\'))";
    parameters.push_back({"search", "%" + escape_like(lower_ascii(listing.search)) + "%"});
  }
  std::string order = " order by id desc";
  if (listing.sort == "id") order = " order by id";
  if (listing.sort == "sender") order = " order by sender, id desc";
  const PageQuery query{"inbox",
                        "select " MAIL_COLUMNS + where + order + " limit :limit offset :offset",
                        where, std::move(parameters)};
  return select_page(tx, listing, query, mail_of);
}

constexpr Statement find_mail_by_id{"inbound mail", "select " MAIL_COLUMNS R"(
  from inbound_mails
  where id = :mail)"};

std::optional<InboundMailRow> find_inbound_mail(Transaction& tx, InboundMailId mail) {
  const auto row = tx.find(find_mail_by_id, {{"mail", mail}});
  return row ? std::optional(mail_of(*row)) : std::nullopt;
}

InboundMailRow require_inbound_mail(Transaction& tx, InboundMailId mail) {
  auto found = find_inbound_mail(tx, mail);
  if (!found) throw NotFound("no mail " + mail.text());
  return std::move(*found);
}

constexpr Statement list_old_raw{"old mails", R"(
  select id, sha256
  from inbound_mails
  where raw_kept = 1
    and received_at < :before
  order by received_at, id
  limit :limit)"};
constexpr Statement forget_raw{"forget a mail's bytes", R"(
  update inbound_mails
  set raw_kept = 0
  where id = :mail)"};
constexpr Statement find_other_raw{"another mail of the same bytes", R"(
  select id
  from inbound_mails
  where sha256 = :sha256
    and raw_kept = 1
  limit 1)"};

ForgottenRaw forget_raw_mails(Transaction& tx, Instant before, int limit) {
  ForgottenRaw forgotten;
  const auto rows = tx.select(list_old_raw, {{"before", before}, {"limit", limit}});
  forgotten.more = rows.size() == static_cast<std::size_t>(limit);
  for (const Row& row : rows) tx.execute(forget_raw, {{"mail", row.id<InboundMail>("id")}});
  for (const Row& row : rows) {
    const std::string& digest = row.text("sha256");
    if (!tx.find(find_other_raw, {{"sha256", digest}})) forgotten.digests.push_back(digest);
  }
  return forgotten;
}

}  // namespace cstims
