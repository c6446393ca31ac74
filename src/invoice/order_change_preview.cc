#include "invoice/order_change_preview.h"

#include <algorithm>

#include "account/user_store.h"
#include "invoice/billing_decision.h"
#include "invoice/closed_period.h"
#include "invoice/rectification_actions.h"
#include "invoice/tax.h"
#include "order/billed_days.h"
#include "order/order_terms.h"

namespace cstims {
namespace {

Result<void> add_credits(Transaction& tx, const Renderer& renderer, const Order& order,
                         OrderChangePreview& preview) {
  for (const auto& planned : plan_credits(tx, order, preview.from, renderer)) {
    if (planned.lines.empty()) continue;
    const Rectification wanted{
        .way = RectificationWay::lines, .lines = planned.lines, .reason = order.name};
    auto correction = preview_rectification(tx, *planned.original, wanted, renderer);
    if (!correction) return std::unexpected(correction.error());
    Invoice after = *planned.original;
    after.credited += -correction->sums.total;
    preview.given_back += -correction->sums.total;
    preview.credit += after.surplus();
    preview.credits.push_back({*planned.original, *std::move(correction)});
  }
  return {};
}

BillingRules rules_of(const BillingParts& parts, Date date, TaxOfService tax_of) {
  const auto& site = parts.site;
  const auto& renderer = parts.mailer.renderer;
  return {.date = date,
          .most_lines = site.most_lines,
          .currency = site.currency,
          .tax_rate = site.tax_rate,
          .zone = site.zone,
          .translate = [&renderer](const Message& words) { return renderer.translate(words); },
          .tax_of = std::move(tax_of)};
}

/// All that is due on the day on which the next of the changed order is, or today.
Result<void> add_charges(Transaction& tx, const BillingParts& parts, const Order& after,
                         OrderChangePreview& preview) {
  const auto plan = after.plan();
  if (!plan) return {};
  const DueOrder due{after.id,           after.service, after.name,
                     after.service_name, *plan,         billed_before(tx, after, preview.from)};
  const auto next = next_due_date(due.plan, due.billed);
  if (!next) return {};
  const Date day = std::max(tx.today(), *next);
  const auto taxes = load_service_taxes(tx, parts.site);
  const auto client = require_user(tx, after.client);
  const auto bill =
      decide_bill({due}, rules_of(parts, day, tax_of_client(taxes, client.tax_status)));
  for (const auto& outcome : bill.outcomes) {
    if (outcome.outcome == Outcome::fault) return refuse("", message("{}", {fault_text(outcome)}));
  }
  for (const auto& month : bill.months) {
    if (month.lines.empty()) continue;
    preview.charges.push_back({.issue_date = day,
                               .due_date = day.plus_days(parts.site.due_days),
                               .client = after.client,
                               .client_name = after.client_name,
                               .lines = month.lines,
                               .sums = sum_up(month.lines, parts.site.currency)});
    preview.charged += preview.charges.back().sums.total;
  }
  return {};
}

Result<OrderChangePreview> preview_of(Transaction& tx, const BillingParts& parts,
                                      const Order& before, const Order& after, Date from,
                                      bool gives_back) {
  const Money none = Money::zero(parts.site.currency);
  OrderChangePreview preview{.from = from,
                             .credits = {},
                             .given_back = none,
                             .credit = none,
                             .charges = {},
                             .charged = none};
  if (gives_back) {
    const auto added = add_credits(tx, parts.mailer.renderer, before, preview);
    if (!added) return std::unexpected(added.error());
  }
  if (const auto added = add_charges(tx, parts, after, preview); !added) {
    return std::unexpected(added.error());
  }
  return preview;
}

}  // namespace

Result<OrderChangePreview> preview_change(Transaction& tx, const BillingParts& parts,
                                          const Order& order, const TermsChange& change) {
  const auto changed = changed_order(tx, Viewer::of_system("billing"), order, change);
  if (!changed) return std::unexpected(changed.error());
  if (change.from) {
    const auto open = check_open(tx, "from", *change.from);
    if (!open) return std::unexpected(open.error());
  }
  return preview_of(tx, parts, order, changed->order, changed->from, true);
}

Result<OrderChangePreview> preview_end(Transaction& tx, const BillingParts& parts,
                                       const Order& order, const OrderEnd& end) {
  Order after = order;
  if (!order.has_ended()) after.ends_on = end.on.value_or(tx.today());
  const Date from = after.ends_on.value_or(tx.today());
  return preview_of(tx, parts, order, after, from, end.gives_back);
}

}  // namespace cstims
