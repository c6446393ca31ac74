// Suspension for non-payment with real invoices, mails and tickets: the verbs of
// order/suspension_actions.h as the dunning run and payments call them.
#include <fmt/format.h>

#include <algorithm>

#include "account/user_store.h"
#include "base/failure.h"
#include "base/text.h"
#include "invoice/books.h"
#include "invoice/credit_actions.h"
#include "invoice/dunning_actions.h"
#include "invoice/dunning_run.h"
#include "invoice/invoice_actions.h"
#include "invoice/payment_actions.h"
#include "invoice/rectification_actions.h"
#include "order/order_actions.h"
#include "order/order_store.h"
#include "order/suspension_actions.h"
#include "order/suspension_outlook.h"
#include "order/suspension_store.h"

namespace cstims::test {
namespace {

using Lines = std::vector<std::string>;

/// ada's active order, billed on an invoice of 1 March that is due on the 15th and was mailed.
/// Orders are suspended ten days later, the 25th; no reminders.
struct Unpaid {
  OrderId order;
  InvoiceId invoice;
};

void go_to(World& world, std::string_view day) {
  world.clock().set(Instant::stored(std::string(day) + "T09:00:00Z"));
}

void deliver_mails(World& world) {
  execute(world,
          "update outbox set state = 'sent', finished_at = created_at"
          " where state = 'waiting'");
}

Unpaid unpaid(World& world, UserId client = UserId(1)) {
  world.site().dunning = {
      .reminder_days_before = std::nullopt, .overdue_days = {}, .suspend_days = 10};
  go_to(world, "2026-03-01");
  const auto order = place_order(world, {.client = client, .activated_on = Date(2026, 3, 1)});
  const auto billed = run(world);
  deliver_mails(world);
  return {order, billed.invoices.back().id.value()};
}

DunningResult dun(World& world) {
  const auto today = world.database().read([](Transaction& tx) { return tx.today(); });
  auto result = run_dunning({world.database(), world.mailer(), world.site()}, today);
  deliver_mails(world);
  return result;
}

/// The run of each day from the one to the other.
void dun_daily(World& world, Date from, Date to) {
  for (Date day = from; day <= to; day = day.plus_days(1)) {
    go_to(world, day.text());
    dun(world);
  }
}

std::string status_of(World& world, OrderId id) {
  return world.database().read([&](Transaction& tx) {
    return std::string(text(require_order(tx, Viewer::of_system("test"), id).status));
  });
}

Lines events_of(World& world, OrderId id) {
  return world.database().read([&](Transaction& tx) {
    Lines lines;
    for (const auto& event : list_order_events(tx, Viewer::of_system("test"), id)) {
      lines.push_back(fmt::format("{}{}{}", event.user_name.empty() ? "" : event.user_name + ": ",
                                  shown(event).english(),
                                  event.reason.empty() ? "" : " (" + event.reason + ")"));
    }
    return lines;
  });
}

/// "kind → recipient" of the mails since the last look.
Lines new_mails(World& world) {
  Lines lines;
  for (const auto& mail : world.mails()) {
    if (mail.kind != "invoice issued" && mail.kind != "payment recorded" &&
        mail.kind != "payment reversed") {
      lines.push_back(mail.kind + " → " + mail.recipient);
    }
  }
  execute(world, "delete from outbox where kind not like 'invoice issued'");
  return lines;
}

std::string body_of(World& world, std::string_view kind) {
  const auto mails = world.mails();
  const auto found = std::ranges::find(mails, kind, &QueuedMail::kind);
  return found == mails.end() ? "" : single_line(found->body_text);
}

void pay(World& world, InvoiceId id) {
  const auto paid = world.act(world.luca(), [&](Act& act) { return mark_paid(act, id); });
  ASSERT_TRUE(paid) << (paid ? "" : paid.error().english());
}

void open_ticket_about(World& world, OrderId order) {
  execute(world,
          fmt::format("insert into tickets (client_id, order_id, subject, body, status, opened_at,"
                      " last_entry_at, waiting_for) values (1, {}, 'x', 'x', 'open',"
                      " '2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z', 'staff')",
                      order.number()));
}

const Lines digests{"dunning digest → accounting@arf20.com", "dunning digest → admin@arf20.com"};

DATABASE_SENTENCE(suspension, "staff hear of it the day before, then the order is suspended") {
  const auto owed = unpaid(world);
  dun_daily(world, Date(2026, 3, 16), Date(2026, 3, 23));
  EXPECT_EQ(new_mails(world), Lines{});
  go_to(world, "2026-03-24");
  dun(world);
  const auto digest = body_of(world, "dunning digest");
  for (const auto* wanted :
       {"suspended tomorrow", "web of ada", "12.10 €", "F2026-000001", "15 Mar 2026", "/orders/"}) {
    EXPECT_TRUE(digest.contains(wanted)) << wanted << " in " << digest;
  }
  EXPECT_EQ(new_mails(world), digests);
  EXPECT_EQ(status_of(world, owed.order), "active");
  go_to(world, "2026-03-25");
  const auto result = dun(world);
  EXPECT_EQ(result.count(SuspensionNews::What::suspended), 1);
  EXPECT_EQ(status_of(world, owed.order), "suspended");
  EXPECT_EQ(events_of(world, owed.order).back(),
            "Suspended (12.10 € of the invoice F2026-000001, due on 15 Mar 2026, are not paid.)")
      << "recorded, with the program as its author";
  const auto mail = body_of(world, "order suspended");
  EXPECT_TRUE(mail.contains("12.10 €")) << "peers Paymenter PR#1246: amount and link: " << mail;
  EXPECT_TRUE(
      mail.contains(fmt::format("http://portal.example.test/invoices/{}", owed.invoice.number())))
      << mail;
  EXPECT_EQ(new_mails(world), Lines{"order suspended → ada@example.test"});
  dun_daily(world, Date(2026, 3, 25), Date(2026, 4, 25));
  EXPECT_EQ(new_mails(world), Lines{}) << "nothing is said twice";
}

DATABASE_SENTENCE(suspension, "running it again on the same day changes nothing") {
  const auto owed = unpaid(world);
  go_to(world, "2026-03-24");
  for (int n = 0; n < 5; ++n) dun(world);
  EXPECT_EQ(new_mails(world), digests);
  EXPECT_EQ(status_of(world, owed.order), "active");
  go_to(world, "2026-03-25");
  for (int n = 0; n < 5; ++n) dun(world);
  EXPECT_EQ(new_mails(world).size(), 1u);
  EXPECT_EQ(count_rows(world, "suspensions"), 1);
}

DATABASE_SENTENCE(suspension, "after missed days staff still hear of it the day before") {
  const auto owed = unpaid(world);
  go_to(world, "2026-05-20");
  dun(world);
  EXPECT_EQ(status_of(world, owed.order), "active");
  EXPECT_EQ(new_mails(world), digests);
  go_to(world, "2026-05-21");
  dun(world);
  EXPECT_EQ(status_of(world, owed.order), "suspended");
}

DATABASE_SENTENCE(suspension,
                  "a crash before the digest leaves an order running until it is told") {
  const auto owed = unpaid(world);
  go_to(world, "2026-03-24");
  world.act(Viewer::of_system("test"), [&](Act& act) {
    return review_suspensions(act, UserId(1), Date(2026, 3, 24));  // and here it died
  });
  go_to(world, "2026-03-25");
  dun(world);
  EXPECT_EQ(status_of(world, owed.order), "active");
  EXPECT_EQ(new_mails(world), digests);
  go_to(world, "2026-03-26");
  dun(world);
  EXPECT_EQ(status_of(world, owed.order), "suspended");
}

DATABASE_SENTENCE(suspension, "off by default, and switching it off forgets what was planned") {
  EXPECT_FALSE(site_of_tests().dunning.suspend_days);
  const auto owed = unpaid(world);
  go_to(world, "2026-03-24");
  dun(world);
  world.site().dunning.suspend_days.reset();
  dun_daily(world, Date(2026, 3, 25), Date(2026, 4, 10));
  EXPECT_EQ(status_of(world, owed.order), "active");
  world.site().dunning.suspend_days = 10;
  new_mails(world);
  go_to(world, "2026-04-11");
  dun(world);
  EXPECT_EQ(status_of(world, owed.order), "active") << "it is announced again first";
  EXPECT_EQ(new_mails(world), digests);
}

DATABASE_SENTENCE(suspension,
                  "peers FOSSBilling#3425: an order without an overdue issued invoice goes on") {
  const auto owed = unpaid(world);
  pay(world, owed.invoice);
  // A draft, and the next bill never made: time alone suspends nothing.
  const auto draft =
      world.act(world.root(), [](Act& act) { return create_draft(act, draft_of(UserId(1))); });
  ASSERT_TRUE(draft);
  execute(world, fmt::format("update invoice_lines set order_id = {} where invoice_id = {}",
                             owed.order.number(), draft->number()));
  new_mails(world);
  dun_daily(world, Date(2026, 3, 24), Date(2026, 6, 30));
  EXPECT_EQ(status_of(world, owed.order), "active");
  EXPECT_EQ(new_mails(world), Lines{});
}

DATABASE_SENTENCE(suspension,
                  "only orders that the invoice bills are suspended, and only active ones") {
  const auto owed = unpaid(world);
  const auto other = place_order(world, {.name = "other", .billing = "free"});
  const auto ended = place_order(world, {.name = "ended", .activated_on = Date(2026, 3, 1)});
  run(world);
  deliver_mails(world);
  world.act(world.root(), [&](Act& act) { return end_order(act, ended, {}, "gone"); }).value();
  dun_daily(world, Date(2026, 3, 23), Date(2026, 3, 30));
  EXPECT_EQ(status_of(world, owed.order), "suspended");
  EXPECT_EQ(status_of(world, other), "active");
  EXPECT_EQ(status_of(world, ended), "ended");
}

DATABASE_SENTENCE(suspension, "what stands against it is told once, and holds it back") {
  struct Row {
    std::string_view plant;
    std::string_view remove;
    std::string_view said;
  };
  const Row table[] = {
      {"update outbox set state = 'waiting' where recipient = 'ada@example.test'",
       "update outbox set state = 'sent' where recipient = 'ada@example.test'",
       "the mail with the invoice is not sent"},
      {"update outbox set state = 'dead' where recipient = 'ada@example.test'",
       "update outbox set state = 'sent' where recipient = 'ada@example.test'",
       "mail to the client could not be delivered"},
      {"insert into tickets (client_id, order_id, subject, body, status, opened_at, last_entry_at,"
       " waiting_for) select client_id, id, 'x', 'x', 'open', ordered_at, ordered_at, 'staff'"
       " from orders",
       "delete from tickets", "a ticket about this order is open"},
      {"insert into dunning_pauses (client_id, reason, paused_at) values (1, 'x',"
       " '2026-03-01T00:00:00Z')",
       "delete from dunning_pauses", "reminders are paused"},
      {"insert into suspension_exemptions (order_id, reason, since) select id, 'x', ordered_at"
       " from orders",
       "update suspension_exemptions set ended_at = since",
       "this order is never suspended automatically"},
  };
  const auto owed = unpaid(world);
  Date day(2026, 3, 24);
  const auto next_day = [&](std::string_view statement) {
    execute(world, std::string(statement));
    go_to(world, day.text());
    const auto today = day;
    day = day.plus_days(1);
    return run_dunning({world.database(), world.mailer(), world.site()}, today);
  };
  for (const auto& row : table) {
    next_day(row.plant);
    EXPECT_TRUE(body_of(world, "dunning digest").contains(row.said)) << row.said;
    EXPECT_EQ(new_mails(world), digests);
    next_day("select 1");
    next_day("select 1");
    EXPECT_EQ(new_mails(world), Lines{}) << "told once: " << row.said;
    EXPECT_EQ(status_of(world, owed.order), "active") << row.said;
    execute(world, std::string(row.remove));
  }
  next_day("select 1");
  EXPECT_TRUE(body_of(world, "dunning digest").contains("suspended tomorrow"));
  EXPECT_EQ(new_mails(world), digests);
  next_day("select 1");
  EXPECT_EQ(status_of(world, owed.order), "suspended");
}

DATABASE_SENTENCE(suspension, "a ticket opened at the last moment holds it back") {
  const auto owed = unpaid(world);
  go_to(world, "2026-03-24");
  dun(world);
  open_ticket_about(world, owed.order);
  go_to(world, "2026-03-25");
  dun(world);
  EXPECT_EQ(status_of(world, owed.order), "active");
}

DATABASE_SENTENCE(suspension,
                  "peers FOSSBilling#4241: a payment just before counts, one after lifts it") {
  const auto first = unpaid(world);
  go_to(world, "2026-03-24");
  dun(world);
  pay(world, first.invoice);
  new_mails(world);
  go_to(world, "2026-03-25");
  dun(world);
  EXPECT_EQ(status_of(world, first.order), "active");
  const auto late = unpaid(world, UserId(2));
  dun_daily(world, Date(2026, 3, 24), Date(2026, 3, 25));
  ASSERT_EQ(status_of(world, late.order), "suspended");
  new_mails(world);
  pay(world, late.invoice);
  EXPECT_EQ(status_of(world, late.order), "active");
  EXPECT_EQ(events_of(world, late.order).back(),
            "Active since 1 Mar 2026 (Everything overdue is paid.)")
      << "by the program, not by the accountant who recorded the payment";
  EXPECT_EQ(new_mails(world), Lines{"order active → bob@example.test"});
  EXPECT_EQ(number_of(world, "select count(*) from suspensions where outcome = 'lifted'"), 1);
}

DATABASE_SENTENCE(suspension, "one payment for all that is owed, or credit, lifts it as well") {
  for (const bool as_credit : {false, true}) {
    const auto owed = unpaid(world, as_credit ? UserId(2) : UserId(1));
    dun_daily(world, Date(2026, 3, 24), Date(2026, 3, 25));
    ASSERT_EQ(status_of(world, owed.order), "suspended");
    const NewPayment money{Money(5000, Currency::eur()), Date(2026, 3, 25), "transfer", "", {}};
    const auto use = as_credit ? PaymentUse::credit_only : PaymentUse::oldest_first;
    world
        .act(world.luca(),
             [&](Act& act) {
               return record_client_payment(act, as_credit ? UserId(2) : UserId(1), money, use);
             })
        .value();
    EXPECT_EQ(status_of(world, owed.order), as_credit ? "suspended" : "active");
    if (!as_credit) continue;
    world.act(world.luca(), [&](Act& act) { return use_credit(act, owed.invoice); }).value();
    EXPECT_EQ(status_of(world, owed.order), "active");
  }
}

DATABASE_SENTENCE(suspension, "a part payment does not lift it, the rest and a rectification do") {
  const auto owed = unpaid(world);
  dun_daily(world, Date(2026, 3, 24), Date(2026, 3, 25));
  const NewPayment part{Money(500, Currency::eur()), Date(2026, 3, 25), "transfer", "", {}};
  world.act(world.luca(), [&](Act& act) { return record_payment(act, owed.invoice, part); })
      .value();
  EXPECT_EQ(status_of(world, owed.order), "suspended");
  world.act(world.luca(), [&](Act& act) { return rectify_whole(act, owed.invoice, "wrong"); })
      .value();
  EXPECT_EQ(status_of(world, owed.order), "active");
}

DATABASE_SENTENCE(suspension, "it is lifted when all that is overdue for the order is paid") {
  const auto owed = unpaid(world);
  go_to(world, "2026-04-01");
  const auto second = run(world).invoices.at(0).id.value();
  deliver_mails(world);
  dun_daily(world, Date(2026, 4, 16), Date(2026, 4, 17));
  ASSERT_EQ(status_of(world, owed.order), "suspended");
  pay(world, owed.invoice);
  EXPECT_EQ(status_of(world, owed.order), "suspended") << "the second is overdue, too";
  pay(world, second);
  EXPECT_EQ(status_of(world, owed.order), "active");
}

DATABASE_SENTENCE(suspension, "what staff suspended stays suspended") {
  const auto owed = unpaid(world);
  const auto by_hand = [&](auto verb) {
    world.act(world.root(), [&](Act& act) { return verb(act, owed.order, "abuse"); }).value();
  };
  by_hand(suspend_order);
  dun_daily(world, Date(2026, 3, 24), Date(2026, 3, 30));
  pay(world, owed.invoice);
  EXPECT_EQ(status_of(world, owed.order), "suspended");
  EXPECT_EQ(count_rows(world, "suspensions"), 0);
}

DATABASE_SENTENCE(suspension, "what staff resumed and suspended since is theirs") {
  const auto owed = unpaid(world);
  dun_daily(world, Date(2026, 3, 24), Date(2026, 3, 25));
  world.act(world.root(), [&](Act& act) { return resume_order(act, owed.order, "promised"); })
      .value();
  world.act(world.root(), [&](Act& act) { return suspend_order(act, owed.order, "abuse"); })
      .value();
  pay(world, owed.invoice);
  EXPECT_EQ(status_of(world, owed.order), "suspended");
  EXPECT_EQ(number_of(world, "select count(*) from suspensions where outcome = 'dropped'"), 1);
}

DATABASE_SENTENCE(suspension,
                  "an order that staff resumed is announced before it is suspended again") {
  const auto owed = unpaid(world);
  dun_daily(world, Date(2026, 3, 24), Date(2026, 3, 25));
  world.act(world.root(), [&](Act& act) { return resume_order(act, owed.order, "promised"); })
      .value();
  new_mails(world);
  go_to(world, "2026-03-26");
  dun(world);
  EXPECT_EQ(status_of(world, owed.order), "active");
  EXPECT_EQ(new_mails(world), digests);
  go_to(world, "2026-03-27");
  dun(world);
  EXPECT_EQ(status_of(world, owed.order), "suspended");
}

DATABASE_SENTENCE(suspension, "a payment that no door told of lifts it in the next run") {
  const auto owed = unpaid(world);
  dun_daily(world, Date(2026, 3, 24), Date(2026, 3, 25));
  execute(world, "update invoices set paid = total");
  go_to(world, "2026-03-26");
  EXPECT_EQ(dun(world).count(SuspensionNews::What::lifted), 1);
  EXPECT_EQ(status_of(world, owed.order), "active");
}

DATABASE_SENTENCE(suspension, "one client whose data are broken stops no other") {
  const auto broken = unpaid(world);
  const auto whole = unpaid(world, UserId(2));
  dun_daily(world, Date(2026, 3, 23), Date(2026, 3, 24));
  execute(world, "update users set email = 'no address' where id = 1");
  go_to(world, "2026-03-25");
  const auto result =
      run_dunning({world.database(), world.mailer(), world.site()}, Date(2026, 3, 25));
  EXPECT_EQ(result.count(SuspensionNews::What::suspended), 1);
  EXPECT_EQ(status_of(world, whole.order), "suspended");
  EXPECT_EQ(status_of(world, broken.order), "active");
}

DATABASE_SENTENCE(suspension, "clients whom no mail reaches are told to staff, once") {
  const auto owed = unpaid(world);
  world.site().dunning = {.overdue_days = {1}};
  go_to(world, "2026-03-02");
  const auto invoice = issue_sample(world);
  execute(world,
          "update outbox set state = 'dead', finished_at = created_at"
          " where recipient = 'ada@example.test'");
  new_mails(world);
  go_to(world, "2026-03-17");
  dun(world);
  const auto digest = body_of(world, "dunning digest");
  EXPECT_TRUE(digest.contains("ada (ada@example.test): invoice " + invoice.number)) << digest;
  EXPECT_EQ(new_mails(world), digests);
  dun_daily(world, Date(2026, 3, 18), Date(2026, 3, 30));
  EXPECT_EQ(new_mails(world), Lines{});
  EXPECT_EQ(status_of(world, owed.order), "active");
}

DATABASE_SENTENCE(suspension, "an accountant exempts an order with a reason, and ends that") {
  const auto owed = unpaid(world);
  const auto exempt = [&](const Viewer& viewer, const std::string& reason) {
    return world.act(viewer,
                     [&](Act& act) { return exempt_from_suspension(act, owed.order, reason); });
  };
  const auto end = [&] {
    return world.act(world.luca(),
                     [&](Act& act) { return end_suspension_exemption(act, owed.order); });
  };
  for (const auto& viewer : {Viewer::nobody(), world.ada(), world.grace()}) {
    EXPECT_THROW((void)exempt(viewer, "x"), Forbidden) << viewer.name;
  }
  EXPECT_FALSE(exempt(world.luca(), " "));
  ASSERT_TRUE(exempt(world.luca(), "a hospital"));
  EXPECT_FALSE(exempt(world.root(), "again"));
  EXPECT_EQ(events_of(world, owed.order), Lines{}) << "the client reads the history of the order";
  dun_daily(world, Date(2026, 3, 24), Date(2026, 3, 30));
  EXPECT_EQ(status_of(world, owed.order), "active");
  ASSERT_TRUE(end());
  EXPECT_FALSE(end());
  dun_daily(world, Date(2026, 3, 31), Date(2026, 4, 1));
  EXPECT_EQ(status_of(world, owed.order), "suspended");
}

DATABASE_SENTENCE(suspension,
                  "an exemption goes with the order it is about, and names staff for ever") {
  unpaid(world);
  const auto order = place_order(world, {.name = "never begun"});
  execute(world, fmt::format("update orders set status = 'setting up', activated_on = null,"
                             " next_due_on = null where id = {}",
                             order.number()));
  world
      .act(world.luca(), [&](Act& act) { return exempt_from_suspension(act, order, "a hospital"); })
      .value();
  const auto staff = [&] {
    return world.database().read([&](Transaction& tx) { return list_dependents(tx, UserId(4)); });
  };
  EXPECT_EQ(staff(), Lines{"exemptions"});
  world.act(world.root(), [&](Act& act) { return delete_order(act, order); }).value();
  EXPECT_EQ(count_rows(world, "suspension_exemptions"), 0);
  world
      .act(world.luca(),
           [&](Act& act) { return pause_dunning(act, InvoiceId(1), PauseScope::invoice, "x"); })
      .value();
  EXPECT_EQ(staff(), Lines{"pauses"});
}

DATABASE_SENTENCE(suspension, "what is foretold is what happens") {
  const auto owed = unpaid(world);
  const auto foretold = [&](Date today, Date until) {
    return world.database().read([&](Transaction& tx) {
      Lines lines;
      for (const auto& one :
           expected_suspensions(tx, world.site(), {.today = today, .until = until})) {
        lines.push_back(fmt::format("{} {} {}{}", one.on.text(), one.order_name, one.invoice.number,
                                    shown(one.obstacle).english()));
      }
      return lines;
    });
  };
  EXPECT_EQ(foretold(Date(2026, 3, 2), Date(2026, 3, 24)), Lines{});
  EXPECT_EQ(foretold(Date(2026, 3, 2), Date(2026, 3, 25)), Lines{"2026-03-25 web F2026-000001"});
  dun_daily(world, Date(2026, 3, 20), Date(2026, 3, 24));
  EXPECT_EQ(foretold(Date(2026, 3, 25), Date(2026, 3, 25)), Lines{"2026-03-25 web F2026-000001"});
  go_to(world, "2026-03-25");
  dun(world);
  EXPECT_EQ(status_of(world, owed.order), "suspended");
  EXPECT_EQ(foretold(Date(2026, 3, 26), Date(2026, 12, 31)), Lines{});
}

}  // namespace
}  // namespace cstims::test
