#include "invoice/dunning_actions.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/failure.h"
#include "base/text.h"
#include "invoice/books.h"
#include "invoice/credit_actions.h"
#include "invoice/dunning_outlook.h"
#include "invoice/dunning_run.h"
#include "invoice/dunning_store.h"
#include "invoice/invoice_actions.h"
#include "invoice/payment_actions.h"
#include "invoice/rectification_actions.h"

namespace cstims::test {
namespace {

void go_to(World& world, std::string_view instant) {
  world.clock().set(Instant::stored(instant));
}

Date today(World& world) {
  return world.database().read([](Transaction& tx) { return tx.today(); });
}

DunningResult dun(World& world) {
  return run_dunning({world.database(), world.mailer(), world.site()}, today(world));
}

/// "reminder 3: sent, overdue 1: open".
std::string steps_of(World& world, InvoiceId invoice) {
  return world.database().read([&](Transaction& tx) {
    std::vector<std::string> words;
    for (const auto& row : list_dunning_steps(tx, invoice)) {
      words.push_back(fmt::format("{} {}: {}", text(row.step.kind), row.step.days,
                                  row.outcome ? text(*row.outcome) : "open"));
    }
    return join(words, ", ");
  });
}

/// Subjects of the mails since the last look, each with its recipient.
std::vector<std::string> new_mails(World& world) {
  std::vector<std::string> mails;
  for (const auto& mail : world.mails()) mails.push_back(mail.recipient + ": " + mail.subject);
  world.clear_mails();
  return mails;
}

void pay(World& world, InvoiceId id, std::int64_t cents) {
  const NewPayment payment{Money(cents, Currency::eur()), today(world), "transfer", "R1", {}};
  const auto paid =
      world.act(world.luca(), [&](Act& act) { return record_payment(act, id, payment); });
  ASSERT_TRUE(paid) << (paid ? "" : paid.error().english());
}

Result<void> pause(World& world, InvoiceId id, PauseScope scope,
                   const std::string& reason = "They called") {
  return world.act(world.luca(), [&](Act& act) { return pause_dunning(act, id, scope, reason); });
}

Result<void> resume(World& world, InvoiceId id, PauseScope scope) {
  return world.act(world.luca(), [&](Act& act) { return resume_dunning(act, id, scope); });
}

void mark_mails(World& world, std::string_view recipient, std::string_view state) {
  execute(world, fmt::format("update outbox set state = '{}', finished_at = created_at"
                             " where recipient = '{}'",
                             state, recipient));
}

using Mails = std::vector<std::string>;
constexpr std::string_view ada_address = "ada@example.test";

/// Issued on 10 March, due on 24 March; its mails are forgotten.
Invoice issued(World& world, UserId client = UserId(1)) {
  auto invoice = issue_sample(world, client);
  world.clear_mails();
  return invoice;
}

DATABASE_SENTENCE(dunning_actions, "issuing an invoice plans its steps in the same transaction") {
  const auto invoice = issued(world);
  EXPECT_EQ(steps_of(world, invoice.id),
            "reminder 3: open, overdue 1: open, overdue 7: open, overdue 14: open");
  world.site().dunning = {.reminder_days_before = std::nullopt, .overdue_days = {}};
  EXPECT_EQ(steps_of(world, issued(world).id), "") << "each can be switched off";
}

DATABASE_SENTENCE(dunning_actions, "each step is mailed once, to the client alone, on its day") {
  const auto invoice = issued(world);
  const std::string number = invoice.number;
  const std::vector<std::pair<std::string_view, std::string>> days = {
      {"2026-03-20T09:00:00Z", ""},
      {"2026-03-21T09:00:00Z", "Invoice " + number + " is due on 24 Mar 2026: 12.10 €"},
      {"2026-03-22T09:00:00Z", ""},
      {"2026-03-24T09:00:00Z", ""},
      {"2026-03-25T09:00:00Z", "Invoice " + number + " is overdue: 12.10 €"},
      {"2026-03-31T09:00:00Z", "Invoice " + number + " is overdue: 12.10 €"},
      {"2026-04-07T09:00:00Z", "Invoice " + number + " is overdue: 12.10 €"},
      {"2027-01-01T09:00:00Z", ""}};
  for (const auto& [day, subject] : days) {
    go_to(world, day);
    dun(world);
    dun(world);
    const Mails wanted =
        subject.empty() ? Mails{} : Mails{std::string(ada_address) + ": " + subject};
    EXPECT_EQ(new_mails(world), wanted) << day;
  }
  EXPECT_EQ(steps_of(world, invoice.id),
            "reminder 3: sent, overdue 1: sent, overdue 7: sent, overdue 14: sent");
}

DATABASE_SENTENCE(
    dunning_actions,
    "a client who answers an invoice, a reminder or a receipt writes to accountants") {
  const auto invoice = issue_sample(world);
  for (const auto day : {"2026-03-21T09:00:00Z", "2026-03-25T09:00:00Z"}) {
    go_to(world, day);
    dun(world);
  }
  pay(world, invoice.id, 1210);
  const std::string field = "Reply-To: " + world.site().mail_accounting.text() + "\n";
  int to_client = 0;
  for (const auto& mail : world.mails()) {
    const bool client = mail.recipient == ada_address;
    to_client += client ? 1 : 0;
    EXPECT_EQ(mail.headers.contains(field), client) << mail.kind << " to " << mail.recipient;
  }
  EXPECT_EQ(to_client, 4) << "issued, reminder, overdue, paid";
}

DATABASE_SENTENCE(dunning_actions,
                  "peers FOSSBilling#4024: a run every five minutes mails nothing twice") {
  const auto invoice = issued(world);
  go_to(world, "2026-03-25T06:00:00Z");
  for (int run = 0; run < 200; ++run) {
    dun(world);
    world.clock().advance(std::chrono::minutes(5));
  }
  EXPECT_EQ(new_mails(world).size(), 1u) << steps_of(world, invoice.id);
}

DATABASE_SENTENCE(dunning_actions,
                  "a missed day is made up for late, once, and only by the newest step") {
  const auto invoice = issued(world);
  go_to(world, "2026-04-03T09:00:00Z");
  const auto result = dun(world);
  EXPECT_EQ(result.mails(), 1);
  EXPECT_EQ(steps_of(world, invoice.id),
            "reminder 3: skipped, overdue 1: skipped, overdue 7: sent, overdue 14: open");
  const auto mail = world.mails().at(0);
  EXPECT_TRUE(single_line(mail.body_text).contains("that is 10 days ago")) << mail.body_text;
  EXPECT_EQ(mail.event, fmt::format("invoice {} overdue 7", invoice.id.number()));
  world.clear_mails();
  dun(world);
  EXPECT_TRUE(world.mails().empty());
}

DATABASE_SENTENCE(dunning_actions,
                  "a reminder says what is left, until when, how to pay and where") {
  const auto invoice = issued(world);
  pay(world, invoice.id, 210);
  world.clear_mails();
  go_to(world, "2026-03-21T09:00:00Z");
  dun(world);
  const auto mail = world.mails().at(0);
  for (const auto& body : {single_line(mail.body_text), mail.body_html}) {
    for (const auto* wanted :
         {"10.00 €", "12.10 €", "24 Mar 2026", "ES91 2100 0418 4502 0005 1332"}) {
      EXPECT_TRUE(body.contains(wanted)) << wanted << " in " << body;
    }
    EXPECT_TRUE(
        body.contains(fmt::format("http://portal.example.test/invoices/{}", invoice.id.number())));
    EXPECT_TRUE(body.contains(invoice.number));
  }
  EXPECT_TRUE(mail.headers.contains("Auto-Submitted: auto-generated"));
  EXPECT_FALSE(mail.headers.contains("List-")) << "one to one mail has no List fields";
  EXPECT_EQ(mail.documents, fmt::format("invoice {}", invoice.id.number()));
}

DATABASE_SENTENCE(dunning_actions, "what is paid or rectified is not reminded of") {
  const auto paid = issued(world);
  const auto rectified = issued(world);
  pay(world, paid.id, 1210);
  world.act(world.luca(), [&](Act& act) { return rectify_whole(act, rectified.id, "Wrong price"); })
      .value();
  world.clear_mails();
  for (const auto id : {paid.id, rectified.id}) {
    EXPECT_EQ(steps_of(world, id),
              "reminder 3: settled, overdue 1: settled, overdue 7: settled, overdue 14: settled");
  }
  go_to(world, "2026-05-01T09:00:00Z");
  dun(world);
  EXPECT_TRUE(world.mails().empty());
}

DATABASE_SENTENCE(dunning_actions, "a payment that is undone brings the steps back") {
  const auto invoice = issued(world);
  go_to(world, "2026-03-21T09:00:00Z");
  dun(world);
  pay(world, invoice.id, 1210);
  EXPECT_EQ(steps_of(world, invoice.id),
            "reminder 3: sent, overdue 1: settled, overdue 7: settled, overdue 14: settled");
  world.act(world.luca(), [&](Act& act) { return mark_unpaid(act, invoice.id); }).value();
  EXPECT_EQ(steps_of(world, invoice.id),
            "reminder 3: sent, overdue 1: open, overdue 7: open, overdue 14: open");
}

DATABASE_SENTENCE(dunning_actions,
                  "what credit pays at issue is not reminded of until it is undone") {
  const NewPayment ahead{Money(1210, Currency::eur()), today(world), "transfer", "R1", {}};
  const auto payment =
      world
          .act(world.luca(),
               [&](Act& act) {
                 return record_client_payment(act, UserId(1), ahead, PaymentUse::credit_only);
               })
          .value();
  const auto invoice = issued(world);
  EXPECT_EQ(steps_of(world, invoice.id),
            "reminder 3: settled, overdue 1: settled, overdue 7: settled, overdue 14: settled");
  world.act(world.luca(), [&](Act& act) { return free_payment(act, payment, invoice.id); }).value();
  EXPECT_EQ(steps_of(world, invoice.id),
            "reminder 3: open, overdue 1: open, overdue 7: open, overdue 14: open");
  world.act(world.luca(), [&](Act& act) { return use_credit(act, invoice.id); }).value();
  EXPECT_TRUE(steps_of(world, invoice.id).starts_with("reminder 3: settled"));
}

DATABASE_SENTENCE(dunning_actions, "a payment that no door told of stops reminders all the same") {
  const auto invoice = issued(world);
  execute(world, "update invoices set paid = total");
  go_to(world, "2026-03-25T09:00:00Z");
  dun(world);
  EXPECT_TRUE(world.mails().empty()) << steps_of(world, invoice.id);
}

DATABASE_SENTENCE(dunning_actions, "an accountant pauses an invoice with a reason, and resumes") {
  const auto invoice = issued(world);
  const auto other = issued(world);
  EXPECT_EQ(pause(world, invoice.id, PauseScope::invoice, "  ").error().english(),
            "reason: Say why.");
  ASSERT_TRUE(pause(world, invoice.id, PauseScope::invoice));
  EXPECT_FALSE(pause(world, invoice.id, PauseScope::invoice)) << "it is paused already";
  go_to(world, "2026-03-25T09:00:00Z");
  EXPECT_EQ(dun(world).mails(), 1) << "the other one's";
  EXPECT_EQ(steps_of(world, invoice.id),
            "reminder 3: open, overdue 1: open, overdue 7: open, overdue 14: open");
  go_to(world, "2026-04-01T09:00:00Z");
  ASSERT_TRUE(resume(world, invoice.id, PauseScope::invoice));
  EXPECT_FALSE(resume(world, invoice.id, PauseScope::invoice));
  dun(world);
  EXPECT_EQ(steps_of(world, invoice.id),
            "reminder 3: skipped, overdue 1: skipped, overdue 7: sent, overdue 14: open");
  EXPECT_EQ(steps_of(world, other.id),
            "reminder 3: skipped, overdue 1: sent, overdue 7: sent, overdue 14: open");
}

DATABASE_SENTENCE(dunning_actions, "a client is paused as a whole, also for later invoices") {
  const auto invoice = issued(world);
  ASSERT_TRUE(pause(world, invoice.id, PauseScope::client));
  const auto later = issued(world);
  const auto of_bob = issued(world, UserId(2));
  go_to(world, "2026-03-25T09:00:00Z");
  const auto result = dun(world);
  ASSERT_EQ(result.mails(), 1);
  EXPECT_EQ(result.steps.back().invoice, of_bob.id);
  ASSERT_TRUE(resume(world, later.id, PauseScope::client));
  EXPECT_EQ(dun(world).mails(), 2);
}

DATABASE_SENTENCE(dunning_actions, "only accountants and admins pause") {
  const auto invoice = issued(world);
  for (const auto& viewer : {Viewer::nobody(), world.ada(), world.grace()}) {
    EXPECT_THROW((void)world.act(viewer,
                                 [&](Act& act) {
                                   return pause_dunning(act, invoice.id, PauseScope::invoice, "x");
                                 }),
                 Forbidden);
    EXPECT_THROW(
        (void)world.act(
            viewer, [&](Act& act) { return resume_dunning(act, invoice.id, PauseScope::invoice); }),
        Forbidden);
  }
}

DATABASE_SENTENCE(
    dunning_actions,
    "an address that mail could not be delivered to gets none, and the step says so") {
  const auto invoice = issue_sample(world);
  mark_mails(world, ada_address, "dead");
  go_to(world, "2026-03-25T09:00:00Z");
  const auto result = dun(world);
  EXPECT_EQ(number_of(world, "select count(*) from outbox where kind = 'invoice reminder'"), 0);
  ASSERT_FALSE(result.steps.empty());
  EXPECT_EQ(result.steps.back().outcome, StepOutcome::undeliverable);
  EXPECT_EQ(steps_of(world, invoice.id),
            "reminder 3: skipped, overdue 1: undeliverable, overdue 7: open, overdue 14: open");
  mark_mails(world, ada_address, "sent");
  go_to(world, "2026-03-31T09:00:00Z");
  EXPECT_EQ(dun(world).mails(), 1) << "the address works again";
}

DATABASE_SENTENCE(dunning_actions, "one client who cannot be reminded stops no other") {
  const auto broken = issued(world);
  const auto whole = issued(world, UserId(2));
  execute(world, "update users set email = 'no address' where id = 1");
  go_to(world, "2026-03-25T09:00:00Z");
  const auto result = dun(world);
  ASSERT_EQ(result.faults.size(), 1u);
  EXPECT_TRUE(result.faults[0].starts_with("client 1: ")) << result.faults[0];
  EXPECT_EQ(result.mails(), 1);
  EXPECT_EQ(steps_of(world, broken.id),
            "reminder 3: open, overdue 1: open, overdue 7: open, overdue 14: open");
  EXPECT_TRUE(steps_of(world, whole.id).contains("overdue 1: sent"));
}

DATABASE_SENTENCE(dunning_actions,
                  "the day is the site's, also in the night the clock is changed") {
  go_to(world, "2026-03-14T23:30:00Z");  // the 15th in Madrid: due on the 29th
  const auto invoice = issued(world);
  ASSERT_EQ(*invoice.due_date, Date(2026, 3, 29));
  go_to(world, "2026-03-25T22:59:59Z");
  EXPECT_EQ(dun(world).mails(), 0) << "still the 25th there";
  go_to(world, "2026-03-25T23:00:00Z");
  EXPECT_EQ(dun(world).mails(), 1) << "the 26th, three days before";
  go_to(world, "2026-03-29T21:59:59Z");
  EXPECT_EQ(dun(world).mails(), 0) << "the 29th, an hour shorter than other days";
  go_to(world, "2026-03-29T22:00:00Z");
  EXPECT_EQ(dun(world).mails(), 1) << "the 30th, a day overdue";
}

DATABASE_SENTENCE(dunning_actions, "a run does not look beyond today") {
  EXPECT_THROW(run_dunning({world.database(), world.mailer(), world.site()}, Date(2026, 3, 11)),
               Refused);
}

DATABASE_SENTENCE(dunning_actions,
                  "the outlook names what the days ahead will send, and writes nothing") {
  const auto invoice = issued(world);
  const auto paused = issued(world, UserId(2));
  ASSERT_TRUE(pause(world, paused.id, PauseScope::invoice));
  const auto outlook = [&](Date from, Date until, std::optional<UserId> client = {}) {
    return world.database().read([&](Transaction& tx) {
      std::vector<std::string> lines;
      for (const auto& one :
           dunning_outlook(tx, world.site(), {from, until}, {.client = client}).reminders) {
        lines.push_back(fmt::format("{} {} {} {}{}", one.on.text(), one.number,
                                    shown(one.step).english(), one.rest.show(),
                                    one.paused ? " paused" : ""));
      }
      return lines;
    });
  };
  EXPECT_EQ(outlook(Date(2026, 3, 10), Date(2026, 3, 25)),
            (Mails{"2026-03-21 F2026-000001 3 days before it is due 12.10 €",
                   "2026-03-21 F2026-000002 3 days before it is due 12.10 € paused",
                   "2026-03-25 F2026-000001 a day overdue 12.10 €",
                   "2026-03-25 F2026-000002 a day overdue 12.10 € paused"}));
  EXPECT_EQ(outlook(Date(2026, 3, 30), Date(2026, 3, 31), UserId(1)),
            (Mails{"2026-03-30 F2026-000001 a day overdue 12.10 €",
                   "2026-03-31 F2026-000001 7 days overdue 12.10 €"}));
  // What it says is what happens.
  for (int day = 11; day <= 31; ++day) {
    go_to(world, fmt::format("2026-03-{}T09:00:00Z", day));
    const auto said = outlook(today(world), today(world), UserId(1));
    EXPECT_EQ(dun(world).mails(), static_cast<std::int64_t>(said.size())) << day;
  }
  EXPECT_TRUE(world.mails().at(0).event.contains(invoice.id.text()));
}

}  // namespace
}  // namespace cstims::test
