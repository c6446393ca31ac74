#include "invoice/invoice.h"

#include "base/failure.h"
#include "invoice/books.h"
#include "invoice/invoice_numbering.h"
#include "invoice/payment.h"
#include "support/sentence.h"

namespace cstims::test {
namespace {

Money euro(std::int64_t cents) {
  return Money(cents, Currency::eur());
}

InvoiceLine line_of(std::int64_t cents, std::int64_t rate) {
  return {.description = "x", .net = euro(cents), .tax_rate = TaxRate::basis_points(rate)};
}

Invoice issued(std::int64_t total, std::int64_t paid = 0) {
  return {.id = InvoiceId(1),
          .kind = InvoiceKind::ordinary,
          .status = InvoiceStatus::issued,
          .client = UserId(1),
          .client_name = "ada",
          .number = "F2026-000001",
          .issue_date = Date(2026, 3, 10),
          .due_date = Date(2026, 3, 24),
          .net = euro(total),
          .tax = euro(0),
          .total = euro(total),
          .paid = euro(paid),
          .credited = euro(0),
          .created_at = Instant(0)};
}

Result<InvoiceDraft> parse(const std::vector<SampleLine>& lines) {
  return parse_invoice_draft(draft_form(UserId(1), lines), Currency::eur());
}

std::string why(const Result<InvoiceDraft>& draft) {
  return draft ? "accepted" : draft.error().english();
}

SENTENCE(invoice, "tax is computed once per rate on the sum of its lines (EN 16931 BR-CO-17)") {
  struct Case {
    std::vector<InvoiceLine> lines;
    std::int64_t net, tax, total;
  };
  const std::vector<Case> cases{
      // Three lines of 0.33 at 21 %: 0.99 gives 0.21, three times 0.07 would be the same; ten do
      // not.
      {std::vector(10, line_of(33, 2100)), 330, 69, 399},  // per line: 70
      {std::vector(3, line_of(10, 2100)), 30, 6, 36},
      {{line_of(10000, 1000), line_of(5000, 0), line_of(5000, 2000)}, 20000, 2000, 22000},
      {{line_of(19333, 2500)}, 19333, 4833, 24166},  // 48.3325 down
      {{line_of(50, 2100)}, 50, 11, 61},             // 10.5 away from zero
      {{line_of(-50, 2100)}, -50, -11, -61},
      {{line_of(2, 2500)}, 2, 1, 3},  // 0.5 up
      {{line_of(1, 2500)}, 1, 0, 1},
      {{line_of(100, 520)}, 100, 5, 105},
      {{}, 0, 0, 0},
      {{line_of(100, 2100), line_of(-100, 2100)}, 0, 0, 0},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto sums = sum_up(cases[i].lines, Currency::eur());
    EXPECT_EQ(sums.net.minor(), cases[i].net) << i;
    EXPECT_EQ(sums.tax.minor(), cases[i].tax) << i;
    EXPECT_EQ(sums.total.minor(), cases[i].total) << i;
  }
}

SENTENCE(invoice, "bases and taxes stand per rate, ascending, and add up") {
  const auto sums =
      sum_up({line_of(100, 2100), line_of(200, 1000), line_of(300, 2100)}, Currency::eur());
  ASSERT_EQ(sums.taxes.size(), 2u);
  EXPECT_EQ(sums.taxes[0], (TaxSum{TaxRate::basis_points(1000), euro(200), euro(20)}));
  EXPECT_EQ(sums.taxes[1], (TaxSum{TaxRate::basis_points(2100), euro(400), euro(84)}));
}

SENTENCE(invoice, "sums too large for money are an overflow, not a wrong number") {
  const auto huge = line_of(std::numeric_limits<std::int64_t>::max() - 1, 0);
  EXPECT_THROW(sum_up({huge, huge}, Currency::eur()), std::overflow_error);
}

SENTENCE(invoice, "what is paid follows from the amounts and the day") {
  EXPECT_EQ(paid_state(issued(100), Date(2026, 3, 24)), PaidState::unpaid);
  EXPECT_EQ(paid_state(issued(100), Date(2026, 3, 25)), PaidState::overdue);
  EXPECT_EQ(paid_state(issued(100, 1), Date(2026, 3, 24)), PaidState::part_paid);
  EXPECT_EQ(paid_state(issued(100, 99), Date(2026, 3, 25)), PaidState::overdue);
  EXPECT_EQ(paid_state(issued(100, 100), Date(2026, 3, 25)), PaidState::paid);
  auto rectified = issued(100);
  rectified.credited = rectified.total;
  EXPECT_EQ(paid_state(rectified, Date(2026, 3, 25)), PaidState::rectified);
  EXPECT_TRUE(rectified.rest().is_zero());
  auto rectifying = issued(-100);
  rectifying.kind = InvoiceKind::rectifying;
  EXPECT_EQ(paid_state(rectifying, Date(2026, 3, 25)), PaidState::settled);
  EXPECT_TRUE(rectifying.rest().is_zero());
  auto draft = issued(100);
  draft.status = InvoiceStatus::draft;
  EXPECT_EQ(paid_state(draft, Date(2026, 3, 25)), PaidState::draft);
  EXPECT_TRUE(draft.rest().is_zero());
}

SENTENCE(invoice, "a unit price is shown with all its decimals, at least those of the currency") {
  const auto shown = [](std::string_view price, std::string_view code) {
    return show_price(Decimal::parse(price).value(), Currency::parse(code).value());
  };
  EXPECT_EQ(shown("9.5", "EUR"), "9.50 €");
  EXPECT_EQ(shown("9", "EUR"), "9.00 €");
  EXPECT_EQ(shown("0.0069", "EUR"), "0.0069 €");
  EXPECT_EQ(shown("-1.5", "EUR"), "-1.50 €");
  EXPECT_EQ(shown("150", "JPY"), "150 ¥");
}

SENTENCE(invoice, "a written invoice is read line by line; empty lines are left out") {
  const auto draft =
      parse({{"Work", "2.5", "40", "21"}, {"", "", "", "21"}, {"Cable", "1", "3.999", "10"}});
  ASSERT_TRUE(draft) << why(draft);
  ASSERT_EQ(draft->lines.size(), 2u);
  EXPECT_EQ(draft->lines[0].net, euro(10000));
  EXPECT_EQ(draft->lines[1].net, euro(400));
  EXPECT_EQ(draft->lines[1].tax_rate.points(), 1000);
}

SENTENCE(invoice, "quantities, prices and taxes have bounds on both sides") {
  EXPECT_TRUE(parse({{"x", "0.000001", "10000000", "0"}}));
  EXPECT_TRUE(parse({{"x", "1000000", "0.01", "100"}}));
  for (const auto& line : std::vector<SampleLine>{{"x", "0", "1", "21"},
                                                  {"x", "-1", "1", "21"},
                                                  {"x", "1000000.1", "1", "21"},
                                                  {"x", "1e18", "1", "21"},
                                                  {"x", "NaN", "1", "21"},
                                                  {"x", "1,5", "1", "21"},
                                                  {"x", "1", "-0.01", "21"},
                                                  {"x", "1", "10000000.01", "21"},
                                                  {"x", "1", "1", "-1"},
                                                  {"x", "1", "1", "100.01"},
                                                  {"x", "1", "1", "all"},
                                                  {"x", "1", "5 €", "21"},
                                                  {"", "1", "1", "21"},
                                                  {"x", "", "1", "21"},
                                                  {"x", "1", "", "21"},
                                                  {std::string(301, 'x'), "1", "1", "21"},
                                                  {"x", "9999999999999999999", "1", "21"}}) {
    EXPECT_FALSE(parse({line})) << line.quantity << " " << line.unit_price << " " << line.tax;
  }
}

SENTENCE(invoice, "an invoice of nothing is refused") {
  EXPECT_FALSE(parse({}));
  EXPECT_FALSE(parse({{"free", "1", "0", "21"}}));
}

SENTENCE(invoice, "fields that are no line of an invoice are a bad request") {
  for (const auto* name : {"line.x.description", "line.0.description", "line.51.description",
                           "line.1.a.b", "line.1.net", "total", "status", "line.-1.tax"}) {
    FormData form = draft_form(UserId(1), {{}});
    form.fields[name] = "1";
    EXPECT_THROW((void)parse_invoice_draft(form, Currency::eur()), BadRequest) << name;
  }
}

SENTENCE(invoice, "numbers are written as the format says") {
  const InvoiceNumber number{"F", Date(2026, 3, 10), 123};
  EXPECT_EQ(number_text("{series}{year}-{number:6}", number), "F2026-000123");
  EXPECT_EQ(number_text("{year}/{series}/{number}", number), "2026/F/123");
  EXPECT_EQ(number_text("{series}-{number:2}", number), "F-123");
}

SENTENCE(invoice, "a format of numbers must keep them apart") {
  for (const auto* good : {"{series}{year}-{number:6}", "{year}/{series}/{number}",
                           "FAC-{series}-{year}.{number:1}", "{number}_{series}{year}"}) {
    EXPECT_EQ(fault_of_number_format(good), "") << good;
  }
  for (const auto* bad :
       {"", "{number}", "{series}{number:6}", "{year}{number}", "{series}{year}",
        "{series}{year}{number}{number}", "{series}{year}{number:0}", "{series}{year}{number:12}",
        "{series}{year}{numbers}", "{series}{year}{number", "{series} {year} {number}",
        "{series}{year}{number}é", "{series}{year}{number:6}-0123456789012345678901234567890123"}) {
    EXPECT_NE(fault_of_number_format(bad), "") << bad;
  }
}

SENTENCE(payment, "what owes anything takes a payment, of any amount") {
  EXPECT_TRUE(may_pay(issued(100)));
  EXPECT_TRUE(may_pay(issued(100, 40)));
}

SENTENCE(payment, "drafts, paid, rectified and rectifying invoices take no payment") {
  auto draft = issued(100);
  draft.status = InvoiceStatus::draft;
  EXPECT_FALSE(may_pay(draft));
  EXPECT_FALSE(may_pay(issued(100, 100)));
  auto rectified = issued(100);
  rectified.credited = rectified.total;
  EXPECT_FALSE(may_pay(rectified));
  auto rectifying = issued(-100);
  rectifying.kind = InvoiceKind::rectifying;
  EXPECT_FALSE(may_pay(rectifying));
}

SENTENCE(payment, "a payment's fields are checked") {
  const auto parse_one = [](std::string amount, std::string date, std::string method) {
    FormData form;
    form.fields = {
        {"amount", std::move(amount)}, {"date", std::move(date)}, {"method", std::move(method)}};
    return parse_payment(form, Currency::eur(), Date(2026, 3, 10)).has_value();
  };
  EXPECT_TRUE(parse_one("10", "2026-03-10", "transfer"));
  EXPECT_TRUE(parse_one("10.01", "", ""));
  EXPECT_FALSE(parse_one("", "2026-03-10", "transfer"));
  EXPECT_FALSE(parse_one("0", "2026-03-10", "transfer"));
  EXPECT_FALSE(parse_one("-1", "2026-03-10", "transfer"));
  EXPECT_FALSE(parse_one("1.001", "2026-03-10", "transfer"));
  EXPECT_FALSE(parse_one("1,5", "2026-03-10", "transfer"));
  EXPECT_FALSE(parse_one("10", "2026-03-11", "transfer"));
  EXPECT_FALSE(parse_one("10", "2016-03-01", "transfer"));
  EXPECT_FALSE(parse_one("10", "yesterday", "transfer"));
  EXPECT_FALSE(parse_one("10", "2026-03-10", "bribe"));
}

}  // namespace
}  // namespace cstims::test
