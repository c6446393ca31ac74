#include "invoice/invoice_audit.h"

#include <fmt/format.h>

#include <exception>

#include "base/secret.h"
#include "base/text.h"
#include "invoice/audit_faults.h"
#include "invoice/payment_audit.h"
#include "order/order_store.h"

namespace cstims {

namespace {

/// Each finds what is wrong; the column `fault` says it.
constexpr Statement sum_checks[] = {
    {"audit net of lines", R"(
  select 'invoice ' || cast(i.id as text) || ': its lines sum to '
    || cast(coalesce(l.net, 0) as text) || ', not to its net of ' || cast(i.net as text) as fault
  from invoices i
  left join (
    select invoice_id, sum(net) as net
    from invoice_lines
    group by invoice_id) l on l.invoice_id = i.id
  where coalesce(l.net, 0) <> i.net)"},
    {"audit invoices without lines", R"(
  select 'invoice ' || i.number || ': it has no line' as fault
  from invoices i
  where i.status = 'issued'
    and not exists (select 1 from invoice_lines l where l.invoice_id = i.id))"},
    {"audit tax of invoices", R"(
  select 'invoice ' || cast(i.id as text) || ': its taxes sum to '
    || cast(coalesce(t.tax, 0) as text) || ', not to its tax of ' || cast(i.tax as text) as fault
  from invoices i
  left join (
    select invoice_id, sum(tax) as tax
    from invoice_taxes
    group by invoice_id) t on t.invoice_id = i.id
  where coalesce(t.tax, 0) <> i.tax)"},
    {"audit totals", R"(
  select 'invoice ' || cast(id as text) || ': net and tax are not its total' as fault
  from invoices
  where net + tax <> total)"},
    {"audit tax per rate", R"(
  select 'invoice ' || cast(t.invoice_id as text) || ': ' || cast(t.tax as text) || ' is not '
    || cast(t.tax_rate as text) || ' ten-thousandths of ' || cast(t.base as text) as fault
  from invoice_taxes t
  join invoices i on i.id = t.invoice_id
  left join invoice_taxes o on o.invoice_id = i.rectifies_id and o.tax_rate = t.tax_rate
  where t.tax <> case
    when t.base >= 0 then (t.base * t.tax_rate + 5000) / 10000
    else -((-t.base * t.tax_rate + 5000) / 10000) end
    and (i.kind = 'ordinary' or coalesce(o.tax, 0) + (
      select sum(s.tax)
      from invoices r
      join invoice_taxes s on s.invoice_id = r.id
      where r.rectifies_id = i.rectifies_id
        and r.id <= i.id
        and s.tax_rate = t.tax_rate) <> 0))"},
    {"audit bases of tax", R"(
  select 'invoice ' || cast(l.invoice_id as text) || ': the base of the rate '
    || cast(l.tax_rate as text) || ' is not the sum of its lines' as fault
  from (
    select invoice_id, tax_rate, sum(net) as net
    from invoice_lines
    group by invoice_id, tax_rate) l
  left join invoice_taxes t on t.invoice_id = l.invoice_id and t.tax_rate = l.tax_rate
  where t.base is null or t.base <> l.net)"},
};

constexpr Statement number_checks[] = {
    {"audit series", R"(
  select 'series ' || series || ' of ' || cast(year as text) || ': ' || cast(count(*) as text)
    || ' invoices run from ' || cast(min(sequence) as text) || ' to '
    || cast(max(sequence) as text) as fault
  from invoices
  where status = 'issued'
  group by series, year
  having min(sequence) <> 1 or max(sequence) <> count(*))"},
    {"audit counters", R"(
  select 'series ' || c.series || ' of ' || cast(c.year as text) || ': its counter says '
    || cast(c.last_number as text) || ', its newest invoice '
    || cast(coalesce(i.newest, 0) as text) as fault
  from number_counters c
  left join (
    select series, year, max(sequence) as newest
    from invoices
    where status = 'issued'
    group by series, year) i on i.series = c.series and i.year = c.year
  where coalesce(i.newest, 0) <> c.last_number)"},
    {"audit order of dates", R"(
  select 'invoice ' || number || ': it is dated before the one in front of it' as fault
  from (
    select number, issue_date,
      lag(issue_date) over (partition by series order by year, sequence) as earlier
    from invoices
    where status = 'issued') dated
  where earlier > issue_date)"},
    {"audit years", R"(
  select 'invoice ' || number || ': its number is of ' || cast(year as text)
    || ', its date is not' as fault
  from invoices
  where status = 'issued'
    and substr(issue_date, 1, 4) <> cast(year as text))"},
    {"audit rectifying invoices", R"(
  select 'invoice ' || coalesce(r.number, cast(r.id as text))
    || ': it does not take back of an issued invoice of its client' as fault
  from invoices r
  left join invoices i on i.id = r.rectifies_id
    and i.client_id = r.client_id
    and i.currency = r.currency
    and i.kind = 'ordinary'
    and i.status = 'issued'
    and i.issue_date <= r.issue_date
  where r.kind = 'rectifying'
    and (i.id is null or r.total >= 0 or r.status <> 'issued'))"},
    {"audit what is credited", R"(
  select 'invoice ' || cast(i.id as text) || ': ' || cast(coalesce(-r.total, 0) as text)
    || ' are taken back of it, but ' || cast(i.credited as text) || ' count as credited' as fault
  from invoices i
  left join (
    select rectifies_id, sum(total) as total
    from invoices
    where kind = 'rectifying'
    group by rectifies_id) r on r.rectifies_id = i.id
  where coalesce(-r.total, 0) <> i.credited)"},
    {"audit what is credited by rate", R"(
  select 'invoice ' || cast(c.rectifies_id as text) || ': at the rate '
    || cast(c.tax_rate as text) || ' more is taken back than was billed' as fault
  from (
    select r.rectifies_id, t.tax_rate, sum(t.base) as base, sum(t.tax) as tax
    from invoices r
    join invoice_taxes t on t.invoice_id = r.id
    where r.kind = 'rectifying'
    group by r.rectifies_id, t.tax_rate) c
  left join invoice_taxes o on o.invoice_id = c.rectifies_id and o.tax_rate = c.tax_rate
  where o.base is null
    or (o.base >= 0 and (c.base > 0 or -c.base > o.base or c.tax > 0 or -c.tax > o.tax))
    or (o.base < 0 and (c.base < 0 or -c.base < o.base or c.tax < 0 or -c.tax < o.tax))
    or (c.base = -o.base and c.tax <> -o.tax))"},
    {"audit what is credited by line", R"(
  select 'invoice ' || cast(o.invoice_id as text) || ': of its line ' || cast(o.position as text)
    || ' more is taken back than was billed' as fault
  from (
    select corrects_id, sum(net) as net
    from invoice_lines
    where corrects_id is not null
    group by corrects_id) c
  join invoice_lines o on o.id = c.corrects_id
  where (o.net >= 0 and (c.net > 0 or -c.net > o.net))
    or (o.net < 0 and (c.net < 0 or -c.net < o.net)))"},
};

constexpr Statement period_checks[] = {
    {"audit overlaps", R"(
  select 'order ' || cast(order_id as text) || ': the period from ' || period_start
    || ' is billed twice in part: the one before ends on ' || earlier as fault
  from (
    select order_id, period_start,
      max(covers_until) over (partition by order_id order by period_start
        rows between unbounded preceding and 1 preceding) as earlier
    from billed_periods
    where kind = 'recurring'
      and covers_until > period_start) billed
  where earlier > period_start)"},
    {"audit lines of periods", R"(
  select 'order ' || cast(b.order_id as text) || ': what is billed from ' || b.period_start
    || ' is not what its invoice line says' as fault
  from billed_periods b
  join invoice_lines l on l.id = b.line_id
  where l.order_id is null
    or l.order_id <> b.order_id
    or l.kind <> b.kind
    or coalesce(l.period_start, b.period_start) <> b.period_start
    or coalesce(l.period_next, b.period_next) <> b.period_next)"},
    {"audit periods of lines", R"(
  select 'invoice ' || cast(l.invoice_id as text) || ': its line ' || cast(l.position as text)
    || ' is not among the billed periods' as fault
  from invoice_lines l
  left join billed_periods b on b.line_id = l.id
  where l.kind in ('recurring', 'setup', 'once')
    and b.order_id is null)"},
    {"audit days cut off", R"(
  select 'order ' || cast(b.order_id as text) || ': what is billed from ' || b.period_start
    || ' covers days until ' || b.covers_until || ', but those after it were not given back' as fault
  from billed_periods b
  left join (
    select line_id, min(period_start) as start, max(period_next) as until
    from credited_periods
    group by line_id) c on c.line_id = b.line_id
  where b.line_id is not null
    and (b.covers_until <> coalesce(c.start, b.period_next)
      or coalesce(c.until, b.period_next) <> b.period_next))"},
    {"audit days given back", R"(
  select 'order ' || cast(order_id as text) || ': of one line days up to ' || earlier
    || ' were given back, and then from ' || period_start as fault
  from (
    select order_id, period_start,
      lag(period_next) over (partition by order_id, line_id order by period_start, id) as earlier
    from credited_periods
    where line_id is not null) credited
  where earlier <> period_start)"},
    {"audit lines that give back", R"(
  select 'order ' || cast(g.order_id as text) || ': the days given back from ' || g.period_start
    || ' are not those of a rectifying invoice' as fault
  from credited_periods g
  left join invoice_lines c on c.invoice_id = g.rectifying_id
    and c.corrects_id = g.line_id
    and c.order_id = g.order_id
    and c.period_start = g.period_start
    and c.period_next = g.period_next
  where g.rectifying_id is not null
    and c.id is null)"},
};

constexpr Statement select_gaps{"audit gaps", R"(
  select order_id, earlier, period_start
  from (
    select order_id, period_start,
      lag(covers_until) over (partition by order_id order by period_start) as earlier
    from billed_periods
    where kind = 'recurring'
      and covers_until > period_start) billed
  where earlier < period_start
  order by order_id, period_start)"};

constexpr Statement select_documents{"audit documents", R"(
  select d.invoice_id, d.sha256, d.content, i.status
  from invoice_documents d
  join invoices i on i.id = d.invoice_id
  where d.invoice_id > :after
  order by d.invoice_id
  limit 200)"};

template <std::size_t count>
void run(Transaction& tx, const Statement (&checks)[count], Faults& faults) {
  for (const auto& check : checks) {
    tx.each(check, {}, [&](const Row& row) { faults.push_back(row.text("fault")); });
  }
}

/// Days that the order's own prices leave free are no gap.
bool should_be_billed(const Order& order, Date from, Date until) {
  const auto plan = order.plan();
  if (!plan) return true;
  const BilledSoFar billed{.recurring_until = from, .setup = true, .last_once = until};
  for (const auto& item : periods_due(*plan, billed, until)) {
    if (item.kind == ItemKind::recurring && item.period.start < until) return true;
  }
  return false;
}

void check_gaps(Transaction& tx, Faults& faults) {
  for (const auto& row : tx.select(select_gaps)) {
    const auto id = row.id<struct Order>("order_id");
    const Date from = row.date("earlier");
    const Date until = row.date("period_start");
    const auto order = find_order(tx, Viewer::of_system("audit"), id);
    if (order && !should_be_billed(*order, from, until)) continue;
    faults.push_back(fmt::format("order {}: nothing is billed from {} to {}", id.number(),
                                 from.text(), until.text()));
  }
}

std::string fault_of_document(const Row& row) {
  const auto bytes = parse_base64(row.text("content"));
  if (!bytes) return "its stored document cannot be read";
  if (sha256_hex(*bytes) != row.text("sha256")) return "its stored document was changed";
  if (row.text("status") != "issued") return "it has a document but is a draft";
  return {};
}

void check_documents(Transaction& tx, Faults& faults) {
  std::int64_t after = 0;
  for (auto rows = tx.select(select_documents, {{"after", after}}); !rows.empty();
       rows = tx.select(select_documents, {{"after", after}})) {
    for (const auto& row : rows) {
      after = row.number("invoice_id");
      const auto fault = fault_of_document(row);
      if (!fault.empty()) faults.push_back(fmt::format("invoice {}: {}", after, fault));
    }
  }
}

}  // namespace

std::int64_t audit_invoices(Database& database, const AuditReport& report) {
  using Check = std::function<void(Transaction&, Faults&)>;
  const std::vector<Check> checks{
      [](Transaction& tx, Faults& faults) { run(tx, sum_checks, faults); },
      [](Transaction& tx, Faults& faults) {
        audit_payments(tx, [&](const std::string& fault) { faults.push_back(fault); });
      },
      [](Transaction& tx, Faults& faults) { run(tx, number_checks, faults); },
      [](Transaction& tx, Faults& faults) { run(tx, period_checks, faults); },
      check_gaps,
      check_next_due,
      check_delivery,
      check_documents,
  };
  Faults faults(report.fault);
  database.read([&](Transaction& tx) {
    for (std::size_t n = 0; n < checks.size(); ++n) {
      checks[n](tx, faults);
      if (report.progress) {
        report.progress(static_cast<std::int64_t>(n + 1), static_cast<std::int64_t>(checks.size()));
      }
    }
  });
  return faults.count();
}

std::vector<std::string> audit_invoices(Database& database) {
  std::vector<std::string> faults;
  audit_invoices(database, {.fault = [&](const std::string& fault) { faults.push_back(fault); }});
  return faults;
}

void queue_audit_mail(Act& act, const std::vector<std::string>& first_faults, std::int64_t count) {
  OutgoingMail mail{.kind = "audit faults",
                    .view = "audit_faults",
                    .event = "audit " + act.tx.today().text(),
                    .to = act.site.mail_admin,
                    .fill = [&](Dictionary& values) {
                      values.set("COUNT", count);
                      for (const auto& fault : first_faults) {
                        values.section("FAULTS").set("FAULT", fault);
                      }
                      values.show("MORE", count > static_cast<std::int64_t>(first_faults.size()));
                    }};
  queue_mail(act, mail);
  if (act.site.mail_accounting == act.site.mail_admin) return;
  mail.to = act.site.mail_accounting;
  queue_mail(act, mail);
}

}  // namespace cstims
