#include "invoice/payment_ways_page.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/text.h"
#include "invoice/money.h"
#include "invoice/payment_code.h"
#include "pdf/qr_code.h"
#include "support/person.h"
#include "support/world.h"

namespace cstims::test {
namespace {

constexpr std::array routes{
    Route{"GET", "/invoices/{invoice}/pay", Who::signed_in, show_payment_ways},
};

Response look(World& world, const Viewer& viewer, const std::string& invoice = "1") {
  return Person(world, routes, viewer).get("/invoices/" + invoice + "/pay");
}

bool holds(const Response& response, std::string_view words) {
  return response.body.contains(words);
}

int number_at(std::string_view& path) {
  int number = 0;
  const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), number);
  path.remove_prefix(static_cast<std::size_t>(end - path.data()));
  return number;
}

/// The drawing's squares again: "M4 4h7v1h-7z…".
QrCode squares_of(const Response& page, std::size_t width) {
  const auto start = page.body.find("<path d=\"", page.body.find("\"payment-code\"")) + 9;
  std::string_view path(page.body);
  path = path.substr(start, path.find('"', start) - start);
  QrCode code{width, std::vector<bool>(width * width, false)};
  while (path.starts_with('M')) {
    path.remove_prefix(1);
    const int x = number_at(path) - 4;
    path.remove_prefix(1);
    const int y = number_at(path) - 4;
    path.remove_prefix(1);
    const int length = number_at(path);
    for (int n = 0; n < length; ++n) {
      code.dark.at(static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x + n)) = true;
    }
    path.remove_prefix(path.find('z') + 1);
  }
  EXPECT_TRUE(path.empty()) << path.substr(0, 40);
  return code;
}

DATABASE_SENTENCE(payment_ways, "the client reads account, rest, reference and other ways") {
  world.site().iban = "ES9121000418450200051332";
  world.site().account_holder = "ARFNET SL";
  issue_sample(world);
  pay(world, InvoiceId(1), 210);
  const auto page = look(world, world.ada());
  for (const auto* words :
       {"10.00 € are to be paid by", "ARFNET SL", "ES91 2100 0418 4502 0005 1332", "F2026-000001",
        "RF82 F202 6000 001", "Code for banking apps", "How to pay", "If you cannot pay in time"}) {
    EXPECT_TRUE(holds(page, words)) << words;
  }
  EXPECT_FALSE(holds(page, "BIC"));
  EXPECT_TRUE(holds(page, "href=\"/openticket\""));
  EXPECT_FALSE(holds(look(world, world.luca()), "href=\"/openticket\"")) << "staff open no tickets";
}

DATABASE_SENTENCE(payment_ways, "the code is of what is left, square by square") {
  world.site().iban = "ES9121000418450200051332";
  world.site().account_holder = "ARFNET SL";
  issue_sample(world);
  pay(world, InvoiceId(1), 210);
  const auto wanted = qr_code(
      payment_code({"ARFNET SL", world.site().iban}, Money(1000, Currency::eur()), "F2026-000001")
          .value());
  const auto page = look(world, world.ada());
  EXPECT_TRUE(holds(page, fmt::format("viewBox=\"0 0 {0} {0}\"", wanted.width + 8)));
  EXPECT_EQ(squares_of(page, wanted.width).dark, wanted.dark);
}

DATABASE_SENTENCE(payment_ways, "without an account it says what the invoice says") {
  issue_sample(world);
  const auto page = look(world, world.ada());
  EXPECT_FALSE(holds(page, "By bank transfer</h2>\n      <dl"));
  EXPECT_FALSE(holds(page, "<svg class=\"payment-code\""));
  EXPECT_TRUE(holds(page, "As the invoice says"));
}

DATABASE_SENTENCE(payment_ways, "what is paid says that nothing is owed") {
  issue_sample(world);
  pay(world, InvoiceId(1), 1210);
  const auto page = look(world, world.ada());
  EXPECT_TRUE(holds(page, "Nothing is to be paid for this invoice."));
  EXPECT_FALSE(holds(page, "are to be paid by"));
}

DATABASE_SENTENCE(payment_ways,
                  "another's invoice, a draft and one that is not there are not found") {
  issue_sample(world, UserId(2));
  EXPECT_EQ(look(world, world.ada()).status, 404);
  EXPECT_EQ(look(world, world.bob()).status, 200);
  EXPECT_EQ(look(world, world.grace()).status, 200);
  EXPECT_EQ(look(world, world.bob(), "7").status, 404);
}

}  // namespace
}  // namespace cstims::test
