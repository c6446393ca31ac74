#include "app/bench_load.h"

#include "db/schema.h"
#include "invoice/invoice_audit.h"
#include "support/world.h"

namespace cstims::test {

namespace {

constexpr int clients = 60;

struct Loaded {
  explicit Loaded(Engine engine) : own(engine), database({own.url(), 2, false}, clock, madrid()) {
    migrate(database);
    load_bench_data(database, site_of_tests(), clients, {});
  }
  std::int64_t count(const std::string& from) {
    return database.read([&](Transaction& tx) {
      return tx.select_built("count", "select count(*) as found from " + from, {})
          .at(0)
          .number("found");
    });
  }
  FakeClock clock{Instant::stored("2026-03-10T09:00:00Z")};
  EmptyDatabase own;
  Database database;
};

/// Rows that break a rule, by the rule.
constexpr std::pair<const char*, const char*> violations[] = {
    {"numbers have no gap", R"(
      (select year, max(sequence) as highest, count(*) as used from invoices group by year) n
      where highest <> used)"},
    {"counters stand at the newest number", R"(
      number_counters c
      where last_number <> (select max(sequence) from invoices i where i.year = c.year)
        or last_issue_date <> (select max(issue_date) from invoices i where i.year = c.year))"},
    {"issue dates follow the numbers", R"(
      invoices i
      join invoices j on j.year = i.year and j.sequence = i.sequence + 1
      where j.issue_date < i.issue_date)"},
    {"lines make the net amount", R"(
      invoices i
      where net <> (select sum(l.net) from invoice_lines l where l.invoice_id = i.id))"},
    {"taxes are those of the invoice", R"(
      invoices i
      where tax <> (select sum(t.tax) from invoice_taxes t where t.invoice_id = i.id)
        or net <> (select sum(t.base) from invoice_taxes t where t.invoice_id = i.id))"},
    {"what is paid is what is allocated", R"(
      invoices i
      where paid <> coalesce(
        (select sum(a.amount) from allocations a where a.invoice_id = i.id), 0))"},
    {"payments are allocated whole", R"(
      payments p
      where amount <> (select sum(a.amount) from allocations a where a.payment_id = p.id))"},
    {"nothing lies in the future", R"(
      invoices i where issue_date > '2026-03-10')"},
    {"nothing is due today or before", R"(
      orders where next_due_on <= '2026-03-10')"},
    {"billing goes on where it stopped", R"(
      orders o
      where status in ('active', 'suspended')
        and next_due_on <>
          (select max(period_next) from billed_periods b where b.order_id = o.id))"},
    {"billed periods touch each other", R"(
      billed_periods b
      where period_start <> (select activated_on from orders o where o.id = b.order_id)
        and not exists (select 1 from billed_periods c
          where c.order_id = b.order_id and c.period_next = b.period_start))"},
    {"an ended order is billed to its end", R"(
      orders o
      where status = 'ended'
        and (next_due_on is not null
          or ends_on <> (select max(period_next) from billed_periods b where b.order_id = o.id)))"},
    {"every period has its line", R"(
      billed_periods b
      left join invoice_lines l on l.id = b.line_id and l.order_id = b.order_id
        and l.period_start = b.period_start and l.period_next = b.period_next
      where l.id is null)"},
    {"a ticket's newest entry is its last", R"(
      tickets t
      where last_entry_at <> coalesce(
        (select max(created_at) from ticket_entries e where e.ticket_id = t.id), opened_at))"},
    {"what waits for its client, or is closed, is due never", R"(
      tickets where (status <> 'open' or waiting_for = 'client') <>
        (due_at = '9999-12-31T23:59:59Z'))"},
    {"every text is in the index of words", R"(
      tickets t
      where not exists (select 1 from ticket_texts x where x.ticket_id = t.id and x.entry_id is null)
        or (select count(*) from ticket_entries e where e.ticket_id = t.id and e.kind <> 'event')
          <> (select count(*) from ticket_texts x where x.ticket_id = t.id and x.entry_id is not null))"},
    {"a ticket's order is its client's", R"(
      tickets t
      join orders o on o.id = t.order_id
      where o.client_id <> t.client_id)"},
};

void expect_books_in_order(Engine engine) {
  Loaded loaded(engine);
  EXPECT_EQ(loaded.count("users where type = 'client'"), clients);
  EXPECT_EQ(loaded.count("orders"), 3 * clients);
  EXPECT_EQ(loaded.count("tickets"), 5 * clients);
  EXPECT_EQ(loaded.count("invoices"), 12 * clients);
  EXPECT_GT(loaded.count("invoices where paid < total"), 0);
  EXPECT_GT(loaded.count("tickets where status = 'open'"), 0);
  EXPECT_GT(
      loaded.count("(select 1 from ticket_entries group by ticket_id having count(*) = 50) long"),
      5 * clients / 40);
  const auto replies = loaded.count("ticket_entries");
  EXPECT_GT(replies, 8 * 5 * clients);
  EXPECT_LT(replies, 13 * 5 * clients);
  EXPECT_GT(loaded.count("orders where status = 'ended'"), 0);
  for (const auto& [rule, from] : violations) EXPECT_EQ(loaded.count(from), 0) << rule;
  EXPECT_TRUE(check_database(loaded.database).empty());
  EXPECT_EQ(audit_invoices(loaded.database), std::vector<std::string>{});
}

}  // namespace

SENTENCE(bench_load, "made-up data keeps every rule of the books (sqlite)") {
  expect_books_in_order(Engine::sqlite);
}

SENTENCE(bench_load, "made-up data keeps every rule of the books (postgresql)") {
  if (!has_postgresql()) GTEST_SKIP() << "no PostgreSQL";
  expect_books_in_order(Engine::postgresql);
}

DATABASE_SENTENCE(bench_load, "made-up data never goes to real people") {
  EXPECT_THROW(load_bench_data(world.database(), world.site(), 1, {}), Refused);
}

}  // namespace cstims::test
