#include "order/billing_history.h"

#include <algorithm>

namespace cstims {
namespace {

constexpr int most_entries = 60;

constexpr Statement select_lines{"billing history: lines", R"(
  select l.kind, coalesce(l.period_start, (
      select min(b.period_start)
      from billed_periods b
      where b.line_id = l.id), i.issue_date) as day,
    l.period_next, l.net, i.currency, l.invoice_id, i.number
  from invoice_lines l
  join invoices i on i.id = l.invoice_id
  where l.order_id = :order
    and i.status = 'issued'
  order by day desc, l.id desc
  limit :limit)"};

// What cost nothing, or of which nothing was left, stands on no invoice.
constexpr Statement select_free{"billing history: without lines", R"(
  select 'recurring' as kind, period_start as day, period_next
  from billed_periods
  where order_id = :order
    and kind = 'recurring'
    and line_id is null
  union all
  select 'correction' as kind, period_start as day, period_next
  from credited_periods
  where order_id = :order
    and rectifying_id is null
  order by day desc
  limit :limit)"};

constexpr Statement sum_lines{"billing history: sums", R"(
  select cast(coalesce(sum(case when l.kind <> 'correction' then l.net end), 0) as bigint) as billed,
    cast(coalesce(sum(case when l.kind = 'correction' then l.net end), 0) as bigint) as given_back
  from invoice_lines l
  join invoices i on i.id = l.invoice_id
  where l.order_id = :order
    and i.status = 'issued')"};

HistoryKind kind_from(const Row& row) {
  const auto& kind = row.text("kind");
  if (kind == "correction") return HistoryKind::given_back;
  return kind == "recurring" ? HistoryKind::billed : HistoryKind::once;
}

HistoryEntry entry_from(const Row& row) {
  HistoryEntry entry{.kind = kind_from(row), .from = row.date("day")};
  if (const auto next = row.maybe_date("period_next")) entry.last = next->plus_days(-1);
  return entry;
}

HistoryEntry line_from(const Row& row) {
  auto entry = entry_from(row);
  entry.net = Money(row.number("net"), Currency::parse(row.text("currency")).value());
  entry.invoice = row.id<struct Invoice>("invoice_id");
  entry.number = row.text("number");
  return entry;
}

std::string words_of(const DatedTerm& term) {
  return (term.quantity == 1 ? "" : std::to_string(term.quantity) + " × ") + term.term.show_price();
}

/// Where price or quantity change, and where pauses begin and end.
void add_terms(const Order& order, std::vector<HistoryEntry>& entries) {
  const DatedTerm* before = nullptr;
  for (const auto& term : order.terms) {
    if (!before || words_of(*before) != words_of(term)) {
      entries.push_back({.kind = HistoryKind::price, .from = term.from, .words = words_of(term)});
    }
    if (term.paused != (before && before->paused)) {
      entries.push_back(
          {.kind = term.paused ? HistoryKind::paused : HistoryKind::resumed, .from = term.from});
    }
    before = &term;
  }
}

std::string_view tone(HistoryKind kind) {
  switch (kind) {
    case HistoryKind::billed:
    case HistoryKind::once:
      return "success";
    case HistoryKind::given_back:
      return "warning";
    case HistoryKind::paused:
      return "secondary";
    case HistoryKind::price:
    case HistoryKind::resumed:
      return "info";
  }
  return {};
}

void fill_entry(Dictionary row, const HistoryEntry& entry, const Renderer& renderer) {
  row.set("TONE", tone(entry.kind));
  row.set("WHAT", shown(entry.kind));
  row.set("DAYS", entry.last ? renderer.show(entry.from) + " – " + renderer.show(*entry.last)
                             : renderer.show(entry.from));
  if (!entry.words.empty()) row.section("PRICED").set("PRICE", entry.words);
  if (entry.net) row.section("COSTS").set("NET", *entry.net);
  if (!entry.invoice) return;
  Dictionary invoice = row.section("ON");
  invoice.set("ADDRESS", "/invoices/" + entry.invoice->text());
  invoice.set("INVOICE", entry.number);
}

}  // namespace

Message shown(HistoryKind kind) {
  switch (kind) {
    case HistoryKind::price:
      return message("price");
    case HistoryKind::paused:
      return message("not billed from");
    case HistoryKind::resumed:
      return message("billed again from");
    case HistoryKind::billed:
      return message("billed");
    case HistoryKind::once:
      return message("billed once");
    case HistoryKind::given_back:
      return message("given back");
  }
  return {};
}

BillingHistory load_billing_history(Transaction& tx, const Order& order) {
  const Currency currency = order.billing().currency;
  const auto sums = tx.require(sum_lines, {{"order", order.id}});
  BillingHistory history{.entries = {},
                         .billed = Money(sums.number("billed"), currency),
                         .given_back = Money(sums.number("given_back"), currency)};
  const Parameters newest{{"order", order.id}, {"limit", most_entries + 1}};
  for (const auto& row : tx.select(select_lines, newest)) history.entries.push_back(line_from(row));
  for (const auto& row : tx.select(select_free, newest)) history.entries.push_back(entry_from(row));
  if (history.entries.empty()) return history;
  add_terms(order, history.entries);
  std::ranges::stable_sort(history.entries, std::ranges::greater(), &HistoryEntry::from);
  history.more = history.entries.size() > most_entries;
  if (history.more) history.entries.resize(most_entries, history.entries.front());
  return history;
}

void fill_billing_history(Dictionary& values, std::string_view name, const BillingHistory& history,
                          const Renderer& renderer) {
  if (history.entries.empty()) return;
  Dictionary page = values.include(name, "order/_billing_history.html");
  for (const auto& entry : history.entries) fill_entry(page.section("ENTRIES"), entry, renderer);
  page.show("MORE", history.more);
  page.set("BILLED", history.billed);
  if (history.given_back.is_zero()) return;
  Dictionary given = page.section("GIVEN");
  given.set("GIVEN_BACK", history.given_back);
  given.set("KEPT", history.billed + history.given_back);
}

}  // namespace cstims
