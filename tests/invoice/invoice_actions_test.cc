#include "invoice/invoice_actions.h"

#include <fmt/format.h>

#include <random>
#include <thread>

#include "base/failure.h"
#include "invoice/books.h"
#include "invoice/invoice_document.h"
#include "invoice/invoice_numbering.h"
#include "invoice/payment_actions.h"
#include "invoice/rectification_actions.h"
#include "support/world.h"

namespace cstims::test {
namespace {

Result<InvoiceId> draft(World& world, const Viewer& by, UserId client = UserId(1)) {
  return world.act(by, [&](Act& act) { return create_draft(act, draft_of(client)); });
}

Result<InvoiceId> rectify(World& world, InvoiceId id, const std::string& reason = "Wrong price") {
  return world.act(world.luca(), [&](Act& act) { return rectify_whole(act, id, reason); });
}

DATABASE_SENTENCE(invoice_actions,
                  "a draft is written, changed, issued with number, date and mails") {
  const auto id = draft(world, world.root()).value();
  const auto changed = draft_of(UserId(2), {{"Cable", "3", "5", "10"}});
  world.act(world.root(), [&](Act& act) { return update_draft(act, id, changed); }).value();
  EXPECT_TRUE(world.mails().empty());
  EXPECT_EQ(invoice_of(world, id).number, "");
  world.act(world.root(), [&](Act& act) { return issue_invoice(act, id); }).value();
  const auto invoice = invoice_of(world, id);
  EXPECT_EQ(invoice.number, "F2026-000001");
  EXPECT_EQ(invoice.issue_date, Date(2026, 3, 10));
  EXPECT_EQ(invoice.client, UserId(2));
  EXPECT_EQ(invoice.total.show(), "16.50 €");
  EXPECT_EQ(world.mails().size(), 2u);
}

DATABASE_SENTENCE(invoice_actions,
                  "ancestor: manual-invoice-no-login: only admins write invoices") {
  for (const auto& viewer : {Viewer::nobody(), world.ada(), world.grace(), world.luca()}) {
    EXPECT_THROW((void)draft(world, viewer), Forbidden) << viewer.name;
  }
  EXPECT_EQ(count_rows(world, "invoices"), 0);
  EXPECT_FALSE(draft(world, world.root(), UserId(3))) << "grace is no client";
  EXPECT_FALSE(draft(world, world.root(), UserId(99)));
}

DATABASE_SENTENCE(invoice_actions,
                  "what is issued is neither changed nor deleted nor issued again") {
  const auto invoice = issue_sample(world);
  const auto other = draft_of(UserId(2), {{"Other", "1", "1", "0"}});
  EXPECT_FALSE(
      world.act(world.root(), [&](Act& act) { return update_draft(act, invoice.id, other); }));
  const auto deleted =
      world.act(world.root(), [&](Act& act) { return delete_invoice(act, invoice.id); });
  ASSERT_FALSE(deleted);
  EXPECT_TRUE(deleted.error().english().contains("Rectify"));
  EXPECT_FALSE(world.act(world.root(), [&](Act& act) { return issue_invoice(act, invoice.id); }));
  EXPECT_EQ(invoice_of(world, invoice.id).total, invoice.total);
  EXPECT_EQ(lines_of(world, invoice.id).size(), 1u);
}

DATABASE_SENTENCE(invoice_actions, "the schema itself keeps what is issued, whoever writes") {
  const auto invoice = issue_sample(world);
  ensure_invoice_document({world.database(), world.renderer(), world.site()}, invoice.id);
  world.act(world.luca(), [&](Act& act) { return mark_paid(act, invoice.id); }).value();
  for (const auto* statement :
       {"update invoices set total = total + 1, net = net + 1", "update invoices set buyer = 'x'",
        "update invoices set client_id = 2", "update invoices set issue_date = '2020-01-01'",
        "update invoices set number = 'F1'",
        "update invoices set status = 'draft', number = null, "
        "issue_date = null",
        "update invoices set seller = 'x'", "update invoices set reason = 'x'",
        "delete from invoices", "update invoice_lines set net = 1", "delete from invoice_lines",
        "insert into invoice_lines (invoice_id, position, kind, description, quantity, unit_price, "
        "net, tax_rate) values (1, 9, 'manual', 'x', '1', '0', 0, 0)",
        "update invoice_taxes set tax = 0", "delete from invoice_taxes",
        "update invoice_documents set content = ''", "delete from invoice_documents",
        "update payments set amount = 1", "delete from allocations"}) {
    EXPECT_THROW(execute(world, statement), DatabaseError) << statement;
  }
}

DATABASE_SENTENCE(invoice_actions, "a draft is deleted and leaves no number behind") {
  const auto id = draft(world, world.root()).value();
  world.act(world.root(), [&](Act& act) { return delete_invoice(act, id); }).value();
  EXPECT_EQ(count_rows(world, "invoices"), 0);
  EXPECT_EQ(issue_sample(world).number, "F2026-000001");
}

DATABASE_SENTENCE(invoice_actions,
                  "a rectifying invoice takes all back, names the original and why") {
  const auto original =
      issue_sample(world, UserId(1), {{"a", "3", "3.33", "21"}, {"b", "1", "1", "10"}});
  world.clear_mails();
  const auto id = rectify(world, original.id).value();
  const auto rectifying = invoice_of(world, id);
  EXPECT_EQ(rectifying.number, "R2026-000001");
  EXPECT_EQ(rectifying.kind, InvoiceKind::rectifying);
  EXPECT_EQ(rectifying.rectifies, original.id);
  EXPECT_EQ(rectifying.reason, "Wrong price");
  EXPECT_EQ(rectifying.total, -original.total);
  EXPECT_EQ(rectifying.tax, -original.tax);
  EXPECT_TRUE(invoice_of(world, original.id).is_rectified());
  const auto lines = lines_of(world, id);
  EXPECT_EQ(lines[0].quantity.text(), "-3");
  EXPECT_EQ(lines[0].unit_price.text(), "3.33");
  EXPECT_EQ(world.mails().size(), 2u);
  const auto text = world.mails()[0].body_text;
  EXPECT_TRUE(text.contains("Wrong price")) << text;
}

DATABASE_SENTENCE(invoice_actions,
                  "nothing is rectified twice, and no draft or rectifying invoice") {
  const auto original = issue_sample(world);
  EXPECT_FALSE(rectify(world, original.id, "  "));
  const auto rectifying = rectify(world, original.id).value();
  EXPECT_FALSE(rectify(world, original.id));
  EXPECT_FALSE(rectify(world, rectifying));
  EXPECT_THROW((void)rectify(world, draft(world, world.root()).value()), NotFound);
  EXPECT_THROW((void)world.act(world.ada(),
                               [&](Act& act) { return rectify_whole(act, original.id, "free!"); }),
               Forbidden);
}

DATABASE_SENTENCE(invoice_actions,
                  "a client finds only its own issued invoices, helpdesk no drafts") {
  const auto hers = issue_sample(world, UserId(1));
  const auto draft_id = draft(world, world.root()).value();
  const auto finds = [&](const Viewer& viewer, InvoiceId id) {
    return world.database().read(
        [&](Transaction& tx) { return find_invoice(tx, viewer, id).has_value(); });
  };
  for (const auto& viewer : {world.ada(), world.grace(), world.luca(), world.root()}) {
    EXPECT_TRUE(finds(viewer, hers.id)) << viewer.name;
  }
  EXPECT_FALSE(finds(world.bob(), hers.id));
  EXPECT_FALSE(finds(Viewer::nobody(), hers.id));
  for (const auto& viewer : {world.ada(), world.bob(), world.grace(), world.luca()}) {
    EXPECT_FALSE(finds(viewer, draft_id)) << viewer.name;
  }
  EXPECT_TRUE(finds(world.root(), draft_id));
}

DATABASE_SENTENCE(invoice_actions, "an issue dated before the newest invoice is refused") {
  issue_sample(world);
  const auto id = draft(world, world.root()).value();
  world.clock().set(Instant::stored("2026-03-09T09:00:00Z"));
  const auto refused = world.act(world.root(), [&](Act& act) { return issue_invoice(act, id); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().items[0].field, "date");
}

DATABASE_SENTENCE(invoice_actions, "numbers begin again with each year, series apart") {
  const auto first = issue_sample(world);
  rectify(world, first.id).value();
  world.clock().set(Instant::stored("2026-12-31T23:30:00Z"));  // 2027 in Madrid
  EXPECT_EQ(issue_sample(world).number, "F2027-000001");
  EXPECT_EQ(issue_sample(world).number, "F2027-000002");
}

DATABASE_SENTENCE(invoice_actions,
                  "ancestor: invoice-number-race: eight writers that fail at random leave 1 … N") {
  world.mailer();
  std::vector<std::thread> writers;
  std::atomic<int> issued = 0;
  for (unsigned seed = 0; seed < 8; ++seed) {
    writers.emplace_back([&, seed] {
      std::mt19937 random(seed);
      for (int i = 0; i < 6; ++i) {
        try {
          world.act(world.root(), [&](Act& act) {
            const auto id = create_draft(act, draft_of(UserId(1))).value();
            issue_invoice(act, id).value();
            if (random() % 3 == 0) throw Failure("changed my mind");
            return 0;
          });
          ++issued;
        } catch (const Failure&) {
        }
      }
    });
  }
  for (auto& writer : writers) writer.join();
  ASSERT_GT(issued, 0);
  EXPECT_EQ(count_rows(world, "invoices"), issued);
  EXPECT_EQ(number_of(world, "select max(sequence) from invoices"), issued);
  EXPECT_EQ(number_of(world, "select min(sequence) from invoices"), 1);
  EXPECT_EQ(number_of(world, "select count(distinct number) from invoices"), issued);
  EXPECT_EQ(number_of(world, "select last_number from number_counters"), issued);
}

}  // namespace
}  // namespace cstims::test
