#include "invoice/invoice_pages.h"

#include <fmt/format.h>

#include <array>

#include "db/file_scanner.h"
#include "invoice/accountant_pages.h"
#include "invoice/books.h"
#include "invoice/invoice_actions.h"
#include "invoice/manage_pages.h"
#include "invoice/rectification_pages.h"
#include "support/fake_scanner.h"
#include "support/person.h"

namespace cstims::test {
namespace {

using enum Who;
constexpr std::array routes{
    Route{"GET", "/invoices/{file}", signed_in, show_invoice},
    Route{"POST", "/invoices/{invoice}/payments", accountant, create_payment, Body::files},
    Route{"POST", "/invoices/{invoice}/payments/{payment}/reversal", accountant,
          create_payment_reversal, Body::form},
    Route{"GET", "/invoices/{invoice}/payments/{payment}/proof", accountant, show_payment_proof},
    Route{"POST", "/invoices/{invoice}/credit", accountant, create_credit_use, Body::form},
    Route{"POST", "/invoices/{invoice}/paid", accountant, create_paid_mark, Body::form},
    Route{"POST", "/invoices/{invoice}/unpaid", accountant, create_unpaid_mark, Body::form},
    Route{"POST", "/invoices/{invoice}/rectification", accountant, create_rectification,
          Body::form},
    Route{"GET", "/accountant", accountant, show_accountant},
    Route{"GET", "/manageinvoices", admin, list_managed_invoices},
    Route{"GET", "/manageinvoices/new", admin, new_invoice},
    Route{"POST", "/manageinvoices", admin, create_invoice, Body::form},
    Route{"GET", "/manageinvoices/{invoice}", admin, edit_invoice},
    Route{"POST", "/manageinvoices/{invoice}", admin, update_invoice, Body::form},
    Route{"POST", "/manageinvoices/{invoice}/issue", admin, create_issue, Body::form},
    Route{"POST", "/manageinvoices/{invoice}/deletion", admin, delete_invoice_entry, Body::form},
};

Person person(World& world, const Viewer& viewer) {
  return {world, routes, viewer};
}

bool holds(const Response& response, std::string_view words) {
  return response.body.contains(words);
}

std::string path_of(const Invoice& invoice, std::string_view rest = "") {
  return fmt::format("/invoices/{}{}", invoice.id.number(), rest);
}

DATABASE_SENTENCE(invoice_pages,
                  "ancestor: client-no-invoices: a client sees its invoice, why, and its PDF") {
  place_order(world, {});
  const auto ran = run(world);
  const auto invoice = invoice_of(world, ran.invoices.at(0).id.value());
  auto ada = person(world, world.ada());
  const auto page = ada.get(path_of(invoice));
  EXPECT_EQ(page.status, 200);
  for (const auto* words : {"Invoice F2026-000001", "Small VPS – web", "Why this amount", "12.10 €",
                            "Unpaid", "Bank transfer to ES91", "24 Mar 2026"}) {
    EXPECT_TRUE(holds(page, words)) << words;
  }
  EXPECT_FALSE(holds(page, "Record a payment"));
  EXPECT_FALSE(holds(page, "Rectify"));
  const auto pdf = ada.get(path_of(invoice, ".pdf"));
  EXPECT_EQ(pdf.status, 200);
  EXPECT_EQ(header_value(pdf, "Content-Type"), "application/pdf");
  EXPECT_TRUE(header_value(pdf, "Content-Disposition").starts_with("attachment"));
  EXPECT_TRUE(header_value(pdf, "Content-Disposition").contains("F2026-000001.pdf"));
  EXPECT_TRUE(pdf.body.starts_with("%PDF-"));
  EXPECT_EQ(ada.get(path_of(invoice, ".pdf")).body, pdf.body);
}

DATABASE_SENTENCE(invoice_pages, "another client's invoice is not there, like one that never was") {
  const auto invoice = issue_sample(world);
  auto bob = person(world, world.bob());
  for (const auto& path :
       {path_of(invoice), path_of(invoice, ".pdf"), std::string("/invoices/99"),
        std::string("/invoices/99.pdf"), std::string("/invoices/0"), std::string("/invoices/-1"),
        std::string("/invoices/1e0"), std::string("/invoices/x.pdf"), std::string("/invoices/.pdf"),
        std::string("/invoices/9223372036854775808")}) {
    EXPECT_EQ(bob.get(path).status, 404) << path;
  }
}

DATABASE_SENTENCE(invoice_pages, "clients and helpdesk neither record payments nor rectify") {
  const auto invoice = issue_sample(world);
  for (const auto& viewer : {world.ada(), world.grace()}) {
    auto someone = person(world, viewer);
    for (const auto* act :
         {"/payments", "/paid", "/unpaid", "/rectification", "/payments/1/reversal", "/credit"}) {
      EXPECT_EQ(someone.post(path_of(invoice, act)).status, 403) << viewer.name << act;
    }
    EXPECT_EQ(someone.get("/accountant").status, 403);
    EXPECT_EQ(someone.get("/manageinvoices").status, 403);
  }
  EXPECT_EQ(count_rows(world, "payments"), 0);
}

DATABASE_SENTENCE(invoice_pages, "no act without the token of the session") {
  const auto invoice = issue_sample(world);
  auto luca = person(world, world.luca());
  EXPECT_EQ(luca.post_from_elsewhere(path_of(invoice, "/paid")).status, 403);
  EXPECT_EQ(count_rows(world, "payments"), 0);
}

DATABASE_SENTENCE(
    invoice_pages,
    "ancestor: accountant-404: the accountant sees what is owed, with a button each") {
  issue_sample(world);
  auto luca = person(world, world.luca());
  const auto page = luca.get("/accountant");
  EXPECT_EQ(page.status, 200);
  for (const auto* words : {"F2026-000001", "ada", "12.10 €", "Mark as paid", "Unpaid"}) {
    EXPECT_TRUE(holds(page, words)) << words;
  }
  EXPECT_TRUE(holds(luca.get("/accountant?status=unpaid"), "F2026-000001"));
  EXPECT_FALSE(holds(luca.get("/accountant?status=overdue"), "F2026-000001"));
  EXPECT_FALSE(holds(luca.get("/accountant?status=paid"), "F2026-000001"));
  EXPECT_TRUE(holds(luca.get("/accountant?search=f2026-0000"), "F2026-000001"));
  EXPECT_TRUE(holds(luca.get("/accountant?search=ADA"), "F2026-000001"));
  EXPECT_FALSE(holds(luca.get("/accountant?search=bob"), "F2026-000001"));
  EXPECT_FALSE(holds(luca.get("/accountant?search=%"), "F2026-000001"));
  const auto csv = luca.get("/accountant?format=csv");
  EXPECT_TRUE(
      holds(csv, "F2026-000001,ordinary,ada,2026-03-10,2026-03-24,Unpaid,EUR,10.00,2.10,12.10"));
  world.clock().advance(std::chrono::hours(24 * 20));
  EXPECT_TRUE(holds(luca.get("/accountant?status=overdue"), "F2026-000001"));
  EXPECT_TRUE(holds(luca.get("/accountant"), "Overdue"));
}

DATABASE_SENTENCE(invoice_pages, "a click marks as paid, another as unpaid") {
  const auto invoice = issue_sample(world);
  auto luca = person(world, world.luca());
  EXPECT_EQ(luca.post(path_of(invoice, "/paid")).status, 303);
  EXPECT_TRUE(holds(luca.get("/accountant"), "Mark as unpaid"));
  EXPECT_EQ(luca.post(path_of(invoice, "/paid")).status, 422);
  EXPECT_EQ(luca.post(path_of(invoice, "/unpaid")).status, 303);
  EXPECT_TRUE(holds(luca.get("/accountant"), "Mark as paid"));
  EXPECT_EQ(luca.post(path_of(invoice, "/unpaid")).status, 422);
}

DATABASE_SENTENCE(invoice_pages,
                  "a payment with its proof is recorded, the proof only downloaded") {
  const auto invoice = issue_sample(world);
  auto luca = person(world, world.luca());
  const Fields fields{
      {"amount", "5.00"}, {"date", "2026-03-09"}, {"method", "transfer"}, {"reference", "Bank 77"}};
  const std::string proof = "%PDF-1.4 paid";
  EXPECT_EQ(luca.post(path_of(invoice, "/payments"), fields,
                      {upload_of(world, "proof", "../../slip.pdf", proof)})
                .status,
            303);
  const auto page = luca.get(path_of(invoice));
  EXPECT_TRUE(holds(page, "Bank 77"));
  EXPECT_TRUE(holds(page, "7.10 €"));
  EXPECT_TRUE(holds(page, "Partly paid"));
  const auto file = luca.get(path_of(invoice, "/payments/1/proof"));
  EXPECT_EQ(file.status, 200);
  EXPECT_TRUE(header_value(file, "Content-Disposition").starts_with("attachment"));
  EXPECT_FALSE(header_value(file, "Content-Disposition").contains(".."));
  EXPECT_EQ(header_value(file, "X-Content-Type-Options"), "nosniff");
  EXPECT_FALSE(holds(person(world, world.ada()).get(path_of(invoice)), "slip.pdf"));
  EXPECT_EQ(person(world, world.ada()).get(path_of(invoice, "/payments/1/proof")).status, 403);
  EXPECT_EQ(luca.post(path_of(invoice, "/payments/1/reversal")).status, 303);
  EXPECT_TRUE(holds(luca.get(path_of(invoice)), "reversed"));
}

DATABASE_SENTENCE(invoice_pages, "a proof that is infected is refused, and no payment recorded") {
  FakeScanner clamd;
  const FileScanner scanner(clamd.address());
  world.scan_with(scanner);
  const auto invoice = issue_sample(world);
  auto luca = person(world, world.luca());
  const Fields fields{{"amount", "1.00"}, {"reference", "Bank 77"}};
  const auto refused = luca.post(path_of(invoice, "/payments"), fields,
                                 {upload_of(world, "proof", "slip.pdf", "%PDF-1.4 EICAR")});
  EXPECT_EQ(refused.status, 422);
  EXPECT_TRUE(holds(refused, "holds something harmful"));
  EXPECT_TRUE(holds(refused, "Bank 77"));
  EXPECT_EQ(count_rows(world, "payments"), 0);
  EXPECT_EQ(luca.post(path_of(invoice, "/payments"), fields,
                      {upload_of(world, "proof", "slip.pdf", "%PDF-1.4 paid")})
                .status,
            303);
}

DATABASE_SENTENCE(invoice_pages, "a refused payment comes back with what was typed and why") {
  const auto invoice = issue_sample(world);
  auto luca = person(world, world.luca());
  const auto again = luca.post(
      path_of(invoice, "/payments"),
      {{"amount", "9,9"}, {"date", "2026-03-10"}, {"method", "card"}, {"reference", "mine <b>"}});
  EXPECT_EQ(again.status, 422);
  EXPECT_TRUE(holds(again, "value=\"9,9\""));
  EXPECT_TRUE(holds(again, "mine &lt;b&gt;"));
  const auto file = luca.post(path_of(invoice, "/payments"), {{"amount", "1"}, {"date", ""}},
                              {upload_of(world, "proof", "slip.pdf", "<html>not a pdf")});
  EXPECT_EQ(file.status, 422);
  EXPECT_TRUE(holds(file, "PDF, PNG or JPEG"));
  EXPECT_EQ(count_rows(world, "payments"), 0);
}

DATABASE_SENTENCE(invoice_pages, "fields that the form has not are a bad request") {
  const auto invoice = issue_sample(world);
  auto luca = person(world, world.luca());
  for (const auto* field : {"client_id", "status", "total", "paid", "recorded_by"}) {
    EXPECT_EQ(luca.post(path_of(invoice, "/payments"), {{"amount", "1"}, {field, "1"}}).status, 400)
        << field;
  }
  EXPECT_EQ(luca.post(path_of(invoice, "/paid"), {{"amount", "1"}}).status, 400);
}

DATABASE_SENTENCE(invoice_pages,
                  "an admin writes, edits, issues an invoice; the draft is no client's") {
  auto root = person(world, world.root());
  EXPECT_EQ(root.get("/manageinvoices").status, 200);
  const auto form = root.get("/manageinvoices/new");
  EXPECT_TRUE(holds(form, "line.1.unit_price"));
  EXPECT_TRUE(holds(form, "ada"));
  auto fields = draft_form(UserId(1), {{"Work", "2", "30", "21"}}, "March").fields;
  const auto saved = root.post("/manageinvoices", fields);
  ASSERT_EQ(saved.status, 303);
  const auto path = header_value(saved, "Location");
  EXPECT_EQ(path, "/manageinvoices/1");
  EXPECT_TRUE(holds(root.get(path), "72.60 €"));
  EXPECT_EQ(person(world, world.ada()).get("/invoices/1").status, 404);
  EXPECT_EQ(person(world, world.ada()).get("/invoices/1.pdf").status, 404);
  EXPECT_EQ(header_value(root.get("/invoices/1"), "Location"), path);
  fields["line.1.quantity"] = "3";
  EXPECT_EQ(root.post(path, fields).status, 303);
  EXPECT_EQ(header_value(root.post(path + "/issue"), "Location"), "/invoices/1");
  EXPECT_TRUE(holds(person(world, world.ada()).get("/invoices/1"), "108.90 €"));
  EXPECT_TRUE(holds(root.get("/manageinvoices?search=f2026"), "F2026-000001"));
}

DATABASE_SENTENCE(invoice_pages, "a refused draft comes back with every line as typed") {
  auto root = person(world, world.root());
  auto fields = draft_form(UserId(1), {{"One", "1", "1", "21"}, {"Two", "-1", "1,5", "21"}}).fields;
  fields["line.9.description"] = "Nine";
  const auto again = root.post("/manageinvoices", fields);
  EXPECT_EQ(again.status, 422);
  for (const auto* words : {"value=\"One\"", "value=\"Two\"", "value=\"1,5\"", "value=\"Nine\""}) {
    EXPECT_TRUE(holds(again, words)) << words;
  }
  EXPECT_EQ(count_rows(world, "invoices"), 0);
}

DATABASE_SENTENCE(invoice_pages,
                  "deleting an issued invoice is refused, explained, and rectifying offered") {
  const auto invoice = issue_sample(world);
  auto root = person(world, world.root());
  const auto path = "/manageinvoices/" + invoice.id.text();
  const auto refused = root.post(path + "/deletion");
  EXPECT_EQ(refused.status, 422);
  EXPECT_TRUE(holds(refused, "it stays as it is"));
  EXPECT_TRUE(holds(refused, path_of(invoice, "/rectification")));
  EXPECT_EQ(root.post(path, draft_form(UserId(1), {{}}).fields).status, 422);
  EXPECT_EQ(root.post(path_of(invoice, "/rectification"), {{"reason", ""}}).status, 422);
  const auto done = root.post(path_of(invoice, "/rectification"), {{"reason", "Wrong <client>"}});
  EXPECT_EQ(done.status, 303);
  const auto rectifying = root.get(header_value(done, "Location"));
  EXPECT_TRUE(holds(rectifying, "R2026-000001"));
  EXPECT_TRUE(holds(rectifying, "Wrong &lt;client&gt;"));
  EXPECT_TRUE(holds(root.get(path_of(invoice)), "Rectified"));
}

DATABASE_SENTENCE(invoice_pages, "a draft is deleted by a click") {
  auto root = person(world, world.root());
  root.post("/manageinvoices", draft_form(UserId(1), {{}}).fields);
  EXPECT_EQ(root.post("/manageinvoices/1/deletion").status, 303);
  EXPECT_EQ(root.get("/manageinvoices/1").status, 404);
}

DATABASE_SENTENCE(invoice_pages, "ancestor: invoices-no-login: no address makes the billing run") {
  place_order(world, {});
  auto root = person(world, world.root());
  for (const auto* path : {"/makeinvoices", "/invoices/run", "/manageinvoices/run", "/invoices"}) {
    EXPECT_GE(root.get(path).status, 404) << path;
    EXPECT_GE(root.post(path).status, 403) << path;
  }
  EXPECT_EQ(count_rows(world, "invoices"), 0);
}

DATABASE_SENTENCE(invoice_pages, "looking changes nothing") {
  const auto invoice = issue_sample(world);
  auto root = person(world, world.root());
  root.get(path_of(invoice, ".pdf"));
  const auto rows = [&] {
    std::vector<std::int64_t> counts;
    for (const auto* table : {"invoices", "invoice_lines", "payments", "outbox", "number_counters",
                              "invoice_documents"}) {
      counts.push_back(count_rows(world, table));
    }
    return counts;
  };
  const auto before = rows();
  for (const auto& path : {std::string("/accountant"), std::string("/manageinvoices"),
                           std::string("/manageinvoices/new"), path_of(invoice),
                           path_of(invoice, ".pdf"), std::string("/manageinvoices/1")}) {
    EXPECT_EQ(root.get(path).status, 200) << path;
  }
  EXPECT_EQ(rows(), before);
}

}  // namespace
}  // namespace cstims::test
