// The rows themselves; what they are matched with: bank_matching_store.cc.
#include "bank/bank_store.h"

#include <fmt/format.h>

#include <array>

#include "base/failure.h"
#include "base/text.h"
#include "db/page_query.h"

namespace cstims {
namespace {

constexpr Statement insert_statement_row{"insert bank statement", R"(
  insert into bank_statements (sha256, position, file_name, format, account, currency, first_day,
    last_day, transactions, imported_at, imported_by)
  values (:sha256, :position, :file_name, :format, :account, :currency, :first_day, :last_day,
    :transactions, :now, :author)
  on conflict (sha256, position) do nothing
  returning id)"};

constexpr Statement update_added{"count of bank statement", R"(
  update bank_statements
  set added = :added
  where id = :statement)"};

constexpr Statement select_file{"bank file by digest", R"(
  select 1 as found
  from bank_statements
  where sha256 = :sha256
  limit 1)"};

constexpr Statement insert_transaction_row{"insert bank transaction", R"(
  insert into bank_transactions (statement_id, line, mark, account, date, value_date, currency,
    amount, name, iban, reference, words, creditor_reference, returned)
  values (:statement, :line, :mark, :account, :date, :value_date, :currency, :amount, :name, :iban,
    :reference, :words, :creditor_reference, :returned)
  on conflict (mark) do nothing)"};

constexpr Statement select_mark{"bank transaction by mark", R"(
  select 1 as found
  from bank_transactions
  where mark = :mark)"};

#define STATEMENT_COLUMNS                                                               \
  "select s.id, s.file_name, s.format, s.account, s.currency, s.first_day, s.last_day," \
  " s.transactions, s.added, s.imported_at, u.username"                                 \
  " from bank_statements s left join users u on u.id = s.imported_by"

constexpr Statement select_statements{"bank statements",
                                      STATEMENT_COLUMNS " order by s.id desc limit :limit"};
constexpr Statement select_statement{"bank statement by id",
                                     STATEMENT_COLUMNS " where s.id = :statement"};

#define TRANSACTION_COLUMNS                                                                       \
  "select t.id, t.statement_id, t.line, t.account, t.date, t.value_date, t.currency, t.amount,"   \
  " t.name, t.iban, t.reference, t.words, t.creditor_reference, t.returned, t.state, t.doubt,"    \
  " t.likely_client_id, t.likely_why, t.payment_id, t.automatic, t.reason, t.decided_at,"         \
  " (select s.format from bank_statements s where s.id = t.statement_id) as format,"              \
  " (select c.username from users c where c.id = t.likely_client_id) as likely_name,"             \
  " (select c.username from payments p join users c on c.id = p.client_id"                        \
  "  where p.id = t.payment_id) as paid_by,"                                                      \
  " case when exists (select 1 from payments r where r.reverses_id = t.payment_id) then 1 else 0" \
  " end as payment_reversed,"                                                                     \
  " (select u.username from users u where u.id = t.decided_by) as username"

constexpr Statement select_transaction{
    "bank transaction by id", TRANSACTION_COLUMNS " from bank_transactions t where t.id = :id"};

constexpr Statement select_new{"new bank transactions", R"(
  select id
  from bank_transactions
  where looked_at is null
  order by id)"};

constexpr Statement count_new{"new bank transactions of statement", R"(
  select count(*) as waiting
  from bank_transactions
  where statement_id = :statement
    and looked_at is null)"};

constexpr Statement count_waiting{"bank transactions in the queue", R"(
  select count(*) as waiting
  from bank_transactions
  where state = 'unmatched')"};

constexpr Statement renew_waiting{"try the bank queue again", R"(
  update bank_transactions
  set looked_at = null
  where state = 'unmatched'
    and doubt <> 'undone')"};

constexpr Statement claim_row{"claim bank transaction", R"(
  update bank_transactions
  set looked_at = :now
  where id = :id
    and state = 'unmatched')"};

constexpr Statement update_queued{"bank transaction to the queue", R"(
  update bank_transactions
  set doubt = :doubt, likely_client_id = :client, likely_why = :why
  where id = :id
    and state = 'unmatched')"};

/// `likely_client_id` stays: it says nothing any more.
constexpr Statement update_decided{"decide bank transaction", R"(
  update bank_transactions
  set state = :state, doubt = :doubt, payment_id = :payment, automatic = :automatic,
    reason = :reason, decided_at = :now, decided_by = :author
  where id = :id
    and state = 'unmatched')"};

constexpr Statement update_unmatched{"bank transaction back to the queue", R"(
  update bank_transactions
  set state = 'unmatched', doubt = 'undone', payment_id = null, automatic = 0, reason = '',
    decided_at = :now, decided_by = :author
  where id = :id
    and state in ('matched', 'ignored'))"};

constexpr std::array why_texts{std::string_view(""), std::string_view("reference"),
                               std::string_view("account"), std::string_view("name")};

LikelyWhy stored_why(std::string_view stored) {
  for (const auto why : {LikelyWhy::reference, LikelyWhy::account, LikelyWhy::name}) {
    if (text(why) == stored) return why;
  }
  return LikelyWhy::unknown;
}

Currency currency_of(const Row& row) {
  const auto currency = Currency::parse(row.text("currency"));
  if (!currency) throw DatabaseError("a bank row has the unknown currency " + row.text("currency"));
  return *currency;
}

StoredStatement statement_from(const Row& row) {
  return {.id = row.id<struct StoredStatement>("id"),
          .file_name = row.text("file_name"),
          .format = stored_bank_format(row.text("format")),
          .account = row.text("account"),
          .currency = currency_of(row),
          .first_day = row.maybe_date("first_day"),
          .last_day = row.maybe_date("last_day"),
          .transactions = row.number("transactions"),
          .added = row.number("added"),
          .imported_at = row.instant("imported_at"),
          .imported_by = row.maybe_text("username").value_or("")};
}

BankTransaction facts_from(const Row& row) {
  return {.line = static_cast<int>(row.number("line")),
          .date = row.date("date"),
          .value_date = row.maybe_date("value_date"),
          .amount = Money(row.number("amount"), currency_of(row)),
          .name = row.text("name"),
          .iban = row.text("iban"),
          .reference = row.text("reference"),
          .text = row.text("words"),
          .creditor_reference = row.text("creditor_reference"),
          .returned = row.flag("returned")};
}

StoredTransaction transaction_from(const Row& row) {
  StoredTransaction transaction{.id = row.id<struct StoredTransaction>("id"),
                                .statement = row.id<struct StoredStatement>("statement_id"),
                                .format = stored_bank_format(row.text("format")),
                                .account = row.text("account"),
                                .facts = facts_from(row),
                                .state = stored_bank_state(row.text("state")),
                                .doubt = stored_bank_doubt(row.text("doubt")),
                                .likely = std::nullopt,
                                .payment = row.maybe_id<struct Payment>("payment_id"),
                                .paid_by = row.maybe_text("paid_by").value_or(""),
                                .payment_reversed = row.flag("payment_reversed"),
                                .automatic = row.flag("automatic"),
                                .reason = row.text("reason"),
                                .decided_at = row.maybe_instant("decided_at"),
                                .decided_by = row.maybe_text("username").value_or("")};
  if (const auto client = row.maybe_id<struct User>("likely_client_id")) {
    transaction.likely = LikelyClient{*client, stored_why(row.text("likely_why")),
                                      row.maybe_text("likely_name").value_or("")};
  }
  return transaction;
}

/// "12.10" and "-12,10" are amounts; zero finds none.
std::int64_t amount_searched(const std::string& search) {
  const auto money = Money::parse(replace_all(search, ",", "."), Currency::eur());
  if (!money) return 0;
  return money->is_negative() ? -money->minor() : money->minor();
}

void decide(Transaction& tx, BankTransactionId id, BankState state, const Value& payment,
            const std::string& reason, const Decision& decision) {
  const auto done = tx.execute(update_decided, {{"state", text(state)},
                                                {"doubt", ""},
                                                {"payment", payment},
                                                {"automatic", decision.automatic},
                                                {"reason", reason},
                                                {"now", tx.now()},
                                                {"author", decision.author},
                                                {"id", id}});
  if (done != 1)
    throw Conflict(fmt::format("bank transaction {} was decided meanwhile", id.text()));
}

}  // namespace

std::string_view text(LikelyWhy why) {
  return why_texts.at(static_cast<std::size_t>(why));
}

Message shown(LikelyWhy why) {
  switch (why) {
    case LikelyWhy::unknown:
      return {};
    case LikelyWhy::reference:
      return message("an invoice it names");
    case LikelyWhy::account:
      return message("paid from this account before");
    case LikelyWhy::name:
      return message("the same name");
  }
  return {};
}

std::optional<BankStatementId> insert_bank_statement(Transaction& tx, const NewStatement& row) {
  const auto& statement = row.statement;
  const auto made =
      tx.find(insert_statement_row,
              {{"sha256", row.sha256},
               {"position", row.position},
               {"file_name", row.file_name},
               {"format", text(row.format)},
               {"account", statement.account},
               {"currency", statement.currency.code()},
               {"first_day", statement.from()},
               {"last_day", statement.to()},
               {"transactions", static_cast<std::int64_t>(statement.transactions.size())},
               {"now", tx.now()},
               {"author", row.author}});
  return made ? std::optional(made->id<struct StoredStatement>("id")) : std::nullopt;
}

void set_added(Transaction& tx, BankStatementId id, std::int64_t added) {
  tx.execute(update_added, {{"added", added}, {"statement", id}});
}

bool has_bank_file(Transaction& tx, const std::string& sha256) {
  return tx.find(select_file, {{"sha256", sha256}}).has_value();
}

bool insert_bank_transaction(Transaction& tx, BankStatementId statement, const std::string& account,
                             const BankTransaction& transaction, const std::string& key) {
  return tx.execute(insert_transaction_row, {{"statement", statement},
                                             {"line", transaction.line},
                                             {"mark", key},
                                             {"account", account},
                                             {"date", transaction.date},
                                             {"value_date", transaction.value_date},
                                             {"currency", transaction.amount.currency().code()},
                                             {"amount", transaction.amount.minor()},
                                             {"name", transaction.name},
                                             {"iban", transaction.iban},
                                             {"reference", transaction.reference},
                                             {"words", transaction.text},
                                             {"creditor_reference", transaction.creditor_reference},
                                             {"returned", transaction.returned}}) == 1;
}

bool has_bank_transaction(Transaction& tx, const std::string& key) {
  return tx.find(select_mark, {{"mark", key}}).has_value();
}

std::vector<StoredStatement> list_bank_statements(Transaction& tx, int limit) {
  std::vector<StoredStatement> statements;
  for (const auto& row : tx.select(select_statements, {{"limit", limit}})) {
    statements.push_back(statement_from(row));
  }
  return statements;
}

StoredStatement require_bank_statement(Transaction& tx, BankStatementId id) {
  const auto row = tx.find(select_statement, {{"statement", id}});
  if (!row) throw NotFound("no bank statement " + id.text());
  return statement_from(*row);
}

StoredTransaction require_bank_transaction(Transaction& tx, BankTransactionId id) {
  const auto row = tx.find(select_transaction, {{"id", id}});
  if (!row) throw NotFound("no bank transaction " + id.text());
  return transaction_from(*row);
}

ListingRules bank_transaction_listing_rules() {
  return {.sorts = {"-id", "date", "amount"},
          .filters = {{"state", {"unmatched", "matched", "ignored", "outgoing"}}}};
}

Page<StoredTransaction> list_bank_transactions(Transaction& tx, const Listing& listing,
                                               std::optional<BankStatementId> statement) {
  std::string where = " from bank_transactions t where 1 = 1";
  Parameters parameters;
  if (statement) {
    where += " and t.statement_id = :statement";
    parameters.push_back({"statement", *statement});
  }
  // Written out: so SQLite uses the index of the queue.
  if (const auto state = listing.filter("state"); !state.empty()) {
    where += " and t.state = '" + std::string(text(stored_bank_state(state))) + "'";
  }
  if (!listing.search.empty()) {
    where +=
        " and (lower(t.words) like :search escape '\\' or lower(t.name) like :search escape '\\'"
        " or lower(t.iban) like :search escape '\\' or abs(t.amount) = :amount)";
    parameters.push_back({"search", "%" + escape_like(lower_ascii(listing.search)) + "%"});
    parameters.push_back({"amount", amount_searched(listing.search)});
  }
  const bool descending = listing.sort.starts_with('-') || listing.sort.empty();
  const bool by_id = listing.sort.empty() || listing.sort.ends_with("id");
  const std::string direction = descending ? " desc" : "";
  const std::string key =
      by_id ? "" : "t." + listing.sort.substr(descending ? 1 : 0) + direction + ", ";
  const PageQuery query{"bank transactions",
                        TRANSACTION_COLUMNS + where + " order by " + key + "t.id" + direction +
                            " limit :limit offset :offset",
                        where, std::move(parameters)};
  return select_page(tx, listing, query, transaction_from);
}

std::vector<BankTransactionId> list_new_transactions(Transaction& tx) {
  std::vector<BankTransactionId> ids;
  tx.each(select_new, {},
          [&](const Row& row) { ids.push_back(row.id<struct StoredTransaction>("id")); });
  return ids;
}

std::int64_t count_new_transactions(Transaction& tx, BankStatementId statement) {
  return tx.require(count_new, {{"statement", statement}}).number("waiting");
}

std::int64_t count_waiting_transactions(Transaction& tx) {
  return tx.require(count_waiting).number("waiting");
}

std::int64_t renew_queue(Transaction& tx) {
  return tx.execute(renew_waiting);
}

bool claim_transaction(Transaction& tx, BankTransactionId id) {
  return tx.execute(claim_row, {{"now", tx.now()}, {"id", id}}) == 1;
}

void mark_queued(Transaction& tx, BankTransactionId id, BankDoubt doubt,
                 const std::optional<LikelyClient>& likely) {
  tx.execute(update_queued, {{"doubt", text(doubt)},
                             {"client", likely ? Value(likely->client) : Value()},
                             {"why", likely ? text(likely->why) : ""},
                             {"id", id}});
}

void mark_outgoing(Transaction& tx, BankTransactionId id) {
  decide(tx, id, BankState::outgoing, Value(), "", {.author = {}, .automatic = true});
}

void mark_matched(Transaction& tx, BankTransactionId id, PaymentId payment,
                  const Decision& decision) {
  decide(tx, id, BankState::matched, payment, "", decision);
}

void mark_ignored(Transaction& tx, BankTransactionId id, const std::string& reason,
                  const Decision& decision) {
  decide(tx, id, BankState::ignored, Value(), reason, decision);
}

bool mark_unmatched(Transaction& tx, BankTransactionId id, const Decision& decision) {
  return tx.execute(update_unmatched,
                    {{"now", tx.now()}, {"author", decision.author}, {"id", id}}) == 1;
}

}  // namespace cstims
