#include "invoice/account_statement_document.h"

#include <fmt/format.h>

#include "base/listing.h"
#include "base/text.h"
#include "invoice/invoice_actions.h"
#include "invoice/payment.h"

namespace cstims {

namespace {

class Description {
 public:
  Description(const AccountStatement& statement, const Site& site, const Renderer& renderer)
      : statement_(statement), site_(site), renderer_(renderer) {}

  PdfDocument document(Instant created) const {
    const std::string kind = say(message("Statement of account"));
    PdfDocument document{.title = kind + " " + statement_.client.label(),
                         .author = site_.name,
                         .created = created,
                         .language = site_.locale,
                         .name = site_.name,
                         .tagline = site_.tagline,
                         .logo = site_.logo,
                         .kind = kind,
                         .number = period(),
                         .footer = footer(),
                         .page_label = say(message("Page {} of {}"))};
    document.blocks = {facts(created), parties(), table(), sums(), note()};
    return document;
  }

 private:
  std::string say(const Message& words) const { return renderer_.translate(words); }
  std::string period() const {
    return renderer_.show(statement_.range.from) + " – " + renderer_.show(statement_.range.to);
  }

  PdfFacts facts(Instant created) const {
    return {{{say(message("Client")), statement_.client.username},
             {say(message("Made on")), renderer_.show(site_.zone.date(created))},
             {say(message("To be paid")), statement_.closing.show()}}};
  }

  PdfParties parties() const {
    return {{{say(message("From")), site_.seller},
             {say(message("For")), buyer_text(statement_.client, renderer_)}}};
  }

  PdfTable table() const {
    PdfTable table{.columns = {{.title = say(message("Date")), .share = 15},
                               {.title = say(message("What")), .share = 41},
                               {.title = say(message("Billed")), .share = 15, .number = true},
                               {.title = say(message("Paid")), .share = 15, .number = true},
                               {.title = say(message("Balance")), .share = 15, .number = true}},
                   .rows = {}};
    table.rows.push_back({{renderer_.show(statement_.range.from)},
                          {say(message("Opening balance"))},
                          {""},
                          {""},
                          {statement_.opening.show()}});
    for (const auto& [entry, balance] : statement_.lines) table.rows.push_back(row(entry, balance));
    return table;
  }

  std::vector<PdfTable::Cell> row(const StatementEntry& entry, const Money& balance) const {
    const bool document =
        entry.kind == StatementKind::invoice || entry.kind == StatementKind::rectifying;
    const std::string detail = document ? entry.detail : say(shown_method(entry.detail));
    return {{renderer_.show(entry.date)},
            {trimmed(say(shown(entry.kind)) + " " + entry.reference), detail},
            {document ? entry.amount.show() : ""},
            {document ? "" : (-entry.amount).show()},
            {balance.show()}};
  }

  static std::string trimmed(const std::string& text) { return std::string(trim(text)); }

  PdfSums sums() const {
    return {{{say(message("Opening balance")), statement_.opening.show()},
             {say(message("Billed")), statement_.billed.show()},
             {say(message("Paid")), (-statement_.paid).show()},
             {say(message("To be paid")), statement_.closing.show(), true}}};
  }

  PdfNote note() const {
    if (!statement_.closing.is_negative()) return {"", ""};
    return {say(message("In your favour")),
            say(message("The balance is below zero: {} are yours. Your next invoices use it by "
                        "themselves; on request we pay it back.",
                        {(-statement_.closing).show()}))};
  }

  std::string footer() const {
    std::vector<std::string> lines;
    for (const auto line : split(site_.seller, '\n')) {
      if (!trim(line).empty()) lines.emplace_back(trim(line));
    }
    return shorten(join(lines, " · "), 110);
  }

  const AccountStatement& statement_;
  const Site& site_;
  const Renderer& renderer_;
};

std::string kind_in_csv(StatementKind kind) {
  switch (kind) {
    case StatementKind::invoice:
      return "invoice";
    case StatementKind::rectifying:
      return "rectifying invoice";
    case StatementKind::payment:
      return "payment";
    case StatementKind::refund:
      return "refund";
    case StatementKind::payment_undone:
      return "payment taken back";
    case StatementKind::refund_undone:
      return "refund taken back";
  }
  return {};
}

}  // namespace

PdfDocument describe_account_statement(const AccountStatement& statement, const Site& site,
                                       const Renderer& renderer, Instant created) {
  return Description(statement, site, renderer).document(created);
}

std::string account_statement_name(const AccountStatement& statement, std::string_view ending) {
  std::string name;
  for (const char letter : statement.client.username) {
    const bool plain = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
                       (letter >= 'A' && letter <= 'Z') || letter == '-';
    name += plain ? letter : '_';
  }
  return fmt::format("statement-{}-{}-{}.{}", name, statement.range.from.text(),
                     statement.range.to.text(), ending);
}

std::string account_statement_csv(const AccountStatement& statement) {
  const std::string currency(statement.opening.currency().code());
  std::string file =
      csv_row({"date", "kind", "reference", "detail", "billed", "paid", "balance", "currency"});
  file += csv_row({statement.range.from.text(), "opening balance", "", "", "", "",
                   statement.opening.text(), currency});
  for (const auto& [entry, balance] : statement.lines) {
    const bool document =
        entry.kind == StatementKind::invoice || entry.kind == StatementKind::rectifying;
    file += csv_row({entry.date.text(), kind_in_csv(entry.kind), entry.reference, entry.detail,
                     document ? entry.amount.text() : "", document ? "" : (-entry.amount).text(),
                     balance.text(), currency});
  }
  return file;
}

}  // namespace cstims
