#include "invoice/billing_simulation.h"

#include <algorithm>
#include <set>
#include <utility>

#include "account/user_store.h"
#include "base/failure.h"
#include "invoice/billing_store.h"
#include "invoice/tax.h"
#include "order/order_store.h"

namespace cstims {

namespace {

constexpr std::size_t clients_at_once = 50;
constexpr int days_of_outlook = 731;

/// One client's orders, billed day after day in memory.
class Client {
 public:
  Client(Transaction& tx, const BillingParts& parts, const SimulationScope& scope, User user)
      : parts_(parts),
        scope_(scope),
        today_(tx.today()),
        user_(std::move(user)),
        taxes_(load_service_taxes(tx, parts.site)) {}

  void load(Transaction& tx, std::vector<std::string>& faults) {
    const Date furthest = scope_.until.plus_days(parts_.site.lead_days);
    for (const auto& id : list_due_order_ids(tx, user_.id, user_.id, furthest)) {
      if (scope_.order && *scope_.order != id.order) continue;
      try {
        orders_.push_back(load_due_order(tx, id.order));
        const auto next = next_due_date(orders_.back().plan, orders_.back().billed);
        if (next) look_at(*next);
      } catch (const Failure& error) {
        faults.push_back("order " + id.order.text() + ": " + error.what());
      }
    }
  }

  void run(const SimulationReport& report, std::vector<std::string>& faults) {
    for (bool goes_on = true; goes_on && !days_.empty() && *days_.begin() <= scope_.until;) {
      today_ = *days_.begin();
      days_.erase(days_.begin());
      const auto bill = decide_bill(orders_, rules());
      goes_on = report_all(bill, report);
      forget_faulty(bill, faults);
      take_over(bill);
    }
  }

 private:
  BillingRules rules() const {
    const auto& site = parts_.site;
    return {.date = today_,
            .lead_days = site.lead_days,
            .currency = site.currency,
            .tax_rate = site.tax_rate,
            .zone = site.zone,
            .translate =
                [this](const Message& words) { return parts_.mailer.renderer.translate(words); },
            .tax_of = tax_of_client(taxes_, user_.tax_status)};
  }

  /// The run of that day bills it; in advance, that of some days before does.
  void look_at(Date due) {
    for (const auto day : {due, due.plus_days(-parts_.site.lead_days)}) {
      if (day > today_ || !started_) days_.insert(std::max(day, today_));
    }
  }

  bool report_all(const ClientBill& bill, const SimulationReport& report) const {
    return std::ranges::all_of(bill.months, [&](const MonthBill& month) {
      if (month.lines.empty()) return true;
      return report({.issue_date = today_,
                     .due_date = today_.plus_days(parts_.site.due_days),
                     .client = user_.id,
                     .client_name = user_.username,
                     .lines = month.lines,
                     .sums = sum_up(month.lines, parts_.site.currency)});
    });
  }

  /// An order that cannot be billed today cannot be tomorrow either.
  void forget_faulty(const ClientBill& bill, std::vector<std::string>& faults) {
    for (const auto& outcome : bill.outcomes) {
      if (outcome.outcome == Outcome::fault) faults.push_back(fault_text(outcome));
    }
    std::erase_if(orders_, [&](const DueOrder& order) {
      return std::ranges::none_of(bill.next_due,
                                  [&](const NextDue& next) { return next.order == order.id; });
    });
  }

  void take_over(const ClientBill& bill) {
    started_ = true;
    for (const auto& month : bill.months) {
      for (const auto& item : month.items) {
        const auto order = std::ranges::find(orders_, item.order, &DueOrder::id);
        if (order != orders_.end()) count_as_billed(order->billed, item.kind, item.period);
      }
    }
    for (const auto& next : bill.next_due) {
      if (next.date) look_at(*next.date);
    }
  }

  const BillingParts& parts_;
  const SimulationScope& scope_;
  Date today_;
  bool started_ = false;
  User user_;
  ServiceTaxes taxes_;
  std::vector<DueOrder> orders_;
  std::set<Date> days_;  // on which something may fall due
};

}  // namespace

void Simulation::add(const SimulatedInvoice& invoice) {
  const Money none = Money::zero(invoice.sums.total.currency());
  auto& month =
      months.try_emplace(Month::of(invoice.issue_date), SimulatedMonth{0, none, none, none})
          .first->second;
  ++month.invoices;
  month.net += invoice.sums.net;
  month.tax += invoice.sums.tax;
  month.total += invoice.sums.total;
  ++invoices;
  total += invoice.sums.total;
}

std::vector<UserId> clients_to_simulate(Transaction& tx, const SimulationScope& scope,
                                        const Site& site) {
  if (scope.client) return {*scope.client};
  return list_due_clients(tx, scope.until.plus_days(site.lead_days));
}

void simulate_client(Transaction& tx, const BillingParts& parts, const SimulationScope& scope,
                     UserId client, const SimulationReport& report,
                     std::vector<std::string>& faults) {
  Client simulated(tx, parts, scope, require_user(tx, client));
  simulated.load(tx, faults);
  simulated.run(report, faults);
}

Simulation simulate_billing(
    const BillingParts& parts, const SimulationScope& scope,
    const std::function<void(const SimulatedInvoice&)>& report,
    const std::function<void(std::int64_t done, std::int64_t total)>& progress) {
  Simulation simulation{.months = {}, .total = Money::zero(parts.site.currency), .faults = {}};
  const auto clients = parts.database.read(
      [&](Transaction& tx) { return clients_to_simulate(tx, scope, parts.site); });
  const auto take = [&](const SimulatedInvoice& invoice) {
    simulation.add(invoice);
    if (report) report(invoice);
    return true;
  };
  for (std::size_t start = 0; start < clients.size(); start += clients_at_once) {
    const auto end = std::min(start + clients_at_once, clients.size());
    parts.database.read([&](Transaction& tx) {
      for (auto n = start; n < end; ++n) {
        simulate_client(tx, parts, scope, clients[n], take, simulation.faults);
      }
    });
    if (progress) {
      progress(static_cast<std::int64_t>(end), static_cast<std::int64_t>(clients.size()));
    }
  }
  return simulation;
}

std::vector<SimulatedInvoice> upcoming_invoices(Transaction& tx, const BillingParts& parts,
                                                UserId client, std::size_t count) {
  std::vector<SimulatedInvoice> invoices;
  std::vector<std::string> faults;
  const SimulationScope scope{.until = tx.today().plus_days(days_of_outlook), .client = client};
  simulate_client(
      tx, parts, scope, client,
      [&](const SimulatedInvoice& invoice) {
        if (invoices.size() < count) invoices.push_back(invoice);
        return invoices.size() < count;
      },
      faults);
  return invoices;
}

}  // namespace cstims
