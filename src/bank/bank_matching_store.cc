// What a transaction may be matched with: invoices and clients.
#include <algorithm>

#include "bank/bank_store.h"
#include "base/failure.h"
#include "base/text.h"
#include "invoice/invoice_numbering.h"

namespace cstims {
namespace {

#define PAYABLE_COLUMNS                                         \
  "select i.id, i.client_id, u.username, i.number, i.currency," \
  " i.total - i.credited - i.paid as rest"                      \
  " from invoices i join users u on u.id = i.client_id"         \
  " where i.status = 'issued' and i.kind = 'ordinary'"
#define STILL_OPEN " and i.total > i.paid + i.credited"

constexpr Statement select_by_number{
    "invoice by year and number",
    PAYABLE_COLUMNS " and i.series = :series and i.year = :year and i.sequence = :sequence"};

constexpr Statement select_of_client{
    "payable invoices of client",
    PAYABLE_COLUMNS STILL_OPEN " and i.client_id = :client order by i.due_date, i.id limit :limit"};

constexpr Statement select_of_amount{
    "payable invoices of amount", PAYABLE_COLUMNS STILL_OPEN
    " and i.currency = :currency and i.total - i.credited - i.paid = :amount"
    " order by i.due_date, i.id limit :limit"};

constexpr Statement select_named{"payable invoice by its number",
                                 PAYABLE_COLUMNS " and i.number = :number"};

constexpr Statement select_client_of_account{"client of bank account", R"(
  select p.client_id
  from bank_transactions t
  join payments p on p.id = t.payment_id
  where t.iban = :iban
    and t.state = 'matched'
  order by t.id desc
  limit 1)"};

/// Another statement's format: files of one format know their transactions again by themselves.
constexpr Statement select_twin{"twin of bank transaction", R"(
  select 1 as found
  from bank_transactions t
  join bank_statements s on s.id = t.statement_id
  where t.account = :account
    and t.date = :date
    and t.amount = :amount
    and s.format <> :format
  limit 1)"};

constexpr Statement select_names{"names of clients", R"(
  select id, billing_name
  from users
  where type = 'client'
    and billing_name <> '')"};

PayableInvoice payable_from(const Row& row) {
  const auto currency = Currency::parse(row.text("currency"));
  if (!currency) throw DatabaseError("an invoice has the unknown currency " + row.text("currency"));
  return {.id = row.id<struct Invoice>("id"),
          .client = row.id<struct User>("client_id"),
          .client_name = row.text("username"),
          .number = row.text("number"),
          .rest = Money(row.number("rest"), *currency)};
}

std::vector<PayableInvoice> payable_of(const std::vector<Row>& rows) {
  std::vector<PayableInvoice> invoices;
  for (const auto& row : rows) invoices.push_back(payable_from(row));
  return invoices;
}

}  // namespace

std::vector<PayableInvoice> list_invoices_of_guesses(Transaction& tx,
                                                     const std::vector<NumberGuess>& guesses) {
  std::vector<PayableInvoice> found;
  for (const auto& guess : guesses) {
    const auto row = tx.find(select_by_number, {{"series", series_of(InvoiceKind::ordinary)},
                                                {"year", guess.year},
                                                {"sequence", guess.sequence}});
    if (row) found.push_back(payable_from(*row));
  }
  return found;
}

std::vector<PayableInvoice> list_payable_of_client(Transaction& tx, UserId client, int limit) {
  return payable_of(tx.select(select_of_client, {{"client", client}, {"limit", limit}}));
}

std::vector<PayableInvoice> list_payable_of_amount(Transaction& tx, const Money& amount,
                                                   int limit) {
  return payable_of(tx.select(
      select_of_amount,
      {{"currency", amount.currency().code()}, {"amount", amount.minor()}, {"limit", limit}}));
}

std::optional<PayableInvoice> find_payable(Transaction& tx, const std::string& number) {
  std::string upper = number;
  std::ranges::transform(upper, upper.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  for (const auto& written : {number, upper}) {
    const auto row = tx.find(select_named, {{"number", written}});
    if (row) return payable_from(*row);
  }
  return std::nullopt;
}

std::optional<UserId> find_client_of_account(Transaction& tx, const std::string& iban) {
  if (iban.empty()) return std::nullopt;
  const auto row = tx.find(select_client_of_account, {{"iban", iban}});
  return row ? std::optional(row->id<struct User>("client_id")) : std::nullopt;
}

bool maybe_came_twice(Transaction& tx, const std::string& account,
                      const BankTransaction& transaction, BankFormat format) {
  return tx
      .find(select_twin, {{"account", account},
                          {"date", transaction.date},
                          {"amount", transaction.amount.minor()},
                          {"format", text(format)}})
      .has_value();
}

ClientNames load_client_names(Transaction& tx) {
  ClientNames names;
  tx.each(select_names, {},
          [&](const Row& row) { names.add(row.id<struct User>("id"), row.text("billing_name")); });
  return names;
}

}  // namespace cstims
