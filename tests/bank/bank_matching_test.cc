#include "bank/bank_matching.h"

#include <fmt/format.h>

#include "base/text.h"
#include "support/sentence.h"

namespace cstims::test {
namespace {

const Date today(2026, 3, 10);

PayableInvoice invoice(std::int64_t id, const std::string& number, std::int64_t rest,
                       std::int64_t client = 1) {
  return {.id = InvoiceId(id),
          .client = UserId(client),
          .client_name = client == 1 ? "ada" : "bob",
          .number = number,
          .rest = Money(rest, Currency::eur())};
}

/// What the books hold: ada's 1 (12.10 open), 2 (20.00 open), 3 (paid), bob's 4 (12.10 open).
std::vector<PayableInvoice> books() {
  return {invoice(1, "F2026-000001", 1210), invoice(2, "F2026-000002", 2000),
          invoice(3, "F2026-000003", 0), invoice(4, "F2026-000004", 1210, 2)};
}

BankTransaction transfer(std::int64_t cents, const std::string& text) {
  return {.date = Date(2026, 3, 9), .amount = Money(cents, Currency::eur()), .text = text};
}

std::string decided(const BankTransaction& transaction,
                    MatchCircumstances circumstances = {today}) {
  const auto decision =
      decide_match(transaction, named_invoices(transaction, books()), circumstances);
  if (decision.outcome == MatchOutcome::outgoing) return "outgoing";
  if (decision.outcome == MatchOutcome::queue) return std::string(text(decision.doubt));
  std::vector<std::string> ids;
  for (const auto id : decision.invoices) ids.push_back(id.text());
  return "pay " + join(ids, " ");
}

struct MatchCase {
  std::int64_t cents;
  std::string text;
  std::string decided;
};

SENTENCE(bank_matching, "the table of what is sure and what is not") {
  const MatchCase cases[] = {
      // Named exactly: whatever the amount.
      {1210, "F2026-000001", "pay 1"},
      {1210, "Factura F2026-000001, gracias", "pay 1"},
      {1210, "factura f2026 000001", "pay 1"},
      {1210, "F2026/000001", "pay 1"},
      {1210, "TRANSFERENCIA F2026-00 0001 ADA", "pay 1"},
      {1210, "FRAF2026-000001", "pay 1"},
      {1210, "FACTURAF2026000001", "pay 1"},
      {1210, "RF82F2026000001", "pay 1"},
      {1210, "RF82 F202 6000 001", "pay 1"},
      {500, "F2026-000001", "pay 1"},
      {9999, "F2026-000001", "pay 1"},
      // Named nearly: only with the very amount.
      {1210, "F2026-1", "pay 1"},
      {1210, "F2026-01", "pay 1"},
      {1210, "2026-000001", "pay 1"},
      {1210, "2026000001", "pay 1"},
      {1209, "F2026-1", "near reference"},
      {500, "2026000001", "near reference"},
      // Several of one client: only their sum.
      {3210, "F2026-000001 y F2026-000002", "pay 1 2"},
      {3210, "F2026-000001+F2026-000002", "pay 1 2"},
      {3000, "F2026-000001 F2026-000002", "many invoices"},
      {1210, "F2026-000001 F2026-000003", "pay 1"},
      {1210, "F2026-000003", "paid already"},
      {2420, "F2026-000001 F2026-000004", "many clients"},
      // Nothing, or nothing right: the amount alone never decides.
      {1210, "", "no reference"},
      {1210, "factura de marzo", "no reference"},
      {1210, "F2026-000099", "no reference"},
      {1210, "X2026-000001", "no reference"},
      {1210, "RF83F2026000001", "no reference"},
      {1210, "F2026-0000011", "no reference"},
      {1210, "1", "no reference"},
      {1210, "20260309", "no reference"},
      // What went out.
      {-1210, "rent", "outgoing"},
      {-1210, "F2026-000001", "went out"},
  };
  for (const auto& [cents, text, wanted] : cases) {
    EXPECT_EQ(decided(transfer(cents, text)), wanted) << cents << " " << text;
  }
}

SENTENCE(bank_matching, "the structured field counts as well as the free text") {
  auto transaction = transfer(1210, "thank you");
  transaction.creditor_reference = "RF82F2026000001";
  EXPECT_EQ(decided(transaction), "pay 1");
  transaction.creditor_reference = "F2026000001";
  EXPECT_EQ(decided(transaction), "pay 1");
}

SENTENCE(bank_matching, "circumstances keep what is named in the queue") {
  auto transaction = transfer(1210, "F2026-000001");
  EXPECT_EQ(decided(transaction, {today, true, false}), "maybe twice");
  transaction.date = Date(2026, 3, 11);
  EXPECT_EQ(decided(transaction), "future day");
  auto dollars = transfer(1210, "F2026-000001");
  dollars.amount = Money(1210, Currency::parse("USD").value());
  EXPECT_EQ(decided(dollars), "other currency");
  auto back = transfer(-1210, "devuelto");
  EXPECT_EQ(decided(back, {today, false, true}), "went out") << "to an account that paid us";
  back.returned = true;
  EXPECT_EQ(decided(back), "went out");
}

SENTENCE(bank_matching,
         "an invoice is looked for under the years and numbers that a text may mean") {
  const auto has = [](const std::string& text, NumberGuess wanted) {
    const auto guesses = number_guesses(transfer(1, text));
    return std::ranges::count(guesses, wanted) == 1;
  };
  EXPECT_TRUE(has("F2026-000123", {2026, 123}));
  EXPECT_TRUE(has("F000123/2026", {2026, 123}));
  EXPECT_TRUE(has("F2026-12", {2026, 12}));
  EXPECT_TRUE(has("RF82F2026000001", {2026, 1}));
  EXPECT_TRUE(number_guesses(transfer(1, "")).empty());
  EXPECT_TRUE(number_guesses(transfer(1, "1234 5678")).empty());
  // However long and odd the text is, the guesses stay few.
  std::string digits;
  for (int n = 0; n < 500; ++n) digits += fmt::format("{} ", 2000 + n % 90);
  EXPECT_LT(number_guesses(transfer(1, digits)).size(), 3000u);
}

SENTENCE(bank_matching, "other forms of numbers are named as exactly") {
  const std::vector<PayableInvoice> found{invoice(7, "12/F/2026", 100),
                                          invoice(8, "INV-F2026.5", 100)};
  const auto first = [&](const std::string& text) {
    const auto named = named_invoices(transfer(100, text), found);
    return named.size() == 1 ? named[0].invoice.number + (named[0].exact ? " exactly" : " nearly")
                             : "";
  };
  EXPECT_EQ(first("factura 12/F/2026"), "12/F/2026 exactly");
  EXPECT_EQ(first("12-F-2026"), "12/F/2026 exactly");
  EXPECT_EQ(first("inv F2026 5"), "INV-F2026.5 exactly");
  EXPECT_EQ(first("F2026-5"), "");
}

SENTENCE(bank_matching,
         "a client is found by the whole name, in any order, and only when it is one") {
  ClientNames names;
  names.add(UserId(1), "Ada Núñez Lovelace");
  names.add(UserId(2), "Roberto García");
  names.add(UserId(3), "Bob");
  names.add(UserId(4), "Twin Brothers");
  names.add(UserId(5), "Brothers Twin");
  const auto find = [&](const std::string& name, const std::string& text = "") {
    auto transaction = transfer(1, text);
    transaction.name = name;
    const auto found = names.find(transaction);
    return found ? found->number() : 0;
  };
  EXPECT_EQ(find("LOVELACE NUNEZ, ADA"), 1);
  EXPECT_EQ(find("ADA LOVELACE"), 0) << "a word is missing";
  EXPECT_EQ(find("DON ROBERTO GARCIA PEREZ"), 2);
  EXPECT_EQ(find("", "TRANSFERENCIA DE GARCIA ROBERTO"), 2) << "where the bank has no field";
  EXPECT_EQ(find("Somebody Else", "Roberto García"), 0) << "the sender is another";
  EXPECT_EQ(find("BOB"), 0) << "one word says too little";
  EXPECT_EQ(find("Twin Brothers"), 0) << "there are two";
}

}  // namespace
}  // namespace cstims::test
