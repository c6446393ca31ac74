#include "bank/bank_import.h"

#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "bank/statements.h"
#include "base/failure.h"
#include "base/text.h"
#include "invoice/closed_period.h"
#include "invoice/money.h"
#include "support/world.h"

namespace cstims::test {
namespace {

/// An import as luca, from the file to the last match; its faults are none.
ImportedFile import(World& world, const std::string& bytes, const std::string& name = "march.xml") {
  const BankParts parts{world.database(), world.mailer(), world.site()};
  const auto imported =
      store_bank_file(parts, world.luca(), {.name = name, .bytes = bytes}).value();
  EXPECT_EQ(match_new_transactions(parts, world.luca()), std::vector<std::string>());
  return imported;
}

std::vector<StoredTransaction> transactions(World& world, const std::string& state = "") {
  Listing listing;
  listing.sort = "id";
  if (!state.empty()) listing.filters["state"] = state;
  return world.database().read(
      [&](Transaction& tx) { return list_bank_transactions(tx, listing).rows; });
}

/// "matched 12.10", "unmatched 5.00 no reference (ada: name)": one a line.
std::string states(World& world) {
  std::string all;
  for (const auto& one : transactions(world)) {
    all += fmt::format("{} {}{}{}", text(one.state), one.facts.amount.text(),
                       one.doubt == BankDoubt::none ? "" : " ", text(one.doubt));
    if (one.likely) all += fmt::format(" ({}: {})", one.likely->name, text(one.likely->why));
    all += "\n";
  }
  return all;
}

DATABASE_SENTENCE(bank_import, "what names its invoice is recorded, the rest waits or went out") {
  const auto first = issue_sample(world);            // F2026-000001, 12.10
  const auto bobs = issue_sample(world, UserId(2));  // F2026-000002, 12.10
  world.clear_mails();
  const auto imported =
      import(world, camt_of({{"12.10", "F2026-000001", "Ada", "R1", "DE89370400440532013000"},
                             {"5.00", "part of F2026-000002"},
                             {"-30.00", "rent"},
                             {"12.10", "thank you"},
                             {"-12.10", "no account", "Ada", "R5", "DE89370400440532013000"},
                             {"7.00", "again", "Ada", "R6", "DE89370400440532013000"}}));
  EXPECT_EQ(imported.transactions, 6);
  EXPECT_EQ(imported.added, 6);
  EXPECT_EQ(
      states(world),
      "matched 12.10\nmatched 5.00\noutgoing -30.00\nunmatched 12.10 no reference\n"
      "unmatched -12.10 went out (ada: account)\nunmatched 7.00 no reference (ada: account)\n");
  EXPECT_EQ(rest_of(world, first.id), 0);
  EXPECT_EQ(rest_of(world, bobs.id), 710);
  const auto paid = payment_of(world, *transactions(world)[0].payment);
  EXPECT_EQ(paid.date, Date(2026, 3, 9));
  EXPECT_EQ(paid.method, "transfer");
  EXPECT_EQ(paid.reference, "Ada: F2026-000001");
  EXPECT_EQ(paid.recorded_by, "luca");
  EXPECT_TRUE(transactions(world)[0].automatic);
  EXPECT_EQ(world.mails().size(), 4u) << "the client and accounting, for each payment";
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(bank_import, "the same file again adds nothing") {
  issue_sample(world);
  const auto file = camt_of({{"5.00", "F2026-000001"}, {"5.00", "F2026-000001"}, {"1.00", "x"}});
  EXPECT_EQ(import(world, file).added, 3);
  world.clear_mails();
  const auto again = import(world, file, "other name.xml");
  EXPECT_TRUE(again.known);
  EXPECT_EQ(again.added, 0);
  EXPECT_EQ(count_rows(world, "bank_statements"), 1);
  EXPECT_EQ(count_rows(world, "bank_transactions"), 3);
  EXPECT_EQ(count_rows(world, "payments"), 2);
  EXPECT_EQ(world.mails().size(), 0u);
}

DATABASE_SENTENCE(bank_import, "statements that overlap add only what is new") {
  issue_sample(world);
  import(world, camt_of({{"5.00", "F2026-000001", "", "", "", "2026-03-08"}, { "1.00", "alike" }}));
  const auto later =
      import(world, camt_of({{"1.00", "alike"}, {"1.00", "alike"}, {"2.00", "new"}}));
  EXPECT_FALSE(later.known);
  EXPECT_EQ(later.transactions, 3);
  EXPECT_EQ(later.added, 2) << "a second one alike, and the new one";
  EXPECT_EQ(count_rows(world, "bank_transactions"), 4);
  EXPECT_EQ(count_rows(world, "payments"), 1);
}

DATABASE_SENTENCE(bank_import, "the same day in another format is not recorded twice by itself") {
  world.site().iban = "ES9121000418450200051332";
  const auto invoice = issue_sample(world);
  import(world, "Fecha;Concepto;Importe\n09/03/2026;pago de F2026-000001;5,00\n", "march.csv");
  EXPECT_EQ(rest_of(world, invoice.id), 710);
  import(world, camt_of({{"5.00", "F2026-000001", "Ada", "R1"},
                         { "6.00",
                           "F2026-000001",
                           "",
                           "R2" }}));
  EXPECT_EQ(states(world),
            "matched 5.00\nunmatched 5.00 maybe twice (ada: reference)\nmatched 6.00\n");
  EXPECT_EQ(rest_of(world, invoice.id), 110);
}

DATABASE_SENTENCE(bank_import, "two imports of one file at once add it once and pay once") {
  const auto invoice = issue_sample(world);
  const auto file = camt_of({{"5.00", "F2026-000001", "", "A"}, {"1.00", "x", "", "B"}});
  std::atomic<std::int64_t> added = 0;
  {
    std::vector<std::jthread> threads;
    for (int n = 0; n < 4; ++n) {
      threads.emplace_back([&] { added += import(world, file).added; });
    }
  }
  EXPECT_EQ(added, 2);
  EXPECT_EQ(count_rows(world, "bank_transactions"), 2);
  EXPECT_EQ(count_rows(world, "payments"), 1);
  EXPECT_EQ(rest_of(world, invoice.id), 710);
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(bank_import, "two overlapping files at once add what they share once") {
  issue_sample(world);
  const SampleEntry shared{"5.00", "F2026-000001", "", "A"};
  {
    std::vector<std::jthread> threads;
    for (int n = 0; n < 4; ++n) {
      threads.emplace_back([&, n] {
        import(world, camt_of({shared,
                               { "1.00",
                                 fmt::format("own {}", n),
                                 "",
                                 fmt::format("O{}", n) }}));
      });
    }
  }
  EXPECT_EQ(count_rows(world, "bank_transactions"), 5);
  EXPECT_EQ(count_rows(world, "payments"), 1);
}

DATABASE_SENTENCE(bank_import, "of a file that breaks off nothing is stored") {
  const auto whole = camt_of({{"5.00", "a"}, {"1.00", "b"}});
  const BankParts parts{world.database(), world.mailer(), world.site()};
  const auto refused = store_bank_file(parts, world.luca(),
                                       {.name = "x", .bytes = whole.substr(0, whole.size() - 30)});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().english().contains("Line 4")) << refused.error().english();
  EXPECT_EQ(count_rows(world, "bank_statements"), 0);
  EXPECT_EQ(count_rows(world, "bank_transactions"), 0);
}

DATABASE_SENTENCE(bank_import, "only accountants, admins and the system import and decide") {
  import(world, camt_of({{ "5.00", "a" }}));
  const BankTransactionId id(1);
  const BankParts parts{world.database(), world.mailer(), world.site()};
  for (const auto& viewer : {Viewer::nobody(), world.ada(), world.grace()}) {
    EXPECT_THROW((void)store_bank_file(parts, viewer, {.name = "x", .bytes = camt_of({{"1.00"}})}),
                 Forbidden);
    EXPECT_THROW(world.act(viewer, [&](Act& act) { (void)match_transaction(act, id, {}); }),
                 Forbidden);
    EXPECT_THROW(world.act(viewer, [&](Act& act) { (void)match_to_client(act, id, UserId(1)); }),
                 Forbidden);
    EXPECT_THROW(
        world.act(viewer, [&](Act& act) { (void)match_to_invoice(act, id, InvoiceId(1)); }),
        Forbidden);
    EXPECT_THROW(world.act(viewer, [&](Act& act) { (void)ignore_transaction(act, id, "no"); }),
                 Forbidden);
    EXPECT_THROW(world.act(viewer, [&](Act& act) { (void)undo_match(act, id); }), Forbidden);
    EXPECT_THROW(world.act(viewer, [&](Act& act) { try_queue_again(act); }), Forbidden);
  }
  EXPECT_EQ(states(world), "unmatched 5.00 no reference\n");
}

DATABASE_SENTENCE(bank_import, "what is paid too much becomes credit, what is paid twice waits") {
  const auto invoice = issue_sample(world);
  import(world, camt_of({{"20.00", "F2026-000001", "", "A"},
                         { "12.10",
                           "F2026-000001",
                           "",
                           "B" }}));
  EXPECT_EQ(rest_of(world, invoice.id), 0);
  EXPECT_EQ(credit_of(world), 790);
  EXPECT_EQ(states(world), "matched 20.00\nunmatched 12.10 paid already (ada: reference)\n");
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(bank_import, "one transfer for two invoices settles both") {
  const auto one = issue_sample(world);
  const auto two = issue_sample(world);
  import(world, camt_of({{ "24.20", "F2026-000001 F2026-000002" }}));
  EXPECT_EQ(rest_of(world, one.id) + rest_of(world, two.id), 0);
  EXPECT_EQ(count_rows(world, "payments"), 1);
}

DATABASE_SENTENCE(bank_import, "a day of a closed month waits instead of failing") {
  issue_sample(world);
  execute(world,
          "insert into closed_periods (month, closed_at) values ('2026-02', "
          "'2026-03-01T00:00:00Z')");
  import(world, camt_of({{ "12.10", "F2026-000001", "", "", "", "2026-02-20" }}));
  EXPECT_EQ(states(world), "unmatched 12.10 closed month (ada: reference)\n");
  const auto by_hand = world.act(world.luca(), [](Act& act) {
    return match_to_invoice(act, BankTransactionId(1), InvoiceId(1));
  });
  ASSERT_FALSE(by_hand);
  EXPECT_EQ(count_rows(world, "payments"), 0);
}

DATABASE_SENTENCE(bank_import,
                  "by hand it is matched once, undone by a reversal, and waits again") {
  const auto invoice = issue_sample(world);
  import(world, camt_of({{ "12.10", "thank you" }}));
  const BankTransactionId id(1);
  const auto match = [&] {
    return world.act(world.luca(), [&](Act& act) { return match_to_invoice(act, id, invoice.id); });
  };
  const auto payment = match().value();
  EXPECT_EQ(rest_of(world, invoice.id), 0);
  EXPECT_FALSE(match()) << "it waits no more";
  const auto undo = [&] {
    return world.act(world.luca(), [&](Act& act) { return undo_match(act, id); });
  };
  EXPECT_TRUE(undo());
  EXPECT_FALSE(undo());
  EXPECT_TRUE(payment_of(world, payment).is_reversed);
  EXPECT_EQ(rest_of(world, invoice.id), 1210);
  EXPECT_EQ(states(world), "unmatched 12.10 undone\n");
  EXPECT_EQ(world.act(world.luca(), [](Act& act) { return try_queue_again(act); }), 0)
      << "what somebody undid is not done again by itself";
  EXPECT_TRUE(match());
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(bank_import,
                  "a payment reversed on its own page leaves the undoing to the queue") {
  const auto invoice = issue_sample(world);
  import(world, camt_of({{ "12.10", "F2026-000001" }}));
  reverse(world, *transactions(world)[0].payment).value();
  EXPECT_TRUE(transactions(world)[0].payment_reversed);
  world.act(world.luca(), [](Act& act) { return undo_match(act, BankTransactionId(1)); }).value();
  EXPECT_EQ(states(world), "unmatched 12.10 undone\n");
  EXPECT_EQ(count_rows(world, "payments"), 2);
  EXPECT_EQ(rest_of(world, invoice.id), 1210);
}

DATABASE_SENTENCE(bank_import, "for a client it settles the oldest and leaves the rest as credit") {
  const auto invoice = issue_sample(world);
  import(world, camt_of({{"20.00", "thank you"},
                         { "-1.00",
                           "back",
                           "",
                           "",
                           "",
                           "2026-03-09",
                           true }}));
  const auto to = [&](int id, int client) {
    return world.act(world.luca(), [&](Act& act) {
      return match_to_client(act, BankTransactionId(id), UserId(client));
    });
  };
  EXPECT_FALSE(to(1, 3)) << "grace is no client";
  EXPECT_TRUE(to(1, 1));
  EXPECT_EQ(rest_of(world, invoice.id), 0);
  EXPECT_EQ(credit_of(world), 790);
  EXPECT_FALSE(to(2, 1)) << "money that went out pays nothing";
  EXPECT_EQ(states(world), "matched 20.00\nunmatched -1.00 went out\n");
}

DATABASE_SENTENCE(bank_import,
                  "what is no payment is set aside with a reason, which can be undone") {
  import(world, camt_of({{ "12.10", "interest" }}));
  const auto ignore = [&](const std::string& why) {
    return world.act(world.luca(),
                     [&](Act& act) { return ignore_transaction(act, BankTransactionId(1), why); });
  };
  EXPECT_FALSE(ignore(" "));
  EXPECT_TRUE(ignore("interest of the bank"));
  EXPECT_FALSE(ignore("twice"));
  EXPECT_EQ(transactions(world)[0].reason, "interest of the bank");
  EXPECT_EQ(transactions(world)[0].decided_by, "luca");
  EXPECT_TRUE(
      world.act(world.luca(), [](Act& act) { return undo_match(act, BankTransactionId(1)); }));
  EXPECT_EQ(transactions(world)[0].state, BankState::unmatched);
}

DATABASE_SENTENCE(bank_import,
                  "suggestions begin with what is named and end with the amount alone") {
  execute(world, "update users set billing_name = 'Ada Lovelace' where id = 1");
  issue_sample(world, UserId(2));                                              // 1: bob, 12.10
  issue_sample(world, UserId(1), {{.description = "a", .unit_price = "50"}});  // 2: ada, 60.50
  issue_sample(world);                                                         // 3: ada, 12.10
  import(world, camt_of({{ "12.10", "F2026-2", "LOVELACE ADA" }}));
  const auto transaction = transactions(world)[0];
  EXPECT_EQ(transaction.doubt, BankDoubt::near_reference);
  std::string all;
  for (const auto& one :
       world.database().read([&](Transaction& tx) { return suggest_invoices(tx, transaction); })) {
    all += fmt::format("{} {}{}; ", one.invoice.number, static_cast<int>(one.why),
                       one.same_amount ? " =" : "");
  }
  EXPECT_EQ(all, "F2026-000002 0; F2026-000003 1 =; F2026-000001 2 =; ");
}

DATABASE_SENTENCE(bank_import, "the audit finds a payment that is not what the bank brought") {
  issue_sample(world);
  import(world, camt_of({{ "5.00", "F2026-000001" }}));
  EXPECT_EQ(faults_of(world), "");
  execute(world, "update bank_transactions set amount = 501");
  EXPECT_EQ(faults_of(world), "bank transaction 1: it brought 501, but payment 1 is of 500\n");
}

DATABASE_SENTENCE(bank_import, "a preview says what an import does, and writes nothing") {
  issue_sample(world);
  const auto file = camt_of({{"10.00", "F2026-000001", "", "A"},
                             {"2.10", "F2026-000001", "", "B"},
                             {"1.00", "F2026-000001", "", "C"},
                             {"-3.00", "fee", "", "D"}});
  const BankParts parts{world.database(), world.mailer(), world.site()};
  const auto preview = preview_bank_file(parts, {.name = "x", .bytes = file}).value();
  std::string said;
  for (const auto& one : preview.added) {
    said += fmt::format("{}{} ", static_cast<int>(one.outcome), text(one.doubt));
  }
  EXPECT_EQ(said, "0 0 1paid already 2 ");
  EXPECT_EQ(count_rows(world, "bank_statements") + count_rows(world, "payments"), 0);
  import(world, file);
  EXPECT_EQ(states(world),
            "matched 10.00\nmatched 2.10\nunmatched 1.00 paid already (ada: "
            "reference)\noutgoing -3.00\n");
  EXPECT_TRUE(preview_bank_file(parts, {.name = "x", .bytes = file})->known);
}

}  // namespace
}  // namespace cstims::test
