#include "order/suspension_view.h"

#include "html/form_view.h"

namespace cstims {
namespace {

/// Far enough for every invoice that is owing now.
constexpr int days_ahead = 2 * 366;

void fill_invoice(Dictionary& values, const UnpaidInvoice& invoice) {
  values.set("INVOICE", invoice.id.number());
  values.set("INVOICE_NUMBER", invoice.number);
  values.set("REST", invoice.rest);
  values.set("DUE_DATE", invoice.due_date);
}

/// What holds an order back is for staff alone.
void fill_expected(Dictionary& values, const SuspensionView& view) {
  const auto& expected = *view.expected;
  const bool held = expected.obstacle != Obstacle::none;
  if (!view.for_staff && (held || expected.invoice.due_date >= view.today)) return;
  Dictionary section = values.section(held ? "HELD" : "EXPECTED");
  fill_invoice(section, expected.invoice);
  if (held) {
    section.set("WHY", shown(expected.obstacle));
  } else {
    section.set("DATE", expected.on);
  }
}

Form exemption_form(const std::string& path) {
  return {.action = path,
          .submit = message("Never suspend it automatically"),
          .fields = {{.name = "reason", .label = message("Reason"), .required = true}},
          .tone = "secondary"};
}

void fill_exemption(Dictionary& values, const SuspensionView& view) {
  const std::string path = "/orders/" + view.order.text() + "/exemption";
  if (view.exemption) {
    Dictionary exempt = values.section("EXEMPT");
    exempt.set("REASON", view.exemption->reason);
    exempt.set("SINCE", view.exemption->since);
    if (!view.exemption->user_name.empty()) {
      exempt.section("BY").set("PERSON", view.exemption->user_name);
    }
    if (!view.may_exempt) return;
    Dictionary end = exempt.section("MAY_END");
    fill_form(end, "ENDING", button_form(path + "/ending", message("Suspend it like others")));
    return;
  }
  if (!view.may_exempt) return;
  Dictionary may = values.section("MAY_EXEMPT");
  fill_form(may, "EXEMPTION", exemption_form(path));
}

}  // namespace

SuspensionView load_suspension_view(Transaction& tx, const Site& site, const Viewer& viewer,
                                    const Order& order) {
  SuspensionView view{.order = order.id,
                      .for_staff = viewer.is_staff(),
                      .may_exempt = viewer.is_accountant() && !order.has_ended() &&
                                    site.dunning.suspend_days.has_value(),
                      .today = tx.today(),
                      .expected = {},
                      .suspended_for = {},
                      .exemption = {}};
  const SuspensionScope scope{
      .today = view.today, .until = view.today.plus_days(days_ahead), .order = order.id};
  auto expected = expected_suspensions(tx, site, scope);
  if (!expected.empty()) view.expected = std::move(expected.front());
  if (order.status == OrderStatus::suspended) view.suspended_for = find_suspended_for(tx, order.id);
  if (view.for_staff) view.exemption = find_exemption(tx, order.id);
  return view;
}

void fill_suspension_view(Dictionary& values, std::string_view name, const SuspensionView& view) {
  Dictionary card = values.include(name, "order/_suspension.html");
  if (view.suspended_for) {
    Dictionary suspended = card.section("SUSPENDED");
    fill_invoice(suspended, *view.suspended_for);
  }
  if (view.expected) fill_expected(card, view);
  fill_exemption(card, view);
}

}  // namespace cstims
