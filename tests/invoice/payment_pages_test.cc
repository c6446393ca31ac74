#include "invoice/payment_pages.h"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <thread>

#include "http/form_keys.h"
#include "invoice/account_statement_pages.h"
#include "invoice/invoice_pages.h"
#include "invoice/money.h"
#include "support/pdf_reading.h"
#include "support/person.h"
#include "support/world.h"

namespace cstims::test {
namespace {

using enum Who;
constexpr std::array routes{
    Route{"GET", "/invoices/{file}", signed_in, show_invoice},
    Route{"POST", "/invoices/{invoice}/payments", accountant, create_payment, Body::files},
    Route{"POST", "/invoices/{invoice}/credit", accountant, create_credit_use, Body::form},
    Route{"GET", "/payments", accountant, list_payments_page},
    Route{"GET", "/payments/new", accountant, new_client_payment},
    Route{"POST", "/payments", accountant, create_client_payment, Body::files},
    Route{"GET", "/payments/{payment}", accountant, show_payment},
    Route{"GET", "/payments/{payment}/proof", accountant, show_proof},
    Route{"POST", "/payments/{payment}/reversal", accountant, create_reversal, Body::form},
    Route{"POST", "/payments/{payment}/refunds", accountant, create_refund, Body::files},
    Route{"POST", "/payments/{payment}/allocations", accountant, create_allocation, Body::form},
    Route{"POST", "/payments/{payment}/release", accountant, create_release, Body::form},
    Route{"GET", "/statement", client, show_own_statement},
    Route{"GET", "/clients/{client}/statement", accountant, show_client_statement},
    Route{"POST", "/clients/{client}/refunds", accountant, create_client_refund, Body::files},
};

Person person(World& world, const Viewer& viewer) {
  return {world, routes, viewer};
}

bool holds(const Response& response, std::string_view words) {
  return response.body.contains(words);
}

/// The value of the hidden field `once` of the form that posts to `action`.
std::string key_of(const Response& page, const std::string& action) {
  const auto form = page.body.find("action=\"" + action + "\"");
  const auto field = page.body.find("name=\"once\" value=\"", form);
  if (form == std::string::npos || field == std::string::npos) return {};
  const auto start = field + std::string_view("name=\"once\" value=\"").size();
  return page.body.substr(start, page.body.find('"', start) - start);
}

DATABASE_SENTENCE(payment_pages, "a payment of a client is recorded, listed, found and exported") {
  const auto one = issue_sample(world);
  auto luca = person(world, world.luca());
  const auto form = luca.get("/payments/new?client=1");
  EXPECT_TRUE(holds(form, "F2026-000001: 12.10 € left"));
  const auto made = luca.post("/payments", {{"client", "1"},
                                            {"invoice", ""},
                                            {"amount", "20"},
                                            {"date", "2026-03-09"},
                                            {"method", "transfer"},
                                            {"reference", "Bank 77"}});
  ASSERT_EQ(made.status, 303);
  const auto path = header_value(made, "Location");
  EXPECT_EQ(path, "/payments/1");
  const auto page = luca.get(path);
  for (const auto* words : {"Payment 1", "20.00 €", "Bank 77", "F2026-000001", "12.10 €", "7.90 €",
                            "Left over from a payment", "Reverse"}) {
    EXPECT_TRUE(holds(page, words)) << words;
  }
  EXPECT_EQ(rest_of(world, one.id), 0);
  for (const auto* query : {"", "?search=bank 77", "?search=ADA", "?search=20.00", "?search=20,00",
                            "?kind=received", "?left=credit", "?sort=-amount", "?sort=date"}) {
    EXPECT_TRUE(holds(luca.get(std::string("/payments") + query), "Bank 77")) << query;
  }
  for (const auto* query : {"?search=bob", "?search=19.00", "?kind=refund", "?kind=reversal"}) {
    EXPECT_FALSE(holds(luca.get(std::string("/payments") + query), "Bank 77")) << query;
  }
  EXPECT_TRUE(holds(luca.get("/payments?format=csv"),
                    "1,received,ada,2026-03-09,transfer,Bank 77,EUR,20.00,,no,"));
}

DATABASE_SENTENCE(payment_pages, "told which invoice, a payment settles that one") {
  issue_sample(world);
  const auto other = issue_sample(world);
  const auto bobs = issue_sample(world, UserId(2));
  auto luca = person(world, world.luca());
  const auto pay_on = [&](const std::string& invoice) {
    return luca.post("/payments", {{"client", "1"}, {"invoice", invoice}, {"amount", "12.10"}});
  };
  EXPECT_EQ(pay_on(other.id.text()).status, 303);
  EXPECT_EQ(rest_of(world, other.id), 0);
  const auto refused = pay_on(bobs.id.text());
  EXPECT_EQ(refused.status, 422);
  EXPECT_TRUE(holds(refused, "another client&#39;s"));
  EXPECT_EQ(pay_on("99").status, 422);
  EXPECT_EQ(pay_on("x").status, 422);
  EXPECT_EQ(pay_on("credit").status, 303);
  EXPECT_EQ(credit_of(world), 1210);
  EXPECT_EQ(luca.post("/payments", {{"client", "3"}, {"amount", "1"}}).status, 422);
  EXPECT_EQ(luca.post("/payments", {{"amount", "1"}}).status, 422);
  EXPECT_EQ(count_rows(world, "payments"), 2);
}

DATABASE_SENTENCE(payment_pages, "credit is used, moved and paid back from the payment's page") {
  const auto invoice = issue_sample(world);
  auto luca = person(world, world.luca());
  luca.post("/payments", {{"client", "1"}, {"invoice", "credit"}, {"amount", "20"}});
  const std::string path = "/payments/1";
  EXPECT_TRUE(holds(luca.get(path), "Use its credit for an invoice"));
  EXPECT_EQ(luca.post(path + "/allocations", {{"invoice", invoice.id.text()}}).status, 303);
  EXPECT_EQ(rest_of(world, invoice.id), 0);
  EXPECT_TRUE(holds(luca.get(path), "from credit"));
  EXPECT_EQ(luca.post(path + "/release", {{"invoice", invoice.id.text()}}).status, 303);
  EXPECT_EQ(credit_of(world), 2000);
  EXPECT_EQ(luca.post(path + "/release", {{"invoice", invoice.id.text()}}).status, 422);
  EXPECT_EQ(luca.post("/invoices/1/credit").status, 303);
  EXPECT_EQ(credit_of(world), 790);
  const auto refused = luca.post(path + "/refunds", {{"amount", "7.91"}, {"method", "card"}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_TRUE(holds(refused, "Only 7.90 € can be paid back."));
  const auto refund = luca.post(path + "/refunds", {{"amount", "2"}, {"method", "transfer"}});
  EXPECT_EQ(header_value(refund, "Location"), "/payments/2");
  EXPECT_TRUE(holds(luca.get("/payments/2"), "Refund 2"));
  EXPECT_EQ(luca.post("/clients/1/refunds", {{"amount", "5.90"}}).status, 303);
  EXPECT_EQ(credit_of(world), 0);
  EXPECT_EQ(luca.post("/clients/1/refunds", {{"amount", "1"}}).status, 422);
  EXPECT_EQ(luca.post("/clients/4/refunds", {{"amount", "1"}}).status, 404);
  EXPECT_EQ(luca.post("/payments/1/reversal").status, 422);
  EXPECT_EQ(luca.post("/payments/2/reversal").status, 303);
  EXPECT_TRUE(holds(luca.get("/payments/2"), "reversed"));
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(payment_pages, "money is no business of clients and helpdesk") {
  pay_for(world, UserId(1), 500);
  for (const auto& viewer : {world.ada(), world.grace()}) {
    auto someone = person(world, viewer);
    for (const auto* path : {"/payments", "/payments/new", "/payments/1", "/payments/1/proof",
                             "/clients/1/statement"}) {
      EXPECT_EQ(someone.get(path).status, 403) << path;
    }
    for (const auto* path :
         {"/payments", "/payments/1/reversal", "/payments/1/refunds", "/payments/1/allocations",
          "/payments/1/release", "/clients/1/refunds", "/invoices/1/credit"}) {
      EXPECT_EQ(someone.post(path).status, 403) << path;
    }
  }
  auto luca = person(world, world.luca());
  for (const auto* path : {"/payments/99", "/payments/x", "/clients/99/statement",
                           "/clients/3/statement", "/payments/1/proof"}) {
    EXPECT_EQ(luca.get(path).status, 404) << path;
  }
}

DATABASE_SENTENCE(payment_pages, "a form sent twice records once, and both lead to the same page") {
  issue_sample(world);
  auto luca = person(world, world.luca());
  const auto form = luca.get("/invoices/1");
  const Fields fields{{"amount", "5"}, {"once", key_of(form, "/invoices/1/payments")}};
  ASSERT_FALSE(fields.at("once").empty());
  const auto first = luca.post("/invoices/1/payments", fields);
  const auto second = luca.post("/invoices/1/payments", fields);
  EXPECT_EQ(first.status, 303);
  EXPECT_EQ(second.status, 303);
  EXPECT_EQ(header_value(second, "Location"), header_value(first, "Location"));
  EXPECT_EQ(count_rows(world, "payments"), 1);
  auto changed = fields;
  changed["amount"] = "1";
  EXPECT_EQ(luca.post("/invoices/1/payments", changed).status, 303);
  EXPECT_EQ(count_rows(world, "payments"), 1);
  Fields again{{"amount", "1"}, {"once", key_of(luca.get("/invoices/1"), "/invoices/1/payments")}};
  EXPECT_EQ(luca.post("/invoices/1/payments", again).status, 303);
  EXPECT_EQ(count_rows(world, "payments"), 2);
  again["once"] = "no key <";
  EXPECT_EQ(luca.post("/invoices/1/payments", again).status, 400);
}

DATABASE_SENTENCE(payment_pages, "a refused form may be sent again with its key") {
  issue_sample(world);
  auto luca = person(world, world.luca());
  const auto key = key_of(luca.get("/payments/new?client=1"), "/payments");
  ASSERT_FALSE(key.empty());
  EXPECT_EQ(luca.post("/payments", {{"client", "3"}, {"amount", "1"}, {"once", key}}).status, 422);
  EXPECT_EQ(luca.post("/payments", {{"client", "1"}, {"amount", "1"}, {"once", key}}).status, 303);
  EXPECT_EQ(count_rows(world, "payments"), 1);
}

DATABASE_SENTENCE(payment_pages, "twenty clicks at once are one payment") {
  issue_sample(world);
  const Fields fields{{"amount", "5"}, {"once", "abcdefghijklmnop"}};
  world.services();
  std::atomic<int> answered = 0;
  std::vector<std::thread> clicks;
  for (int i = 0; i < 20; ++i) {
    clicks.emplace_back([&] {
      // A database that is too busy says so; it never records twice.
      const auto status = person(world, world.luca()).post("/invoices/1/payments", fields).status;
      if (status == 303) ++answered;
    });
  }
  for (auto& click : clicks) click.join();
  EXPECT_GT(answered, 0);
  EXPECT_EQ(count_rows(world, "payments"), 1);
}

DATABASE_SENTENCE(payment_pages, "keys are forgotten after two days") {
  issue_sample(world);
  auto luca = person(world, world.luca());
  luca.post("/invoices/1/payments", {{"amount", "1"}, {"once", "abc"}});
  const auto forget = [&] {
    return world.database().write([](Transaction& tx) { return forget_form_keys(tx); });
  };
  EXPECT_EQ(forget(), 0);
  world.clock().advance(std::chrono::hours(49));
  EXPECT_EQ(forget(), 1);
}

DATABASE_SENTENCE(payment_pages, "a client reads its own statement as page, CSV and PDF") {
  issue_sample(world);
  issue_sample(world, UserId(2));
  pay_for(world, UserId(1), 2000);
  auto ada = person(world, world.ada());
  const auto page = ada.get("/statement");
  EXPECT_EQ(page.status, 200);
  for (const auto* words : {"F2026-000001", "12.10 €", "20.00 €", "-7.90 €", "credit today"}) {
    EXPECT_TRUE(holds(page, words)) << words;
  }
  EXPECT_FALSE(holds(page, "F2026-000002"));
  EXPECT_FALSE(holds(page, "/payments/"));
  const auto csv = ada.get("/statement?format=csv&from=2026-03-01&to=2026-03-31");
  EXPECT_TRUE(holds(csv, "2026-03-10,invoice,F2026-000001,,12.10,,12.10,EUR"));
  EXPECT_TRUE(holds(csv, "2026-03-10,payment,R1,transfer,,20.00,-7.90,EUR"));
  const auto pdf = ada.get("/statement?format=pdf");
  EXPECT_EQ(header_value(pdf, "Content-Type"), "application/pdf");
  const auto text = text_of_pdf(pdf.body);
  for (const auto* words : {"Statement of account", "F2026-000001", "Opening balance", "-7.90 €"}) {
    EXPECT_TRUE(text.contains(words)) << words << " in\n" << text;
  }
  EXPECT_EQ(faults_of_pdf(pdf.body), "");
  EXPECT_EQ(ada.get("/statement?from=2026-04-01&to=2026-03-01").status, 422);
  EXPECT_EQ(ada.get("/statement?from=soon").status, 422);
  EXPECT_EQ(ada.get("/statement?colour=red").status, 400);
}

DATABASE_SENTENCE(payment_pages, "a statement opens with what was owed before and adds up") {
  const auto old = issue_sample(world);
  world.clock().advance(std::chrono::hours(24 * 40));
  const auto next = issue_sample(world);
  pay(world, old.id, 1210);
  auto luca = person(world, world.luca());
  const auto csv = luca.get("/clients/1/statement?format=csv&from=2026-04-01");
  EXPECT_TRUE(holds(csv, "2026-04-01,opening balance,,,,,0.00,EUR")) << csv.body;
  EXPECT_TRUE(holds(csv, next.number));
  EXPECT_FALSE(holds(csv, old.number));
  const auto unpaid = luca.get("/clients/1/statement?format=csv&from=2026-05-01&to=2026-05-02");
  EXPECT_TRUE(holds(unpaid, "2026-05-01,opening balance,,,,,12.10,EUR")) << unpaid.body;
  const auto all = luca.get("/clients/1/statement?format=csv&from=2020-01-01");
  EXPECT_TRUE(holds(all, ",12.10,EUR\r\n")) << all.body;
}

}  // namespace
}  // namespace cstims::test
