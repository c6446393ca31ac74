#include "invoice/payment_ways_page.h"

#include <fmt/format.h>

#include "base/failure.h"
#include "base/iban.h"
#include "html/operator_text.h"
#include "invoice/invoice_store.h"
#include "invoice/payment_code.h"
#include "invoice/payment_reference.h"
#include "pdf/qr_code.h"

namespace cstims {

namespace {

constexpr std::size_t quiet_zone = 4;  // squares around the code, ISO/IEC 18004

struct PaymentWaysPage {
  static constexpr std::string_view view = "invoice/pay.html";
  const Context& context;
  Date today;
  Invoice invoice;
  Message title() const { return message("How to pay {}", {invoice.number}); }
};

/// The dark squares of each row as rectangles, in the units of the squares.
std::string path_of(const QrCode& code) {
  std::string path;
  for (std::size_t y = 0; y < code.width; ++y) {
    for (std::size_t x = 0; x < code.width;) {
      std::size_t end = x;
      while (end < code.width && code.at(end, y)) ++end;
      if (end > x) {
        path += fmt::format("M{} {}h{}v1h-{}z", x + quiet_zone, y + quiet_zone, end - x, end - x);
      }
      x = end + 1;
    }
  }
  return path;
}

/// Of what is left now: the code on the PDF is of the whole amount, as it was issued.
void fill_code(Dictionary& values, const PaymentWaysPage& page) {
  const auto& site = page.context.site();
  const auto code = payment_code({site.account_holder, site.iban, site.bic}, page.invoice.rest(),
                                 payment_reference(page.invoice));
  if (!code) return;
  const auto squares = qr_code(*code);
  Dictionary drawing = values.section("CODE");
  drawing.set("SIZE", static_cast<std::int64_t>(squares.width + 2 * quiet_zone));
  drawing.set("SQUARES", path_of(squares));
}

void fill_transfer(Dictionary& values, const PaymentWaysPage& page) {
  const auto& site = page.context.site();
  if (site.iban.empty()) return;
  Dictionary transfer = values.section("TRANSFER");
  transfer.set("HOLDER", site.account_holder);
  transfer.set("IBAN", show_iban(site.iban));
  if (!site.bic.empty()) transfer.section("BANK").set("BIC", site.bic);
  transfer.set("SUM", page.invoice.rest());
  transfer.set("REFERENCE", payment_reference(page.invoice));
  if (const auto structured = creditor_reference(payment_reference(page.invoice))) {
    transfer.section("STRUCTURED").set("CREDITOR_REFERENCE", grouped_in_fours(*structured));
  }
  fill_code(transfer, page);
}

void fill(Dictionary& values, const PaymentWaysPage& page) {
  const auto& invoice = page.invoice;
  values.set("NUMBER", invoice.number);
  values.set("INVOICE", "/invoices/" + invoice.id.text());
  const auto rest = invoice.rest();
  if (rest.is_zero()) {
    values.section("NOTHING_OWED").set("STATE", shown(paid_state(invoice, page.today)));
    return;
  }
  Dictionary owed = values.section("OWED");
  owed.set("REST", rest);
  owed.set("DUE", *invoice.due_date);
  owed.set("PAYMENT_TEXT", invoice.payment_text);
  fill_transfer(owed, page);
  const auto words =
      markdown_page(operator_text(page.context.site(), "pay.md", page.context.viewer.is_staff()));
  owed.set("WORDS", words.body);
}

}  // namespace

Response show_payment_ways(Context& context) {
  const auto id = context.request.path_id<struct Invoice>();
  const auto page = context.database().read([&](Transaction& tx) {
    return PaymentWaysPage{context, tx.today(), require_invoice(tx, context.viewer, id)};
  });
  if (!page.invoice.is_issued()) throw NotFound("a draft is not paid");
  return render(context, page);
}

}  // namespace cstims
