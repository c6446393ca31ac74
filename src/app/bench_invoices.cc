#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/bench_data.h"
#include "invoice/invoice.h"
#include "invoice/invoice_numbering.h"

namespace cstims {

namespace {

constexpr int invoices_per_client = 12;

constexpr Statement insert_draft{"insert made-up draft", R"(
  insert into invoices (kind, status, client_id, due_month, currency, net, tax, total, created_at)
  values ('ordinary', 'draft', :client, :due_month, :currency, :net, :tax, :total, :at)
  returning id)"};

constexpr Statement issue_draft{"issue made-up invoice", R"(
  update invoices
  set status = 'issued', series = :series, year = :year, sequence = :sequence, number = :number,
    issue_date = :issue_date, due_date = :due_date, paid = :paid, buyer = :buyer, seller = :seller,
    payment_text = :payment_text, issued_at = :at
  where id = :invoice)"};

constexpr Statement insert_line{"insert made-up line", R"(
  insert into invoice_lines (invoice_id, position, kind, order_id, service_id, description,
    quantity, unit_price, period_start, period_next, net, tax_rate, explanation)
  values (:invoice, :position, 'recurring', :order, :service, :description, :quantity,
    :unit_price, :start, :next, :net, :tax_rate, :explanation)
  returning id)"};

constexpr Statement insert_tax{"insert made-up tax", R"(
  insert into invoice_taxes (invoice_id, tax_rate, base, tax)
  values (:invoice, :tax_rate, :base, :tax))"};

constexpr Statement insert_billed{"insert made-up billed period", R"(
  insert into billed_periods (order_id, kind, period_start, period_next, covers_until, line_id)
  values (:order, 'recurring', :start, :next, :next, :line))"};

constexpr Statement insert_payment{"insert made-up payment", R"(
  insert into payments (client_id, date, method, reference, currency, amount, recorded_at,
    recorded_by)
  values (:client, :date, 'bank transfer', :reference, :currency, :amount, :at, :author)
  returning id)"};

constexpr Statement insert_allocation{"insert made-up allocation", R"(
  insert into allocations (payment_id, invoice_id, amount)
  values (:payment, :invoice, :amount))"};

constexpr Statement set_counter{"set number counter", R"(
  insert into number_counters (series, year, last_number, last_issue_date)
  values (:series, :year, :number, :date))"};

struct Due {
  Date on;
  const BenchClient* client;
  std::int64_t sequence;
};

struct Paid {
  std::int64_t invoice;
  std::int64_t amount;
  Date on;
};

/// By date, numbered without a gap in each year.
std::vector<Due> all_due(const BenchRun& run) {
  std::vector<Due> due;
  for (const auto& client : run.clients)
    for (int month = 0; month < invoices_per_client; ++month)
      due.push_back({client.start.plus_months(month, client.start.day()), &client, 0});
  std::stable_sort(due.begin(), due.end(),
                   [](const Due& one, const Due& two) { return one.on < two.on; });
  std::map<int, std::int64_t> last;
  for (auto& each : due) each.sequence = ++last[each.on.year()];
  return due;
}

std::vector<InvoiceLine> lines_of(const BenchRun& run, const Due& due) {
  std::vector<InvoiceLine> lines;
  for (const auto& order : due.client->orders) {
    if (order.status == "setting up") continue;
    for (const auto& item : periods_due(order.plan, {}, due.on)) {
      if (item.period.start != due.on) continue;  // billed before
      const auto price = line_for(item, run.site.zone);
      lines.push_back(
          {.kind = LineKind::recurring,
           .order = OrderId(order.id),
           .service = ServiceId(order.service),
           .description = fmt::format("{}, {}", order.service_name, price.description.english()),
           .quantity = price.quantity,
           .unit_price = price.unit_price,
           .period = item.period,
           .net = price.net,
           .tax_rate = run.site.tax_rate,
           .explanation = explain(price.explanation, std::mem_fn(&Message::english))});
    }
  }
  return lines;
}

/// Most pay within days; of the last month's some have not yet, and a few never pay, or pay in
/// part.
Paid paid_of(const BenchRun& run, const Due& due, std::int64_t invoice, std::int64_t total) {
  const auto seed = scrambled(static_cast<std::uint64_t>(due.client->number) * 1000 +
                              static_cast<unsigned>(due.on.month()));
  const auto on = due.on.plus_days(pick(seed, 20));
  const int luck = pick(seed + 1, 100);
  if (on > run.today || luck < 3) return {invoice, 0, on};
  return {invoice, luck < 5 ? total / 2 : total, on};
}

void insert_parts(Transaction& tx, std::int64_t invoice, const std::vector<InvoiceLine>& lines,
                  const InvoiceSums& sums) {
  int position = 0;
  for (const auto& line : lines) {
    const auto id = tx.require(insert_line, {{"invoice", invoice},
                                             {"position", ++position},
                                             {"order", line.order},
                                             {"service", line.service},
                                             {"description", line.description},
                                             {"quantity", line.quantity.text()},
                                             {"unit_price", line.unit_price.text()},
                                             {"start", line.period->start},
                                             {"next", line.period->next},
                                             {"net", line.net.minor()},
                                             {"tax_rate", line.tax_rate.points()},
                                             {"explanation", line.explanation}})
                        .number("id");
    tx.execute(insert_billed, {{"order", line.order},
                               {"start", line.period->start},
                               {"next", line.period->next},
                               {"line", id}});
  }
  for (const auto& tax : sums.taxes)
    tx.execute(insert_tax, {{"invoice", invoice},
                            {"tax_rate", tax.rate.points()},
                            {"base", tax.base.minor()},
                            {"tax", tax.tax.minor()}});
}

void insert_paid(Transaction& tx, const BenchRun& run, const Due& due, const Paid& paid) {
  const auto payment =
      tx.require(insert_payment,
                 {{"client", due.client->user},
                  {"date", paid.on},
                  {"reference",
                   fmt::format("TR{:08}",
                               scrambled(static_cast<std::uint64_t>(paid.invoice)) % 100'000'000)},
                  {"currency", run.site.currency.code()},
                  {"amount", paid.amount},
                  {"at", run.site.zone.start_of(paid.on)},
                  {"author", run.people.accountant}})
          .number("id");
  tx.execute(insert_allocation,
             {{"payment", payment}, {"invoice", paid.invoice}, {"amount", paid.amount}});
}

Instant issued_at(const BenchRun& run, const Due& due) {
  return run.site.zone.start_of(due.on).plus(std::chrono::minutes(10));
}

/// They were never mailed and have no document: the audit need not look for either.
constexpr Statement note_brought_over{"note made-up invoices", R"(
  insert into installation (name, value)
  select 'invoices_brought_over', cast(max(id) as text)
  from invoices
  having count(*) > 0)"};

std::int64_t insert_bench_draft(Transaction& tx, const BenchRun& run, const Due& due,
                                const InvoiceSums& sums) {
  return tx
      .require(insert_draft, {{"client", due.client->user},
                              {"due_month", due.on.month_text()},
                              {"currency", run.site.currency.code()},
                              {"net", sums.net.minor()},
                              {"tax", sums.tax.minor()},
                              {"total", sums.total.minor()},
                              {"at", issued_at(run, due)}})
      .number("id");
}

void issue(Transaction& tx, const BenchRun& run, const Due& due, const Paid& paid) {
  const InvoiceNumber number{std::string(series_of(InvoiceKind::ordinary)), due.on, due.sequence};
  const auto buyer = bench_name(due.client->number) + "\n" + bench_street(due.client->number);
  tx.execute(issue_draft, {{"invoice", paid.invoice},
                           {"series", number.series},
                           {"year", number.year()},
                           {"sequence", number.sequence},
                           {"number", number_text(run.site.number_format, number)},
                           {"issue_date", due.on},
                           {"due_date", due.on.plus_days(run.site.due_days)},
                           {"paid", paid.amount},
                           {"buyer", buyer},
                           {"seller", run.site.seller},
                           {"payment_text", run.site.payment_text},
                           {"at", issued_at(run, due)}});
}

void insert_bench_invoice(Transaction& tx, const BenchRun& run, const Due& due) {
  const auto lines = lines_of(run, due);
  const auto sums = sum_up(lines, run.site.currency);
  const auto invoice = insert_bench_draft(tx, run, due, sums);
  insert_parts(tx, invoice, lines, sums);
  const auto paid = paid_of(run, due, invoice, sums.total.minor());
  issue(tx, run, due, paid);
  if (paid.amount != 0) insert_paid(tx, run, due, paid);
}

void set_counters(Transaction& tx, const std::vector<Due>& due) {
  std::map<int, const Due*> last;
  for (const auto& each : due) last[each.on.year()] = &each;
  for (const auto& [year, newest] : last)
    tx.execute(set_counter, {{"series", series_of(InvoiceKind::ordinary)},
                             {"year", year},
                             {"number", newest->sequence},
                             {"date", newest->on}});
}

}  // namespace

void load_bench_invoices(BenchRun& run) {
  const auto due = all_due(run);
  in_batches(run, "invoices", due.size(),
             [&](Transaction& tx, std::size_t i) { insert_bench_invoice(tx, run, due[i]); });
  run.database.write([&](Transaction& tx) {
    set_counters(tx, due);
    tx.execute(note_brought_over);
  });
}

}  // namespace cstims
