#include "invoice/account_statement_pages.h"

#include <fmt/format.h>

#include "account/user_store.h"
#include "base/failure.h"
#include "invoice/account_statement_document.h"
#include "invoice/account_statement_store.h"
#include "invoice/credit_actions.h"
#include "invoice/payment.h"
#include "invoice/payment_forms.h"

namespace cstims {

namespace {

/// What the query asks for.
struct Wanted {
  StatementRange range;
  std::string format;
  std::optional<Refusal> refusal = {};
  FormData typed = {};
};

Wanted parse_wanted(const QueryFields& query, Date today) {
  Wanted wanted{.range = default_range(today), .format = {}};
  for (const auto& [name, value] : query) wanted.typed.fields[name] = value;
  FormReader reader(wanted.typed);
  const auto from = reader.date("from", false);
  const auto to = reader.date("to", false);
  const auto format = reader.choice("format", {"csv", "pdf"}, false);
  const StatementRange range{from.value_or(wanted.range.from), to.value_or(wanted.range.to)};
  if (range.from > range.to) {
    reader.refuse("to", message("The last day lies before the first."));
  }
  const auto read = reader.finish(format);
  if (!read) {
    wanted.refusal = read.error();
    return wanted;
  }
  wanted.range = range;
  wanted.format = *read;
  return wanted;
}

struct StatementPage {
  static constexpr std::string_view view = "invoice/statement.html";
  const Context& context;
  std::string path;
  AccountStatement statement;
  Date today;
  const Wanted* wanted = nullptr;
  const Refusal* refund_refusal = nullptr;
  Message title() const { return message("Statement of account"); }
};

Form range_form(const StatementPage& page) {
  return {.action = page.path,
          .submit = message("Show"),
          .fields = {{.kind = FieldKind::date,
                      .name = "from",
                      .label = message("From"),
                      .value = page.statement.range.from.text(),
                      .columns = 4},
                     {.kind = FieldKind::date,
                      .name = "to",
                      .label = message("To"),
                      .value = page.statement.range.to.text(),
                      .columns = 4}},
          .tone = "secondary",
          .method = "get"};
}

void fill_line(Dictionary row, const StatementPage& page, const StatementLine& line) {
  const auto& entry = line.entry;
  const bool document =
      entry.kind == StatementKind::invoice || entry.kind == StatementKind::rectifying;
  const bool linked = document || page.context.viewer.is_accountant();
  const std::string address = fmt::format("/{}/{}", document ? "invoices" : "payments", entry.id);
  row.set("DATE", entry.date);
  row.set("KIND", shown(entry.kind));
  row.set("REFERENCE", entry.reference);
  if (linked) {
    row.section("LINKED").set("ADDRESS", address);
  } else {
    row.show("PLAIN");
  }
  if (document) {
    row.set("DETAIL", entry.detail);
  } else {
    row.set("DETAIL", shown_method(entry.detail));
  }
  row.set("BILLED", document ? entry.amount.show() : "");
  row.set("PAID", document ? "" : (-entry.amount).show());
  row.set("BALANCE", line.balance);
}

std::string file_address(const StatementPage& page, std::string_view format) {
  return fmt::format("{}?from={}&to={}&format={}", page.path, page.statement.range.from.text(),
                     page.statement.range.to.text(), format);
}

void fill_staff(Dictionary& values, const StatementPage& page) {
  const auto& statement = page.statement;
  Dictionary staff = values.section("STAFF");
  staff.set("CLIENT", statement.client.label());
  staff.set("NEW_PAYMENT", "/payments/new?client=" + statement.client.id.text());
  if (statement.credit.is_zero()) return;
  Dictionary refund = staff.section("MAY_REFUND");
  refund.set("CREDIT", statement.credit);
  Form form{.action = fmt::format("/clients/{}/refunds", statement.client.id.number()),
            .submit = message("Record the refund"),
            .fields = payment_fields(statement.credit, page.today, message("Paid back on")),
            .with_files = true,
            .tone = "secondary",
            .once = true};
  fill_form(refund, "REFUND", std::move(form), page.refund_refusal,
            page.refund_refusal ? &page.context.request.form : nullptr);
}

void fill(Dictionary& values, const StatementPage& page) {
  const auto& statement = page.statement;
  values.set("FROM", statement.range.from);
  values.set("TO", statement.range.to);
  values.set("PDF", file_address(page, "pdf"));
  values.set("CSV", file_address(page, "csv"));
  values.set("OPENING", statement.opening);
  values.set("BILLED", statement.billed);
  values.set("PAID", statement.paid);
  values.set("CLOSING", statement.closing);
  if (!statement.credit.is_zero()) values.section("HAS_CREDIT").set("CREDIT", statement.credit);
  const Refusal* refusal = page.wanted && page.wanted->refusal ? &*page.wanted->refusal : nullptr;
  fill_form(values, "RANGE", range_form(page), refusal, refusal ? &page.wanted->typed : nullptr);
  for (const auto& line : statement.lines) fill_line(values.section("LINES"), page, line);
  values.show("NOTHING", statement.lines.empty());
  if (page.context.viewer.is_accountant()) fill_staff(values, page);
}

Response answer(const Context& context, const std::string& path, UserId client_id) {
  const auto& services = context.services;
  auto [page, wanted, now] = context.database().read([&](Transaction& tx) {
    const auto client = find_user(tx, client_id);
    if (!client || client->type != Role::client) {
      throw NotFound(fmt::format("no client {}", client_id.number()));
    }
    auto asked = parse_wanted(context.request.query, tx.today());
    auto statement = load_account_statement(tx, *client, asked.range, context.site().currency);
    return std::tuple(StatementPage{context, path, std::move(statement), tx.today()},
                      std::move(asked), tx.now());
  });
  page.wanted = &wanted;
  const auto& statement = page.statement;
  if (wanted.format == "csv") {
    return Response::csv(account_statement_name(statement, "csv"),
                         account_statement_csv(statement));
  }
  if (wanted.format == "pdf") {
    return Response::download(
        account_statement_name(statement, "pdf"), "application/pdf",
        render_pdf(describe_account_statement(statement, context.site(), services.renderer, now)));
  }
  return render(context, page, wanted.refusal ? 422 : 200);
}

std::string path_of(UserId client) {
  return fmt::format("/clients/{}/statement", client.number());
}

Response statement_refused(const Context& context, UserId client_id, const Refusal& refusal) {
  const auto page = context.database().read([&](Transaction& tx) {
    const auto client = require_user(tx, client_id);
    return StatementPage{.context = context,
                         .path = path_of(client_id),
                         .statement = load_account_statement(tx, client, default_range(tx.today()),
                                                             context.site().currency),
                         .today = tx.today(),
                         .refund_refusal = &refusal};
  });
  return render(context, page, 422);
}

}  // namespace

Response show_own_statement(Context& context) {
  return answer(context, "/statement", context.viewer.require_user());
}

Response show_client_statement(Context& context) {
  const auto client = context.request.path_id<struct User>();
  return answer(context, path_of(client), client);
}

Response create_client_refund(Context& context) {
  const auto client = context.request.path_id<struct User>();
  const auto today = context.database().read([&](Transaction& tx) {
    if (require_user(tx, client).type != Role::client) {
      throw NotFound(fmt::format("no client {}", client.number()));
    }
    return tx.today();
  });
  const auto money = parse_payment(context.request.form, context.site().currency, today);
  if (!money) return statement_refused(context, client, money.error());
  if (const auto kept = keep_proof(context, *money); !kept) {
    return statement_refused(context, client, kept.error());
  }
  const auto refund = context.act([&](Act& act) { return record_refund(act, client, *money); });
  if (!refund) return statement_refused(context, client, refund.error());
  return context.redirect("/payments/" + refund->text(), message("The refund is recorded."));
}

}  // namespace cstims
