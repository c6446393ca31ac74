#include "invoice/invoice_document.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/failure.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/viewer.h"
#include "invoice/invoice_store.h"

namespace cstims {

namespace {

constexpr Statement find_document{"invoice document", R"(
  select sha256, content
  from invoice_documents
  where invoice_id = :invoice)"};

constexpr Statement insert_document{"insert invoice document", R"(
  insert into invoice_documents (invoice_id, sha256, content, created_at)
  values (:invoice, :sha256, :content, :now)
  on conflict (invoice_id) do nothing)"};

/// Builds the description of one invoice's document.
class Description {
 public:
  Description(const PrintedInvoice& printed, const DocumentParts& parts)
      : printed_(printed), invoice_(printed.invoice), parts_(parts) {}

  PdfDocument document() const {
    const auto& site = parts_.site;
    const std::string kind =
        say(invoice_.kind == InvoiceKind::ordinary ? message("Invoice")
                                                   : message("Rectifying invoice"));
    PdfDocument document{.title = kind + " " + invoice_.number,
                         .author = site.name,
                         .subject = subject(),
                         .created = invoice_.issued_at.value_or(invoice_.created_at),
                         .language = site.locale,
                         .name = site.name,
                         .tagline = site.tagline,
                         .logo = site.logo,
                         .kind = kind,
                         .number = invoice_.number,
                         .footer = footer(),
                         .page_label = say(message("Page {} of {}"))};
    document.blocks = {facts(), parties(), about(), table(), sums(), tax()};
    document.blocks.push_back(payment());
    return document;
  }

 private:
  std::string say(const Message& words) const { return parts_.renderer.translate(words); }

  PdfFacts facts() const {
    PdfFacts facts{{{say(message("Invoice number")), invoice_.number},
                    {say(message("Issue date")), show(*invoice_.issue_date)}}};
    if (invoice_.kind == InvoiceKind::ordinary) {
      facts.facts.push_back({say(message("Due date")), show(*invoice_.due_date)});
    } else {
      facts.facts.push_back(
          {say(message("Rectifies")),
           fmt::format("{}, {}", printed_.rectified_number, show(*printed_.rectified_date))});
    }
    return facts;
  }

  PdfParties parties() const {
    return {{{say(message("From")), invoice_.seller}, {say(message("Bill to")), invoice_.buyer}}};
  }

  PdfNote about() const {
    if (invoice_.kind == InvoiceKind::rectifying) return {say(message("Reason")), invoice_.reason};
    return {invoice_.description.empty() ? "" : say(message("About")), invoice_.description};
  }

  PdfTable table() const {
    PdfTable table{.columns = {{.title = say(message("Description")), .share = 46},
                               {.title = say(message("Quantity")), .share = 12, .number = true},
                               {.title = say(message("Unit price")), .share = 17, .number = true},
                               {.title = say(message("Tax")), .share = 9, .number = true},
                               {.title = say(message("Net")), .share = 16, .number = true}},
                   .rows = {}};
    for (const auto& line : printed_.lines) {
      table.rows.push_back({{line.description, line.period ? show(*line.period) : ""},
                            {line.quantity.text()},
                            {show_price(line.unit_price, line.net.currency())},
                            {line.tax_rate.text() + " %"},
                            {line.net.show()}});
    }
    return table;
  }

  PdfSums sums() const {
    PdfSums sums{{{say(message("Net")), invoice_.net.show()}}};
    for (const auto& tax : printed_.taxes) {
      sums.sums.push_back(
          {say(message("Tax {} % on {}", {tax.rate.text(), tax.base.show()})), tax.tax.show()});
    }
    sums.sums.push_back({say(message("Total")), invoice_.total.show(), true});
    return sums;
  }

  PdfNote tax() const { return {say(message("Tax")), invoice_.tax_note}; }

  /// With the code for banking apps where there is one.
  PdfBlock payment() const {
    const auto title = say(message("How to pay"));
    if (invoice_.payment_code.empty()) return PdfNote{title, invoice_.payment_text};
    return PdfCode{.label = title,
                   .text = invoice_.payment_text,
                   .content = invoice_.payment_code,
                   .caption = say(message("Pay by app: scan"))};
  }

  std::string subject() const {
    return fmt::format("{}, {}, {}", first_line(invoice_.seller), first_line(invoice_.buyer),
                       invoice_.total.show());
  }

  static std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

  std::string footer() const {
    std::vector<std::string> lines;
    for (const auto line : split(invoice_.seller, '\n')) {
      if (!trim(line).empty()) lines.emplace_back(trim(line));
    }
    return shorten(join(lines, " · "), 110);
  }

  const PrintedInvoice& printed_;
  const Invoice& invoice_;
  const DocumentParts& parts_;
};

std::optional<std::string> find_stored(Transaction& tx, InvoiceId id) {
  const auto row = tx.find(find_document, {{"invoice", id}});
  if (!row) return std::nullopt;
  auto bytes = parse_base64(row->text("content"));
  if (!bytes || sha256_hex(*bytes) != row->text("sha256")) {
    throw Failure(fmt::format("the stored document of invoice {} is damaged", id.number()));
  }
  return bytes;
}

}  // namespace

PrintedInvoice load_printed_invoice(Transaction& tx, InvoiceId id) {
  return std::move(load_printed_invoices(tx, {id}).front());
}

std::vector<PrintedInvoice> load_printed_invoices(Transaction& tx,
                                                  const std::vector<InvoiceId>& ids) {
  const Viewer system = Viewer::of_system("documents");
  auto invoices = require_invoices(tx, system, ids);
  auto lines = list_lines_of(tx, invoices);
  auto taxes = list_taxes_of(tx, invoices);
  std::vector<PrintedInvoice> all;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    PrintedInvoice printed{std::move(invoices[i]), std::move(lines[i]), std::move(taxes[i])};
    if (!printed.invoice.is_issued()) {
      throw NotFound(fmt::format("invoice {} is a draft: it has no document", ids[i].number()));
    }
    if (printed.invoice.rectifies) {
      const auto original = require_invoice(tx, system, *printed.invoice.rectifies);
      printed.rectified_number = original.number;
      printed.rectified_date = original.issue_date;
    }
    all.push_back(std::move(printed));
  }
  return all;
}

PdfDocument describe_invoice(const PrintedInvoice& printed, const DocumentParts& parts) {
  return Description(printed, parts).document();
}

void store_documents(Transaction& tx, const std::vector<DrawnDocument>& documents) {
  for (const auto& document : documents) {
    tx.post(insert_document, {{"invoice", document.invoice},
                              {"sha256", sha256_hex(document.bytes)},
                              {"content", base64(document.bytes)},
                              {"now", tx.now()}});
  }
}

std::string ensure_invoice_document(const DocumentParts& parts, InvoiceId id) {
  const auto stored = [&] {
    return parts.database.read([&](Transaction& tx) { return find_stored(tx, id); });
  };
  if (auto bytes = stored()) return std::move(*bytes);
  const auto printed =
      parts.database.read([&](Transaction& tx) { return load_printed_invoice(tx, id); });
  const std::vector<DrawnDocument> drawn{{id, render_pdf(describe_invoice(printed, parts))}};
  parts.database.write([&](Transaction& tx) { store_documents(tx, drawn); });
  // Another may have been first: what is stored is what counts.
  auto bytes = stored();
  if (!bytes) throw Failure(fmt::format("the document of invoice {} is gone", id.number()));
  return std::move(*bytes);
}

std::string document_name(const Invoice& invoice) {
  std::string name = invoice.number;
  std::ranges::replace_if(
      name,
      [](char letter) {
        const bool plain = (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= 'a' && letter <= 'z') || letter == '-' || letter == '_';
        return !plain;
      },
      '_');
  return name + ".pdf";
}

}  // namespace cstims
