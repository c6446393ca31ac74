#include "invoice/books.h"

#include <fmt/format.h>

#include "invoice/invoice_actions.h"
#include "order/order_store.h"

namespace cstims::test {

namespace {

constexpr Statement insert_service{"test service", R"(
  insert into services (name, type, billing, created_at)
  values ('Small VPS', 'standard', 'free', :now)
  on conflict (name) do update
  set name = excluded.name
  returning id)"};

}  // namespace

OrderId place_order(World& world, const SampleOrder& order) {
  return world.database().write([&](Transaction& tx) {
    const auto service = tx.require(insert_service, {{"now", tx.now()}}).id<struct Service>("id");
    const auto term = ResolvedTerm::parse(order.billing, Currency::eur()).value();
    const auto plan = BillingPlan::of(term, order.activated_on, order.ends_on);
    return insert_order(tx, {.service = service,
                             .name = order.name,
                             .client = order.client,
                             .status = OrderStatus::active,
                             .terms = plan.terms,
                             .options = {},
                             .comments = {},
                             .notes = {},
                             .activated_on = order.activated_on,
                             .ends_on = order.ends_on,
                             .next_due_on = next_due_date(plan, {})});
  });
}

RanBilling run(World& world, const BillingRun& options) {
  RanBilling ran{.result = {.total = Money::zero(Currency::eur()), .faults = {}}, .invoices = {}};
  ran.result = run_billing({world.database(), world.mailer(), world.site()}, options,
                           [&](const BilledInvoice& invoice) { ran.invoices.push_back(invoice); });
  return ran;
}

Invoice invoice_of(World& world, InvoiceId id) {
  return world.database().read(
      [&](Transaction& tx) { return require_invoice(tx, Viewer::of_system("test"), id); });
}

std::vector<InvoiceLine> lines_of(World& world, InvoiceId id) {
  const auto invoice = invoice_of(world, id);
  return world.database().read([&](Transaction& tx) { return list_invoice_lines(tx, invoice); });
}

std::int64_t number_of(World& world, const std::string& query) {
  return world.database().read([&](Transaction& tx) {
    return tx.select_built("test number", "select (" + query + ") as number", {})
        .at(0)
        .number("number");
  });
}

std::int64_t count_rows(World& world, const std::string& table) {
  return number_of(world, "select count(*) from " + table);
}

void execute(World& world, const std::string& statement) {
  world.database().write([&](Transaction& tx) {
    tx.execute(Statement{"test statement", statement});
  });
}

FormData draft_form(UserId client, const std::vector<SampleLine>& lines,
                    const std::string& description) {
  FormData form;
  form.fields["client"] = client.text();
  form.fields["description"] = description;
  int number = 0;
  for (const auto& line : lines) {
    const auto prefix = fmt::format("line.{}.", ++number);
    form.fields[prefix + "description"] = line.description;
    form.fields[prefix + "quantity"] = line.quantity;
    form.fields[prefix + "unit_price"] = line.unit_price;
    form.fields[prefix + "tax"] = line.tax;
  }
  return form;
}

InvoiceDraft draft_of(UserId client, const std::vector<SampleLine>& lines) {
  return parse_invoice_draft(draft_form(client, lines), Currency::eur()).value();
}

Invoice issue_sample(World& world, UserId client, const std::vector<SampleLine>& lines) {
  const auto id =
      world.act(world.root(), [&](Act& act) { return create_draft(act, draft_of(client, lines)); });
  return world.act(world.root(), [&](Act& act) { return issue_invoice(act, id.value()); }).value();
}

}  // namespace cstims::test
