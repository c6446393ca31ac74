#include "bank/bank_pages.h"

#include <fmt/format.h>

#include <array>
#include <fstream>

#include "bank/bank_import.h"
#include "bank/statements.h"
#include "base/secret.h"
#include "invoice/money.h"
#include "invoice/payment_pages.h"
#include "support/person.h"
#include "support/world.h"

namespace cstims::test {
namespace {

using enum Who;
constexpr std::array routes{
    Route{"GET", "/accounting/bank", accountant, show_bank},
    Route{"POST", "/accounting/bank/statements", accountant, create_bank_statement, Body::files},
    Route{"GET", "/accounting/bank/statements/{statement}", accountant, show_bank_statement},
    Route{"POST", "/accounting/bank/matching", accountant, create_bank_matching, Body::form},
    Route{"GET", "/accounting/bank/transactions", accountant, list_bank_transactions_page},
    Route{"GET", "/accounting/bank/transactions/{transaction}", accountant, show_bank_transaction},
    Route{"POST", "/accounting/bank/transactions/{transaction}/match", accountant,
          create_bank_match, Body::form},
    Route{"POST", "/accounting/bank/transactions/{transaction}/ignoring", accountant,
          create_bank_ignoring, Body::form},
    Route{"POST", "/accounting/bank/transactions/{transaction}/undoing", accountant,
          create_bank_undoing, Body::form},
};

constexpr std::string_view bank = "/accounting/bank";

bool holds(const Response& response, std::string_view words) {
  return response.body.contains(words);
}

void import(World& world, const std::vector<SampleEntry>& entries) {
  const BankParts parts{world.database(), world.mailer(), world.site()};
  store_bank_file(parts, world.luca(), {.name = "march.xml", .bytes = camt_of(entries)}).value();
  match_new_transactions(parts, world.luca());
}

std::string transaction_path(int id, const std::string& rest = "") {
  return fmt::format("{}/transactions/{}{}", bank, id, rest);
}

DATABASE_SENTENCE(bank_pages, "an empty queue says so; a full one shows doubts and suggestions") {
  auto luca = Person(world, routes, world.luca());
  const auto empty = luca.get(std::string(bank));
  EXPECT_TRUE(holds(empty, "Nothing waits."));
  EXPECT_TRUE(holds(empty, "No statement was imported yet."));
  issue_sample(world);
  import(world, {{"12.10", "thank you &lt;b&gt;", "Ada"}, { "5.00", "F2026-1" }});
  const auto full = luca.get(std::string(bank));
  for (const auto* words : {"12.10 € · Ada", "thank you &lt;b&gt;", "It names no invoice.",
                            "only the amount fits", "F2026-000001", "It nearly names an invoice",
                            "Probably of ada: an invoice it names.", "march.xml", "2 wait"}) {
    EXPECT_TRUE(holds(full, words)) << words;
  }
}

DATABASE_SENTENCE(bank_pages, "a click records it, another one is told that it is done") {
  const auto invoice = issue_sample(world);
  import(world, {{ "12.10", "thank you" }});
  auto luca = Person(world, routes, world.luca());
  const auto click = [&] {
    return luca.post(transaction_path(1, "/match"), {{"invoice", invoice.id.text()}});
  };
  EXPECT_EQ(click().status, 303);
  EXPECT_EQ(rest_of(world, invoice.id), 0);
  const auto again = click();
  EXPECT_EQ(again.status, 422);
  EXPECT_TRUE(holds(again, "not in the queue any more"));
  const auto page = luca.get(transaction_path(1));
  EXPECT_TRUE(holds(page, "Recorded as a payment of ada."));
  EXPECT_EQ(luca.post(transaction_path(1, "/undoing")).status, 303);
  EXPECT_EQ(rest_of(world, invoice.id), 1210);
  EXPECT_EQ(luca.post(transaction_path(1, "/undoing")).status, 422);
  EXPECT_EQ(count_rows(world, "payments"), 2);
}

DATABASE_SENTENCE(bank_pages,
                  "it is matched to a number that is typed, or to a client, or to nothing") {
  const auto invoice = issue_sample(world);
  import(world, {{"2.00", "a"}, {"3.00", "b"}, { "4.00", "c" }});
  auto luca = Person(world, routes, world.luca());
  const auto unknown = luca.post(transaction_path(1, "/match"), {{"number", "F2026-000077"}});
  EXPECT_EQ(unknown.status, 422);
  EXPECT_TRUE(holds(unknown, "No invoice has this number."));
  EXPECT_TRUE(holds(unknown, "F2026-000077")) << "what was typed stays";
  EXPECT_EQ(luca.post(transaction_path(1, "/match"), {{"number", "f2026-000001"}}).status, 303);
  EXPECT_EQ(rest_of(world, invoice.id), 1010);
  EXPECT_EQ(luca.post(transaction_path(2, "/match"), {{"client", "3"}}).status, 422);
  EXPECT_EQ(luca.post(transaction_path(2, "/match"), {{"client", "1"}}).status, 303);
  EXPECT_EQ(luca.post(transaction_path(3, "/match")).status, 422);
  EXPECT_EQ(luca.post(transaction_path(3, "/ignoring")).status, 422);
  EXPECT_EQ(luca.post(transaction_path(3, "/ignoring"), {{"reason", "interest"}}).status, 303);
  EXPECT_TRUE(holds(luca.get(transaction_path(3)), "Set aside: interest"));
  EXPECT_EQ(luca.get(transaction_path(9)).status, 404);
  EXPECT_EQ(luca.post(transaction_path(9, "/match"), {{"client", "1"}}).status, 404);
}

DATABASE_SENTENCE(bank_pages,
                  "an uploaded file is stored, matched in the background, and known again") {
  const auto invoice = issue_sample(world);
  auto luca = Person(world, routes, world.luca());
  const std::string path = std::string(bank) + "/statements";
  const auto upload = [&](const std::string& bytes, const std::string& format = "") {
    return luca.post(path, {{"format", format}},
                     {upload_of(world, "file", "C:\\march.xml", bytes)});
  };
  const auto file = camt_of({{"12.10", "F2026-000001"}, {"1.00", "x"}});
  const auto broken = upload(file.substr(0, file.size() / 2));
  EXPECT_EQ(broken.status, 422);
  EXPECT_TRUE(holds(broken, "this is no well-formed XML")) << "beside the field, with its line";
  EXPECT_TRUE(holds(upload(file, "norma43"), "Line 1: a record of Norma 43"));
  EXPECT_EQ(luca.post(path, {{"format", ""}}).status, 422) << "no file";
  EXPECT_EQ(count_rows(world, "bank_transactions"), 0);
  const auto stored = upload(file);
  EXPECT_EQ(header_value(stored, "Location"), path + "/1");
  world.background().wait();
  EXPECT_EQ(rest_of(world, invoice.id), 0);
  EXPECT_TRUE(holds(luca.get(path + "/1"), "march.xml"));
  EXPECT_EQ(header_value(upload(file), "Location"), bank);
  EXPECT_EQ(count_rows(world, "bank_transactions"), 2);
}

DATABASE_SENTENCE(bank_pages, "transactions are listed, found and exported") {
  issue_sample(world);
  import(world, {{"12.10", "F2026-000001", "Ada"}, {"-3.00", "fee"}, { "7.00", "flat 7" }});
  auto luca = Person(world, routes, world.luca());
  const std::string list = std::string(bank) + "/transactions";
  for (const auto* query :
       {"", "?search=FLAT", "?search=7,00", "?state=unmatched", "?sort=-amount"}) {
    EXPECT_TRUE(holds(luca.get(list + query), "flat 7")) << query;
  }
  EXPECT_FALSE(holds(luca.get(list + "?state=matched"), "flat 7"));
  EXPECT_TRUE(holds(luca.get(list + "?state=outgoing"), "fee"));
  EXPECT_TRUE(
      holds(luca.get(list + "?format=csv"),
            "1,ES9121000418450200051332,2026-03-09,EUR,12.10,Ada,,F2026-000001,matched,1,ada"));
  const auto statement = luca.get(std::string(bank) + "/statements/1");
  for (const auto* words : {"ES91 2100 0418 4502 0005 1332", "march.xml", "CAMT.053", "flat 7"}) {
    EXPECT_TRUE(holds(statement, words)) << words;
  }
  EXPECT_EQ(luca.get(std::string(bank) + "/statements/2").status, 404);
}

DATABASE_SENTENCE(bank_pages, "the queue is tried again when an invoice was issued since") {
  import(world, {{ "12.10", "F2026-000001" }});
  const auto invoice = issue_sample(world);
  auto luca = Person(world, routes, world.luca());
  EXPECT_EQ(luca.post(std::string(bank) + "/matching").status, 303);
  world.background().wait();
  EXPECT_EQ(rest_of(world, invoice.id), 0);
}

DATABASE_SENTENCE(bank_pages, "bank statements are no business of clients and helpdesk") {
  import(world, {{ "12.10", "x" }});
  for (const auto& viewer : {world.ada(), world.grace()}) {
    auto someone = Person(world, routes, viewer);
    for (const auto* path : {"", "/statements/1", "/transactions", "/transactions/1"}) {
      EXPECT_EQ(someone.get(std::string(bank) + path).status, 403) << path;
    }
    for (const auto* path : {"/statements", "/matching", "/transactions/1/match",
                             "/transactions/1/ignoring", "/transactions/1/undoing"}) {
      EXPECT_EQ(someone.post(std::string(bank) + path).status, 403) << path;
    }
  }
}

}  // namespace
}  // namespace cstims::test
