#include "invoice/rectification_pages.h"

#include <fmt/format.h>

#include "base/failure.h"
#include "invoice/invoice_store.h"
#include "invoice/rectification_actions.h"
#include "invoice/rectification_store.h"

namespace cstims {

namespace {

std::string path_of(InvoiceId id) {
  return "/invoices/" + id.text();
}

struct RectificationPage {
  static constexpr std::string_view view = "invoice/rectification.html";
  const Context& context;
  Invoice invoice;
  Remainder left;
  std::optional<Correction> preview = {};
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  Message title() const { return message("Rectify invoice {}", {invoice.number}); }
};

RectificationPage load_page(const Context& context, InvoiceId id) {
  return context.database().read([&](Transaction& tx) {
    auto invoice = require_invoice(tx, context.viewer, id);
    if (!invoice.is_issued() || invoice.kind == InvoiceKind::rectifying) {
      throw NotFound(fmt::format("invoice {} is not one to rectify", id.number()));
    }
    auto left = load_remainder(tx, invoice);
    return RectificationPage{context, std::move(invoice), std::move(left)};
  });
}

void add_amount_fields(std::vector<Field>& fields, const Remainder& left) {
  Message group = message("By line, without tax");
  for (const auto& line : left.lines) {
    if (line.net.is_zero()) continue;
    fields.push_back({.name = line_field(line.line.id),
                      .label = message("{}", {line.line.description}),
                      .hint = message("Up to {}", {line.net.show()}),
                      .input_mode = "decimal",
                      .columns = 6,
                      .group = std::exchange(group, {})});
  }
  group = message("By tax rate, without tax");
  for (const auto& tax : left.taxes) {
    if (tax.base.is_zero()) continue;
    fields.push_back({.name = rate_field(tax.rate),
                      .label = message("At {} %", {tax.rate.text()}),
                      .hint = message("Up to {}", {tax.base.show()}),
                      .input_mode = "decimal",
                      .columns = 6,
                      .group = std::exchange(group, {})});
  }
}

Form rectification_form(const RectificationPage& page) {
  Form form{
      .action = path_of(page.invoice.id) + "/rectification",
      .submit = message("Rectify"),
      .fields = {{.kind = FieldKind::select,
                  .name = "way",
                  .label = message("What is taken back"),
                  .value = "whole",
                  .choices = {{"whole", message("Everything that is left")},
                              {"lines", message("Parts of lines")},
                              {"amounts", message("Amounts by tax rate")}},
                  .columns = 6},
                 {.name = "reason",
                  .label = message("Reason"),
                  .hint = message("It stands on the rectifying invoice; the client reads it."),
                  .required = true,
                  .columns = 6}},
      .tone = "danger",
      .confirm = message("Issue the rectifying invoice? This cannot be undone."),
      .preview = message("Preview")};
  add_amount_fields(form.fields, page.left);
  return form;
}

void fill_preview(Dictionary values, const RectificationPage& page) {
  const auto& preview = *page.preview;
  const auto& renderer = page.context.services.renderer;
  for (const auto& line : preview.lines) {
    Dictionary row = values.section("LINES");
    row.set("DESCRIPTION", line.description);
    row.set("RATE", line.tax_rate.text());
    row.set("NET", line.net);
    if (!line.period) continue;
    row.section("PERIODIC")
        .set("PERIOD",
             renderer.show(line.period->start) + " – " + renderer.show(line.period->last()));
  }
  for (const auto& tax : preview.sums.taxes) {
    Dictionary row = values.section("TAXES");
    row.set("RATE", tax.rate.text());
    row.set("BASE", tax.base);
    row.set("TAX", tax.tax);
  }
  values.set("TOTAL", preview.sums.total);
  Invoice after = page.invoice;
  after.credited += -preview.sums.total;
  values.set("LEFT_AFTER", after.total - after.credited);
  values.set("REST_AFTER", after.rest());
  if (!after.surplus().is_zero()) values.section("TOO_MUCH").set("SURPLUS", after.surplus());
}

void fill(Dictionary& values, const RectificationPage& page) {
  values.set("NUMBER", page.invoice.number);
  values.set("ADDRESS", path_of(page.invoice.id));
  values.set("TOTAL", page.invoice.total);
  values.set("CREDITED", page.invoice.credited);
  values.set("LEFT", page.left.total());
  if (page.preview) fill_preview(values.section("PREVIEWED"), page);
  if (page.invoice.is_rectified()) {
    values.show("DONE");
    if (!page.refusal) return;
    for (const auto& item : page.refusal->items) {
      values.section("PROBLEMS").set("PROBLEM", item.message);
    }
    return;
  }
  Dictionary open = values.section("OPEN");
  fill_form(open, "RECTIFICATION", rectification_form(page), page.refusal, page.typed);
}

Response page_again(Context& context, InvoiceId id, const Refusal& refusal, const FormData& typed) {
  auto page = load_page(context, id);
  page.refusal = &refusal;
  page.typed = &typed;
  return render(context, page, 422);
}

Response preview_page(Context& context, InvoiceId id, const Rectification& wanted,
                      const FormData& typed) {
  const auto preview = context.database().read([&](Transaction& tx) {
    return preview_rectification(tx, require_invoice(tx, context.viewer, id), wanted,
                                 context.services.renderer);
  });
  if (!preview) return page_again(context, id, preview.error(), typed);
  auto page = load_page(context, id);
  page.preview = *preview;
  page.typed = &typed;
  return render(context, page);
}

Message done(const Rectified& rectified) {
  if (rectified.credit.is_zero()) return message("The invoice is rectified by this one.");
  return message(
      "The invoice is rectified by this one; {} of what was paid is the client's credit.",
      {rectified.credit.show()});
}

}  // namespace

Response new_rectification(Context& context) {
  return render(context, load_page(context, context.request.path_id<struct Invoice>()));
}

Response create_rectification(Context& context) {
  const auto id = context.request.path_id<struct Invoice>();
  FormData form = context.request.form;
  const bool preview = form.fields.erase("preview") > 0;
  const auto wanted = parse_rectification(form, load_page(context, id).left);
  if (!wanted) return page_again(context, id, wanted.error(), form);
  if (preview) return preview_page(context, id, *wanted, form);
  const auto made = context.act([&](Act& act) { return rectify(act, id, *wanted); });
  if (!made) return page_again(context, id, made.error(), form);
  return context.redirect(path_of(made->rectifying.id), done(*made));
}

}  // namespace cstims
