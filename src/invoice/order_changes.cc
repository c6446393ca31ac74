#include "invoice/order_changes.h"

#include <algorithm>
#include <map>

#include "base/failure.h"
#include "invoice/billing_store.h"
#include "invoice/closed_period.h"
#include "invoice/invoice_store.h"
#include "invoice/rectification_actions.h"
#include "invoice/rectification_store.h"
#include "order/billed_days.h"
#include "order/order_actions.h"
#include "order/order_store.h"
#include "order/order_terms.h"

namespace cstims {
namespace {

/// "End of web on 11 Mar 2026: moves away": what stands on the rectifying invoice.
std::string with_reason(std::string words, const std::string& reason) {
  return reason.empty() ? words : words + ": " + reason;
}

/// "21 of the 31 days 1 Mar 2026 – 31 Mar 2026. 31.00 € − 31.00 € × 10 / 31 = 21.00 €."
std::string explain(const PlannedCredit::Part& part, const Invoice& original,
                    const Renderer& renderer) {
  const auto& back = part.back;
  std::string words = renderer.translate(
      message("{}: {} of the {} days {} that invoice {} billed.",
              {show(back.days), std::to_string(back.days.days()),
               std::to_string(back.period.days()), show(back.period), original.number}));
  if (!(part.net == back.net)) {
    return words + ' ' +
           renderer.translate(message("No more than {} was left.", {part.net.show()}));
  }
  if (back.days_kept() > 0) {
    words += ' ' + back.left.show() + " − " + back.line_net.show() + " × " +
             std::to_string(back.days_kept()) + " / " + std::to_string(back.period.days()) + " = " +
             back.net.show() + '.';
  }
  return words;
}

/// What one invoice has left, less what is planned.
class Budget {
 public:
  Budget(Transaction& tx, const Invoice& original) : left_(load_remainder(tx, original)) {}

  const InvoiceLine& line(std::int64_t id) const {
    const auto found =
        std::ranges::find_if(left_.lines, [&](const auto& line) { return line.line.id == id; });
    if (found == left_.lines.end()) throw DatabaseError("a billed period has a line elsewhere");
    return found->line;
  }

  /// Amounts that were taken back of no line in particular leave less than the lines say.
  Money take(const GivenBack& back) {
    const auto tax =
        std::ranges::find(left_.taxes, line(back.line.value()).tax_rate, &TaxSum::rate);
    if (tax == left_.taxes.end()) throw DatabaseError("a line has a tax rate its invoice lacks");
    const Money taken = std::max(std::min(back.net, tax->base), Money::zero(back.net.currency()));
    tax->base = tax->base - taken;
    return taken;
  }

 private:
  Remainder left_;
};

PlannedCredit plan_for(Transaction& tx, InvoiceId id, const std::vector<GivenBack>& days,
                       const Renderer& renderer) {
  PlannedCredit credit{.original = require_invoice(tx, Viewer::of_system("billing"), id)};
  Budget budget(tx, *credit.original);
  for (const auto& back : days) {
    const PlannedCredit::Part part{back, budget.take(back)};
    credit.parts.push_back(part);
    if (part.net.is_zero()) continue;
    const auto& line = budget.line(back.line.value());
    credit.lines.push_back(
        {.line = line.id,
         .net = part.net,
         .description = renderer.translate(message("Given back: {}", {line.description})),
         .period = back.days,
         .explanation = explain(part, *credit.original, renderer)});
  }
  return credit;
}

/// The rectifying invoice, if anything is left to take back.
Result<std::optional<Rectified>> take_back(Act& act, const PlannedCredit& credit,
                                           const std::string& reason) {
  if (credit.lines.empty()) return std::nullopt;
  auto made = rectify(act, credit.original->id,
                      {.way = RectificationWay::lines, .lines = credit.lines, .reason = reason});
  if (!made) return std::unexpected(made.error());
  return std::optional(*std::move(made));
}

Result<void> give_back_one(Act& act, const Order& order, const PlannedCredit& credit,
                           const std::string& reason, GaveBack& gave) {
  const auto made = take_back(act, credit, reason);
  if (!made) return std::unexpected(made.error());
  std::optional<InvoiceId> rectifying;
  if (*made) {
    rectifying = (*made)->rectifying.id;
    gave.rectifying.push_back(*rectifying);
    gave.total += -(*made)->rectifying.total;
    gave.credit += (*made)->credit;
  }
  for (const auto& part : credit.parts) {
    give_days_back(act.tx, {.order = order.id,
                            .period = part.back.period,
                            .days = part.back.days,
                            .line = part.back.line,
                            .rectifying = part.net.is_zero() ? std::nullopt : rectifying});
  }
  return {};
}

GaveBack nothing(const Site& site) {
  return {
      .rectifying = {}, .total = Money::zero(site.currency), .credit = Money::zero(site.currency)};
}

/// The days are charged anew, and due on the first of them.
Result<void> check_charged_month(Transaction& tx, const TermsChange& change) {
  return change.from ? check_open(tx, "from", *change.from) : Result<void>();
}

std::string words_of_end(const Act& act, const Order& order, Date on) {
  return act.mailer.renderer.translate(message("End of {} on {}", {order.name, show(on)}));
}

/// The days after the end that the order has now; none when it was never active.
Result<GaveBack> give_back_after_end(Act& act, OrderId id, const std::string& reason) {
  const Order order = require_order(act.tx, act.viewer, id);
  if (!order.ends_on) return nothing(act.site);
  return give_back(act, id, *order.ends_on,
                   with_reason(words_of_end(act, order, *order.ends_on), reason));
}

Result<GaveBack> give_back_ended(Act& act, const Order& order, const OrderEnd& end) {
  if (!end.gives_back) return refuse("", message("This order has ended already."));
  if (end.on && end.on != order.ends_on) {
    return refuse("on", message("This order has ended; its last day stays."));
  }
  const bool any = order.ends_on && !list_billed_periods(act.tx, order, *order.ends_on).empty();
  if (!any) return refuse("", message("No day after its end is billed: nothing to give back."));
  return give_back_after_end(act, order.id, end.reason);
}

}  // namespace

std::vector<PlannedCredit> plan_credits(Transaction& tx, const Order& order, Date from,
                                        const Renderer& renderer) {
  std::vector<PlannedCredit> credits;
  std::vector<InvoiceId> invoices;  // oldest days first
  std::map<InvoiceId, std::vector<GivenBack>> days;
  PlannedCredit free;
  for (auto& back : days_to_give_back(list_billed_periods(tx, order, from), from)) {
    if (!back.line) {
      free.parts.push_back({back, back.net});
      continue;
    }
    const auto invoice = invoice_of_line(tx, *back.line);
    if (!days.contains(invoice)) invoices.push_back(invoice);
    days[invoice].push_back(std::move(back));
  }
  for (const auto& id : invoices) credits.push_back(plan_for(tx, id, days[id], renderer));
  if (!free.parts.empty()) credits.push_back(std::move(free));
  return credits;
}

Result<GaveBack> give_back(Act& act, OrderId id, Date from, const std::string& reason) {
  const Viewer system = Viewer::of_system("billing");
  Act books{act.tx, system, act.mailer, act.site};
  const Order order = lock_order(act.tx, system, id);
  GaveBack gave = nothing(act.site);
  for (const auto& credit : plan_credits(act.tx, order, from, act.mailer.renderer)) {
    const auto done = give_back_one(books, order, credit, reason, gave);
    if (!done) return std::unexpected(done.error());
  }
  set_next_due(act.tx, {{id, next_due_of(act.tx, order)}});
  return gave;
}

Result<GaveBack> change_order(Act& act, OrderId id, const TermsChange& change) {
  const auto changed = change_order_terms(act, id, change);
  if (!changed) return std::unexpected(changed.error());
  if (const auto open = check_charged_month(act.tx, change); !open) {
    return std::unexpected(open.error());
  }
  const auto words = act.mailer.renderer.translate(
      message("Change of {} on {}", {changed->order.name, show(changed->from)}));
  return give_back(act, id, changed->from, with_reason(words, change.reason));
}

Result<GaveBack> end_order_early(Act& act, OrderId id, const OrderEnd& end) {
  if (!act.viewer.is_admin()) throw Forbidden("only admins end an order on a day");
  const Order order = lock_order(act.tx, act.viewer, id);
  if (order.has_ended()) return give_back_ended(act, order, end);
  const auto done = end_order_on(act, id, end.on.value_or(act.tx.today()), end.reason);
  if (!done) return std::unexpected(done.error());
  return end.gives_back ? give_back_after_end(act, id, end.reason) : nothing(act.site);
}

Result<GaveBack> end_order_as_asked(Act& act, OrderId id, const EndingRequest& request) {
  if (const auto done = ask_to_end(act, id, request); !done) return std::unexpected(done.error());
  const bool gives_back = request.at_once && act.site.credits_at_end;
  return gives_back ? give_back_after_end(act, id, request.reason) : nothing(act.site);
}

}  // namespace cstims
