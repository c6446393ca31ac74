#include "invoice/billing_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "account/user_store.h"
#include "base/failure.h"
#include "db/lease.h"
#include "invoice/billing_decision.h"
#include "invoice/billing_store.h"
#include "invoice/billing_writing.h"
#include "invoice/closed_period.h"
#include "invoice/document_press.h"
#include "invoice/invoice_actions.h"
#include "invoice/invoice_numbering.h"
#include "invoice/invoice_store.h"
#include "invoice/tax.h"
#include "order/order_store.h"
#include "service/tax_rate_store.h"

namespace cstims {

namespace {

constexpr std::size_t clients_at_once = 50;
/// What --force may ask of one order, and of the calendar: beyond is a slip of the finger.
constexpr std::size_t most_forced_lines = 10'000;
constexpr int most_days_ahead = 10 * 366;
/// How long a run waits for another one.
constexpr std::chrono::minutes patience{10};

/// What became of some clients' orders in one transaction.
struct Batch {
  std::vector<BilledInvoice> invoices;
  std::vector<std::string> faults;
};

class Run {
 public:
  Run(const BillingParts& parts, const BillingRun& run, Date date)
      : parts_(parts),
        run_(run),
        date_(date),
        furthest_(date.plus_days(parts.site.lead_days)),
        began_(parts.database.clock().now()) {
    if (run.dry_run) return;
    lease_.emplace(parts.database, "billing run", patience,
                   "another billing run is under way; try again when it has ended");
  }

  /// Who has something due. From here on the run has a row.
  std::vector<UserId> begin() {
    if (!run_.dry_run) {
      id_ = run_.id ? run_.id : parts_.database.write([&](Transaction& tx) {
        return std::optional(
            insert_billing_run(tx, {run_.kind, run_.by, date_, parts_.site.currency}));
      });
    }
    auto clients =
        parts_.database.read([&](Transaction& tx) { return list_due_clients(tx, furthest_); });
    if (id_) {
      parts_.database.write([&](Transaction& tx) {
        set_run_total(tx, *id_, static_cast<std::int64_t>(clients.size()));
      });
    }
    return clients;
  }

  void end(RunOutcome outcome, const std::vector<std::string>& faults = {}) {
    if (!id_) return;
    parts_.database.write([&](Transaction& tx) {
      add_run_step(tx, *id_, {.faults = faults});
      finish_billing_run(tx, *id_, outcome);
    });
  }

  /// All of them in one transaction; when that fails, each in its own, so that one client's fault
  /// does not stop the others.
  Batch bill(std::span<const UserId> clients) {
    try {
      return attempt(clients);
    } catch (const Refused&) {
      throw;
    } catch (const std::exception& error) {
      if (clients.size() == 1) return failed(clients.front(), error);
    }
    Batch batch;
    for (const auto& client : clients) {
      auto one = bill({&client, 1});
      std::ranges::move(one.invoices, std::back_inserter(batch.invoices));
      std::ranges::move(one.faults, std::back_inserter(batch.faults));
    }
    return batch;
  }

 private:
  static RunStep step_of(std::span<const UserId> clients, const Batch& batch) {
    RunStep step{.clients = static_cast<std::int64_t>(clients.size()),
                 .invoices = static_cast<std::int64_t>(batch.invoices.size()),
                 .faults = batch.faults};
    for (const auto& invoice : batch.invoices) step.sum += invoice.total.minor();
    return step;
  }

  /// A database that does not answer is nobody's fault but its own: the run ends, and the next one
  /// goes on where it stopped.
  Batch failed(UserId client, const std::exception& error) {
    const bool database = dynamic_cast<const DatabaseError*>(&error) != nullptr;
    const bool constraint = dynamic_cast<const ConstraintViolation*>(&error) != nullptr;
    if ((database && !constraint) || dynamic_cast<const Overload*>(&error) != nullptr) {
      std::rethrow_exception(std::current_exception());
    }
    note_failure(client, error.what());
    const Batch batch{{}, {fmt::format("client {}: {}", client.number(), error.what())}};
    if (id_) {
      parts_.database.write([&](Transaction& tx) {
        add_run_step(tx, *id_, step_of({&client, 1}, batch));
      });
    }
    return batch;
  }

  /// What was rolled back left no trace: the ledger gets its own.
  void note_failure(UserId client, const std::string& why) {
    if (run_.dry_run) return;
    parts_.database.write([&](Transaction& tx) {
      for (const auto& due : list_due_order_ids(tx, client, client, furthest_)) {
        note(tx, {due.order, Outcome::fault, 0, why});
      }
    });
  }

  void note(Transaction& tx, const OrderOutcome& outcome) {
    if (!run_.dry_run) insert_ledger_row(tx, {began_, date_, outcome});
  }

  void note_fault(Transaction& tx, OrderId order, const std::string& why, Batch& batch) {
    const OrderOutcome fault{order, Outcome::fault, 0, why};
    batch.faults.push_back(fault_text(fault));
    note(tx, fault);
  }

  Batch attempt(std::span<const UserId> clients) {
    if (!run_.dry_run) {
      return parts_.database.write([&](Transaction& tx) {
        lease_->renew(tx);
        auto batch = bill_in(tx, clients);
        add_run_step(tx, id_.value(), step_of(clients, batch));
        return batch;
      });
    }
    Batch batch = parts_.database.read([&](Transaction& tx) { return bill_in(tx, clients); });
    previewed_ += static_cast<std::int64_t>(batch.invoices.size());
    return batch;
  }

  /// A client's bill that is not written yet.
  struct Decided {
    User client;
    ClientBill bill;
  };
  Batch bill_in(Transaction& tx, std::span<const UserId> clients) {
    Batch batch;
    const auto decided = decide(tx, clients, batch);
    std::vector<ClientMonth> months;
    for (const auto& [client, bill] : decided) {
      for (const auto& month : bill.months) months.push_back({&client, &month});
    }
    if (run_.dry_run) {
      for (const auto& month : months) preview(tx, *month.client, *month.bill, batch);
      return batch;
    }
    write(tx, months, batch);
    std::vector<NextDue> next_due;
    for (const auto& [client, bill] : decided) {
      next_due.insert(next_due.end(), bill.next_due.begin(), bill.next_due.end());
    }
    set_next_due(tx, next_due);
    return batch;
  }

  std::vector<Decided> decide(Transaction& tx, std::span<const UserId> ids, Batch& batch) {
    const auto taxes = load_service_taxes(tx, parts_.site);
    const auto due = list_due_order_ids(tx, ids.front(), ids.back(), furthest_);
    auto orders = load_due_orders(tx, due);
    std::vector<Decided> decided;
    std::size_t next = 0;
    for (auto& client : require_users(tx, clients_of(due))) {
      std::vector<DueOrder> own;
      for (; next < due.size() && due[next].client == client.id; ++next) {
        if (orders[next]) {
          own.push_back(*std::move(orders[next]));
        } else {
          note_fault(tx, due[next].order, orders[next].error(), batch);
        }
      }
      auto bill = decide_bill(own, rules_for(client, taxes));
      note_outcomes(tx, bill, batch);
      decided.push_back({std::move(client), std::move(bill)});
    }
    return decided;
  }

  /// Each once, in order.
  static std::vector<UserId> clients_of(const std::vector<DueOrderId>& due) {
    std::vector<UserId> clients;
    for (const auto& each : due) {
      if (clients.empty() || clients.back() != each.client) clients.push_back(each.client);
    }
    return clients;
  }

  BillingRules rules_for(const User& client, const ServiceTaxes& taxes) const {
    const auto& renderer = parts_.mailer.renderer;
    return {.date = date_,
            .lead_days = parts_.site.lead_days,
            .most_lines = run_.force ? most_forced_lines : parts_.site.most_lines,
            .currency = parts_.site.currency,
            .tax_rate = parts_.site.tax_rate,
            .zone = parts_.site.zone,
            .translate = [&](const Message& words) { return renderer.translate(words); },
            .tax_of = tax_of_client(taxes, client.tax_status)};
  }

  void note_outcomes(Transaction& tx, const ClientBill& bill, Batch& batch) {
    for (const auto& outcome : bill.outcomes) {
      if (outcome.outcome == Outcome::fault) {
        note_fault(tx, outcome.order, outcome.detail, batch);
      } else {
        note(tx, outcome);
      }
    }
  }

  void write(Transaction& tx, const std::vector<ClientMonth>& months, Batch& batch) {
    const Viewer system = Viewer::of_system("billing");
    Act act{tx, system, parts_.mailer, parts_.site};
    for (const auto& [month, invoice] : write_bills(act, months, number_request())) {
      add(batch, *month.client, *month.bill, invoice.number, invoice.total);
      batch.invoices.back().id = invoice.id;
    }
  }

  void preview(Transaction& tx, const User& client, const MonthBill& month, Batch& batch) {
    if (month.lines.empty()) return;
    const auto ahead = previewed_ + static_cast<std::int64_t>(batch.invoices.size());
    add(batch, client, month, preview_number(tx, number_request(), ahead).text,
        sum_up(month.lines, parts_.site.currency).total);
  }

  void add(Batch& batch, const User& client, const MonthBill& month, std::string number,
           const Money& total) const {
    batch.invoices.push_back({.id = std::nullopt,
                              .number = std::move(number),
                              .client = client.id,
                              .client_name = client.username,
                              .issue_date = date_,
                              .due_date = date_.plus_days(parts_.site.due_days),
                              .month = month.month,
                              .lines = month.lines.size(),
                              .total = total});
  }

  NumberRequest number_request() const {
    return {InvoiceKind::ordinary, date_, parts_.site.number_format};
  }

  const BillingParts& parts_;
  const BillingRun& run_;
  Date date_;
  Date furthest_;
  std::optional<BillingRunId> id_;
  Instant began_;
  std::optional<Lease> lease_;
  std::int64_t previewed_ = 0;
};

/// The date of the run; throws Refused when it may not be that one.
Date checked_date(const BillingParts& parts, const BillingRun& run) {
  return parts.database.read([&](Transaction& tx) {
    const Date date = run.date.value_or(tx.today());
    if (date > tx.today() && !run.dry_run && !run.force) {
      throw Refused(fmt::format(
          "{} is still to come: try it with --dry-run, or mean it with --force", date.text()));
    }
    if (date > tx.today().plus_days(most_days_ahead)) {
      throw Refused(fmt::format("{} is more than ten years ahead", date.text()));
    }
    const auto newest = newest_issue_date(tx, InvoiceKind::ordinary);
    if (newest && date < *newest) {
      throw Refused(
          fmt::format("an invoice dated {} exists already: numbers follow dates", newest->text()));
    }
    if (const auto open = check_open(tx, "", date); !open) throw Refused(open.error().english());
    return date;
  });
}

/// All of `clients` until stopped; documents are drawn meanwhile.
BillingResult bill_all(const BillingParts& parts, const BillingRun& options, Run& run,
                       const std::function<void(const BilledInvoice&)>& report) {
  BillingResult result{.total = Money::zero(parts.site.currency), .faults = {}};
  DocumentPress press({parts.database, parts.mailer.renderer, parts.site});
  const auto clients = run.begin();
  for (std::size_t start = 0; start < clients.size(); start += clients_at_once) {
    if (options.stop.stop_requested()) {
      result.stopped = true;
      break;
    }
    const auto count = std::min(clients_at_once, clients.size() - start);
    auto batch = run.bill(std::span(clients).subspan(start, count));
    std::vector<InvoiceId> issued;
    for (const auto& invoice : batch.invoices) {
      ++result.invoices;
      result.total += invoice.total;
      if (invoice.id) issued.push_back(*invoice.id);
      if (report) report(invoice);
    }
    std::ranges::move(batch.faults, std::back_inserter(result.faults));
    press.add(issued);
    if (options.progress) {
      options.progress(static_cast<std::int64_t>(start + count),
                       static_cast<std::int64_t>(clients.size()));
    }
  }
  auto faults = press.finish();
  run.end(result.stopped ? RunOutcome::stopped : RunOutcome::done, faults);
  std::ranges::move(faults, std::back_inserter(result.faults));
  return result;
}

/// The run's row says that it failed, if the database can still be told.
void end_failed(Run& run, const std::string& why) noexcept {
  try {
    run.end(RunOutcome::failed, {why});
  } catch (const std::exception&) {
    // Then its silence says that it broke off.
  }
}

}  // namespace

BillingResult run_billing(const BillingParts& parts, const BillingRun& options,
                          const std::function<void(const BilledInvoice&)>& report) {
  Run run(parts, options, checked_date(parts, options));
  try {
    return bill_all(parts, options, run, report);
  } catch (const std::exception& error) {
    end_failed(run, error.what());
    throw;
  }
}

Result<BillingRunId> begin_billing_run(Act& act) {
  if (!act.viewer.is_accountant()) throw Forbidden("accountants and admins start billing runs");
  if (find_running_billing_run(act.tx)) {
    return refuse("", message("A billing run is under way: wait until it has ended."));
  }
  return insert_billing_run(act.tx,
                            {RunKind::page, act.viewer.user, act.tx.today(), act.site.currency});
}

}  // namespace cstims
