#include "invoice/rectification_actions.h"

#include <thread>

#include "base/failure.h"
#include "invoice/books.h"
#include "invoice/invoice_audit.h"
#include "invoice/payment_actions.h"
#include "invoice/rectification_pages.h"
#include "support/person.h"
#include "support/world.h"

namespace cstims::test {
namespace {

const Currency eur = Currency::eur();

Result<InvoiceId> take_back(World& world, const Invoice& original, std::int64_t cents,
                            std::int64_t rate = 2500) {
  return world.act(world.luca(), [&](Act& act) {
    return rectify_amount(act, original.id, {{TaxRate::basis_points(rate), Money(cents, eur)}},
                          "Too much");
  });
}

Result<InvoiceId> take_back_whole(World& world, const Invoice& original) {
  return world.act(world.luca(),
                   [&](Act& act) { return rectify_whole(act, original.id, "Wrong client"); });
}

std::string faults(World& world) {
  std::string all;
  for (const auto& fault : audit_invoices(world.database())) all += fault + "\n";
  return all;
}

DATABASE_SENTENCE(rectification_actions,
                  "several take an invoice back: 193.33 and 48.33 at 25 % end at 0.00") {
  const auto original = issue_sample(world, UserId(1), {{"Work", "1", "193.33", "25"}});
  EXPECT_EQ(original.total.show(), "241.66 €");
  const auto first = invoice_of(world, take_back(world, original, 19330).value());
  EXPECT_EQ(first.number, "R2026-000001");
  EXPECT_EQ(first.total.show(), "-241.63 €");
  EXPECT_EQ(invoice_of(world, original.id).rest().show(), "0.03 €");
  EXPECT_FALSE(invoice_of(world, original.id).is_rectified());
  const auto last = invoice_of(world, take_back_whole(world, original).value());
  EXPECT_EQ(last.number, "R2026-000002");
  EXPECT_EQ(last.total.show(), "-0.03 €");
  const auto now = invoice_of(world, original.id);
  EXPECT_TRUE(now.is_rectified());
  EXPECT_EQ(now.credited, original.total);
  EXPECT_EQ(faults(world), "");
  EXPECT_FALSE(take_back_whole(world, original));
  EXPECT_FALSE(take_back(world, original, 1));
}

DATABASE_SENTENCE(rectification_actions,
                  "days of a line are taken back with the line they are of") {
  place_order(world, {.billing = "31 €/mo"});
  const auto invoice = invoice_of(world, run(world).invoices.at(0).id.value());
  const auto line = lines_of(world, invoice.id).at(0);
  const BillingPeriod days{Date(2026, 3, 11), Date(2026, 4, 1)};
  const auto id = world
                      .act(Viewer::of_system("billing"),
                           [&](Act& act) {
                             return rectify_lines(act, invoice.id,
                                                  {{line.id, Money(2100, eur), "21 days", days}},
                                                  "Ended early");
                           })
                      .value();
  const auto back = lines_of(world, id).at(0);
  EXPECT_EQ(back.corrects, line.id);
  EXPECT_EQ(back.order, line.order);
  EXPECT_EQ(back.period, days);
  EXPECT_EQ(back.net.show(), "-21.00 €");
  EXPECT_EQ(invoice_of(world, invoice.id).rest().show(), "12.10 €");
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(rectification_actions, "what was paid beyond what is left becomes credit") {
  const auto original = issue_sample(world, UserId(1), {{"Work", "1", "100", "25"}});
  world.act(world.luca(), [&](Act& act) { return mark_paid(act, original.id); }).value();
  const auto rectified =
      world
          .act(world.luca(),
               [&](Act& act) {
                 return rectify(act, original.id,
                                {.way = RectificationWay::amounts,
                                 .amounts = {{TaxRate::basis_points(2500), Money(4000, eur)}},
                                 .reason = "Discount"});
               })
          .value();
  EXPECT_EQ(rectified.credit.show(), "50.00 €");
  EXPECT_EQ(invoice_of(world, original.id).paid.show(), "75.00 €");
  EXPECT_EQ(number_of(world, "select sum(amount) from client_credit"), 5000);
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(rectification_actions, "a rectified part is not paid: the rest is the most") {
  const auto original = issue_sample(world, UserId(1), {{"Work", "1", "100", "25"}});
  take_back(world, original, 4000).value();
  const auto pay = [&](std::int64_t cents) {
    return world.act(world.luca(), [&](Act& act) {
      return record_payment(act, original.id,
                            {Money(cents, eur), Date(2026, 3, 10), "transfer", {}, {}});
    });
  };
  EXPECT_TRUE(pay(7500));
  EXPECT_FALSE(pay(1));
  EXPECT_EQ(paid_state(invoice_of(world, original.id), Date(2026, 9, 1)), PaidState::paid);
}

DATABASE_SENTENCE(rectification_actions, "a rectifying invoice is not dated before its original") {
  const auto original = issue_sample(world);
  const auto early = world.act(world.luca(), [&](Act& act) {
    return rectify_whole(act, original.id, "Wrong", Date(2026, 3, 9));
  });
  ASSERT_FALSE(early);
  EXPECT_TRUE(early.error().find("date"));
  EXPECT_EQ(count_rows(world, "invoices"), 1);
}

DATABASE_SENTENCE(rectification_actions, "what was credited never shrinks, whoever writes") {
  const auto original = issue_sample(world, UserId(1), {{"Work", "1", "100", "25"}});
  take_back(world, original, 4000).value();
  for (const auto* statement :
       {"update invoices set credited = credited - 1 where credited > 0",
        "update invoices set credited = total + 1 where kind = 'ordinary'",
        "update invoices set credited = 1 where kind = 'rectifying'",
        "update invoice_lines set corrects_id = 1", "delete from invoices"}) {
    EXPECT_THROW(execute(world, statement), DatabaseError) << statement;
  }
}

DATABASE_SENTENCE(rectification_actions, "eight that take back at once never take more than all") {
  const auto original = issue_sample(world, UserId(1), {{"Work", "1", "100", "25"}});
  world.mailer();
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      try {
        if (take_back(world, original, 3000)) ++done;
      } catch (const Failure&) {
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_GE(done, 1);
  EXPECT_LE(done, 3);
  EXPECT_EQ(invoice_of(world, original.id).credited.minor(), done * 3750);
  EXPECT_EQ(number_of(world, "select count(*) from invoices where kind = 'rectifying'"), done);
  EXPECT_EQ(faults(world), "");
}

using enum Who;
constexpr std::array routes{
    Route{"GET", "/invoices/{invoice}/rectification", accountant, new_rectification},
    Route{"POST", "/invoices/{invoice}/rectification", accountant, create_rectification,
          Body::form},
};

DATABASE_SENTENCE(rectification_pages,
                  "the page offers what is left, previews, and only then acts") {
  const auto original =
      issue_sample(world, UserId(1), {{"Work <b>", "1", "100", "25"}, {"Book", "2", "10", "10"}});
  Person luca{world, routes, world.luca()};
  const auto path = "/invoices/" + original.id.text() + "/rectification";
  const auto page = luca.get(path);
  EXPECT_EQ(page.status, 200);
  for (const auto* words : {"Work &lt;b&gt;", "Up to 100.00 €", "rate.2500", "rate.1000"}) {
    EXPECT_TRUE(page.body.contains(words)) << words;
  }
  Fields fields{{"way", "lines"}, {"reason", "Half a day"}, {"line.1", "50"},
                {"line.2", ""},   {"rate.2500", ""},        {"rate.1000", ""}};
  fields["preview"] = "1";
  const auto preview = luca.post(path, fields);
  EXPECT_EQ(preview.status, 200);
  for (const auto* words : {"Nothing is issued yet", "-62.50 €", "84.50 €", "value=\"50\""}) {
    EXPECT_TRUE(preview.body.contains(words)) << words;
  }
  EXPECT_EQ(count_rows(world, "invoices"), 1);
  fields.erase("preview");
  fields["line.1"] = "100.01";
  const auto refused = luca.post(path, fields);
  EXPECT_EQ(refused.status, 422);
  EXPECT_TRUE(refused.body.contains("Only 100.00 € of this line are left."));
  fields["line.1"] = "50";
  EXPECT_EQ(header_value(luca.post(path, fields), "Location"), "/invoices/2");
  EXPECT_TRUE(luca.get(path).body.contains("Up to 50.00 €"));
  EXPECT_EQ(luca.post(path, {{"reason", "The rest"}}).status, 303);
  EXPECT_TRUE(luca.get(path).body.contains("It is rectified already."));
  EXPECT_EQ(luca.post(path, {{"reason", "Again"}}).status, 422);
  EXPECT_EQ(luca.get("/invoices/2/rectification").status, 404) << "itself a rectifying one";
  EXPECT_EQ(luca.post(path, {{"reason", "x"}, {"total", "1"}}).status, 400);
}

}  // namespace
}  // namespace cstims::test
