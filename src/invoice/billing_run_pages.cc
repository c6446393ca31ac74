#include "invoice/billing_run_pages.h"

#include <fmt/format.h>

#include "base/failure.h"
#include "http/background.h"
#include "invoice/billing_run.h"

namespace cstims {

namespace {

constexpr int faults_shown = 200;
constexpr int seconds_between_looks = 3;

std::string path_of(BillingRunId id) {
  return "/billing/runs/" + id.text();
}

Message shown_door(const BillingRunRecord& run) {
  if (!run.started_by.empty()) return message("{}", {run.started_by});
  return run.kind == RunKind::job ? message("the daily job") : message("the command line");
}

struct BillingRunsPage {
  static constexpr std::string_view view = "invoice/billing_runs.html";
  const Context& context;
  Listing listing;
  Page<BillingRunRecord> runs;
  const Refusal* refusal = nullptr;
  Message title() const { return message("Billing runs"); }
};

std::vector<Cell> row_of(const BillingRunRecord& run, const Renderer& renderer) {
  return {{.text = renderer.show(run.started_at),
           .href = path_of(run.id),
           .detail = renderer.translate(shown_door(run))},
          {.text = renderer.translate(shown(run.outcome)), .badge = std::string(tone(run.outcome))},
          {.text = renderer.show(run.date)},
          {.text = std::to_string(run.invoices)},
          {.text = run.sum.show()},
          {.text = std::to_string(run.faults)}};
}

Response csv_of(const std::vector<BillingRunRecord>& runs) {
  std::string file =
      csv_row({"id", "kind", "started_by", "started_at", "finished_at", "date", "clients", "done",
               "invoices", "sum", "currency", "faults", "outcome"});
  for (const auto& run : runs) {
    file +=
        csv_row({run.id.text(), std::string(text(run.kind)), run.started_by, run.started_at.text(),
                 run.finished_at ? run.finished_at->text() : "", run.date.text(),
                 std::to_string(run.total), std::to_string(run.done), std::to_string(run.invoices),
                 run.sum.text(), std::string(run.sum.currency().code()), std::to_string(run.faults),
                 shown(run.outcome).english()});
  }
  return Response::csv("billing-runs.csv", std::move(file));
}

void fill(Dictionary& values, const BillingRunsPage& page) {
  const auto& renderer = page.context.services.renderer;
  fill_form(values, "START",
            {.action = "/billing/runs",
             .submit = message("Bill what is due today"),
             .fields = {},
             .confirm = message("Issue and mail every invoice that is due today?")},
            page.refusal);
  ListView list{.path = "/billing/runs",
                .empty = message("Nothing was billed yet."),
                .columns = {{message("Started"), "id"},
                            {message("Outcome")},
                            {message("As of")},
                            {message("Invoices"), "", true},
                            {message("Sum"), "", true},
                            {message("Faults"), "", true}},
                .rows = {},
                .searchable = false,
                .caption = message("Billing runs"),
                .total = page.runs.total,
                .more_than_counted = page.runs.more_than_counted};
  for (const auto& run : page.runs.rows) list.rows.push_back(row_of(run, renderer));
  fill_list(values, "RUNS", list, page.listing);
}

Response runs_page(Context& context, const Refusal* refusal, int status) {
  const auto listing = parse_listing(context.request.query, billing_run_listing_rules());
  const auto runs =
      context.database().read([&](Transaction& tx) { return list_billing_runs(tx, listing); });
  if (listing.csv) return csv_of(runs.rows);
  return render(context, BillingRunsPage{context, listing, runs, refusal}, status);
}

struct BillingRunPage {
  static constexpr std::string_view view = "invoice/billing_run.html";
  BillingRunRecord run;
  std::vector<std::string> faults;
  Message title() const { return message("Billing run {}", {run.id.text()}); }
};

void fill_progress(Dictionary& values, const BillingRunRecord& run) {
  if (!run.is_running()) return;
  values.show("LIVE");
  Dictionary progress = values.section("RUNNING");
  progress.show("STARTING", run.total == 0);
  if (run.total == 0) return;
  Dictionary bar = progress.section("MEASURED");
  bar.set("DONE", run.done);
  bar.set("TOTAL", run.total);
  bar.set("PERCENT", run.done * 100 / run.total);
}

void fill(Dictionary& values, const BillingRunPage& page) {
  const auto& run = page.run;
  values.set("NUMBER", run.id.number());
  values.set("OUTCOME", shown(run.outcome));
  values.set("TONE", tone(run.outcome));
  values.set("AS_OF", run.date);
  values.set("INVOICES", run.invoices);
  values.set("SUM", run.sum);
  values.set("CLIENTS", run.done);
  values.set("FAULT_COUNT", run.faults);
  values.set("STARTED", run.started_at);
  values.set("BY", shown_door(run));
  if (run.finished_at) values.section("ENDED").set("AT", *run.finished_at);
  values.show("BROKEN_OFF", run.outcome == RunOutcome::broken_off);
  fill_progress(values, run);
  if (page.faults.empty()) return;
  Dictionary list = values.section("FAULTY");
  for (const auto& fault : page.faults) list.section("FAULTS").set("FAULT", fault);
  list.show("MORE", run.faults > static_cast<std::int64_t>(page.faults.size()));
}

/// Nobody waits for it but its row, which therefore always comes to an end.
void bill_in_background(const BillingParts& parts, const BillingRun& run) {
  try {
    run_billing(parts, run);
  } catch (const std::exception&) {
    parts.database.write(
        [&](Transaction& tx) { finish_billing_run(tx, run.id.value(), RunOutcome::failed); });
    throw;
  }
}

}  // namespace

Response list_billing_runs_page(Context& context) {
  return runs_page(context, nullptr, 200);
}

Response create_billing_run(Context& context) {
  require_no_fields(context.request.form);
  if (!context.services.background) throw Overload("this program runs no billing", 60, false);
  const auto begun = context.act([](Act& act) { return begin_billing_run(act); });
  if (!begun) return runs_page(context, &begun.error(), 422);
  const BillingParts parts{context.database(), context.services.mailer, context.site()};
  context.services.background->start("billing run", [parts, id = *begun, by = context.viewer.user](
                                                        std::stop_token stop) {
    bill_in_background(parts, {.kind = RunKind::page, .by = by, .id = id, .stop = std::move(stop)});
  });
  return context.redirect(path_of(*begun));
}

Response show_billing_run(Context& context) {
  const auto id = context.request.path_id<struct BillingRunRecord>();
  const auto page = context.database().read([&](Transaction& tx) {
    auto run = find_billing_run(tx, id);
    if (!run) throw NotFound("there is no billing run " + id.text());
    return BillingRunPage{std::move(*run), list_run_faults(tx, id, faults_shown)};
  });
  if (page.run.is_running()) context.refresh_after(seconds_between_looks);
  return render(context, page);
}

}  // namespace cstims
