#include "bank/bank_pages.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "bank/bank_import.h"
#include "bank/bank_transaction_view.h"
#include "base/failure.h"
#include "base/iban.h"
#include "http/background.h"

namespace cstims {
namespace {

constexpr std::string_view path = "/accounting/bank";
constexpr int queue_shown = 25;
constexpr int statements_shown = 20;
constexpr int seconds_between_looks = 3;

BankParts parts_of(const Context& context) {
  return {context.database(), context.services.mailer, context.site()};
}

/// Nobody waits for it; what it does not reach is tried by the next one.
void match_in_background(const Context& context) {
  const BankParts parts = parts_of(context);
  const Viewer viewer = context.viewer;
  if (!context.services.background) throw Overload("this program matches nothing", 60, false);
  context.services.background->start("bank matching", [parts, viewer](std::stop_token stop) {
    const auto faults = match_new_transactions(parts, viewer, {.stop = std::move(stop)});
    if (!faults.empty()) {
      throw Failure(fmt::format("{} bank transactions could not be matched, the first: {}",
                                faults.size(), faults.front()));
    }
  });
}

struct WaitingTransaction {
  StoredTransaction transaction;
  std::vector<Suggestion> suggestions;
};

struct BankPage {
  static constexpr std::string_view view = "bank/queue.html";
  const Context& context;
  std::int64_t waiting;
  std::vector<WaitingTransaction> queue;
  std::vector<StoredStatement> statements;
  const Refusal* refusal = nullptr;
  Message title() const { return message("Bank statements"); }
};

Form upload_form() {
  return {
      .action = fmt::format("{}/statements", path),
      .submit = message("Import"),
      .fields = {{.kind = FieldKind::file,
                  .name = "file",
                  .label = message("Statement"),
                  .hint = message("CAMT.053 (XML), Norma 43 or CSV, at most 10 MB. The same file "
                                  "again, or days that overlap, add nothing twice."),
                  .required = true,
                  .columns = 8,
                  .accept = ".xml,.csv,.txt,.n43,.q43,.c43,.aeb,.asc"},
                 {.kind = FieldKind::select,
                  .name = "format",
                  .label = message("Format"),
                  .choices = {{"", message("recognise it")},
                              {"camt053", message("CAMT.053")},
                              {"norma43", message("Norma 43")},
                              {"csv", message("CSV")}},
                  .columns = 4}},
      .with_files = true,
      .once = true};
}

void fill_waiting(Dictionary& values, const WaitingTransaction& waiting) {
  const auto& facts = waiting.transaction.facts;
  Dictionary card = values.section("WAITING");
  card.set("ID", waiting.transaction.id.number());
  card.set("ADDRESS", bank_transaction_path(waiting.transaction.id));
  card.set("AMOUNT", facts.amount);
  card.set("FROM", other_side(facts));
  card.set("DATE", facts.date);
  card.set("WORDS", words_of(facts));
  card.set("DOUBT", shown(waiting.transaction.doubt));
  if (waiting.transaction.likely) {
    Dictionary likely = card.section("LIKELY");
    likely.set("CLIENT", waiting.transaction.likely->name);
    likely.set("WHY", shown(waiting.transaction.likely->why));
  }
  fill_suggestions(card, "SUGGESTED", waiting.transaction.id, waiting.suggestions);
}

std::string days_of(const StoredStatement& statement, const Renderer& renderer) {
  if (!statement.first_day || !statement.last_day) return "–";
  return renderer.show(*statement.first_day) + " – " + renderer.show(*statement.last_day);
}

ListView statement_list(const BankPage& page) {
  const auto& renderer = page.context.services.renderer;
  ListView list{.path = std::string(path),
                .empty = message("No statement was imported yet."),
                .columns = {{message("Imported")},
                            {message("Account")},
                            {message("Days")},
                            {message("Transactions"), "", true},
                            {message("New"), "", true}},
                .rows = {},
                .caption = message("Bank statements"),
                .plain = true};
  for (const auto& statement : page.statements) {
    list.rows.push_back(
        {{.text = renderer.show(statement.imported_at),
          .href = bank_statement_path(statement.id),
          .detail = statement.file_name},
         {.text = show_iban(statement.account), .detail = std::string(shown(statement.format))},
         {.text = days_of(statement, renderer)},
         {.text = std::to_string(statement.transactions)},
         {.text = std::to_string(statement.added)}});
  }
  return list;
}

void fill(Dictionary& values, const BankPage& page) {
  fill_form(values, "UPLOAD", upload_form(), page.refusal,
            page.refusal ? &page.context.request.form : nullptr);
  values.show("NOTHING_WAITS", page.queue.empty());
  if (!page.queue.empty()) {
    Dictionary queue = values.section("QUEUE");
    queue.set("COUNT", page.waiting);
    fill_form(queue, "AGAIN",
              button_form(fmt::format("{}/matching", path), message("Try all of them again")));
    for (const auto& waiting : page.queue) fill_waiting(queue, waiting);
    queue.show("MORE", page.waiting > static_cast<std::int64_t>(page.queue.size()));
  }
  fill_list(values, "STATEMENTS", statement_list(page));
}

BankPage load_bank_page(const Context& context) {
  return context.database().read([&](Transaction& tx) {
    BankPage page{
        context, count_waiting_transactions(tx), {}, list_bank_statements(tx, statements_shown)};
    Listing oldest;
    oldest.filters["state"] = "unmatched";
    oldest.sort = "id";
    oldest.rows = queue_shown;
    oldest.counting = false;
    for (auto& transaction : list_bank_transactions(tx, oldest).rows) {
      auto suggestions = suggest_invoices(tx, transaction);
      page.queue.push_back({std::move(transaction), std::move(suggestions)});
    }
    return page;
  });
}

struct StatementPage {
  static constexpr std::string_view view = "bank/statement.html";
  const Context& context;
  Listing listing;
  StoredStatement statement;
  std::int64_t untried;
  Page<StoredTransaction> transactions;
  Message title() const { return message("Bank statement {}", {statement.id.text()}); }
};

void fill(Dictionary& values, const StatementPage& page) {
  const auto& statement = page.statement;
  values.set("NUMBER", statement.id.number());
  values.set("ACCOUNT", show_iban(statement.account));
  values.set("DAYS", days_of(statement, page.context.services.renderer));
  values.set("FILE", statement.file_name);
  values.set("FORMAT", shown(statement.format));
  values.set("COUNT", statement.transactions);
  values.set("ADDED", statement.added);
  values.set("AT", statement.imported_at);
  values.set("BY", statement.imported_by.empty() ? "–" : statement.imported_by);
  if (page.untried > 0 && statement.added > 0) {
    Dictionary progress = values.section("UNTRIED");
    progress.set("DONE", statement.added - page.untried);
    progress.set("TOTAL", statement.added);
  }
  values.show("LIVE", page.untried > 0);
  fill_list(values, "TRANSACTIONS",
            bank_transaction_list(bank_statement_path(statement.id), page.transactions,
                                  page.context.services.renderer),
            page.listing);
}

struct TransactionsPage {
  static constexpr std::string_view view = "bank/transactions.html";
  const Context& context;
  Listing listing;
  Page<StoredTransaction> transactions;
  Message title() const { return message("Bank transactions"); }
};

void fill(Dictionary& values, const TransactionsPage& page) {
  fill_list(values, "TRANSACTIONS",
            bank_transaction_list(fmt::format("{}/transactions", path), page.transactions,
                                  page.context.services.renderer),
            page.listing);
}

Response csv_of(const std::vector<StoredTransaction>& transactions) {
  std::string file =
      csv_row({"id", "account", "date", "currency", "amount", "name", "iban", "words", "state",
               "payment", "client", "reason", "decided_at", "decided_by"});
  for (const auto& transaction : transactions) {
    const auto& facts = transaction.facts;
    file +=
        csv_row({transaction.id.text(), transaction.account, facts.date.text(),
                 std::string(facts.amount.currency().code()), facts.amount.text(), facts.name,
                 facts.iban, words_of(facts), std::string(text(transaction.state)),
                 transaction.payment ? transaction.payment->text() : "", transaction.paid_by,
                 transaction.reason, transaction.decided_at ? transaction.decided_at->text() : "",
                 transaction.decided_by});
  }
  return Response::csv("bank-transactions.csv", std::move(file));
}

std::string content_of(const Upload& upload) {
  std::ifstream file(upload.file, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file) throw Failure("an upload cannot be read again");
  return std::move(content).str();
}

Result<BankUpload> parse_upload(const FormData& form) {
  FormReader reader(form);
  const auto format = reader.choice("format", {"camt053", "norma43", "csv"}, false);
  const auto uploads = reader.uploads("file");
  BankUpload upload{.name = {}, .bytes = {}, .format = parse_bank_format(format)};
  if (uploads.size() == 1) {
    upload.name = uploads.front().name;
    upload.bytes = content_of(uploads.front());
  } else if (!reader.refused()) {
    reader.refuse("file", message("Give one file."));
  }
  return reader.finish(std::move(upload));
}

Response refused_upload(const Context& context, const Refusal& refusal) {
  auto page = load_bank_page(context);
  page.refusal = &refusal;
  return render(context, page, 422);
}

}  // namespace

Response show_bank(Context& context) {
  return render(context, load_bank_page(context));
}

Response create_bank_statement(Context& context) {
  const auto upload = parse_upload(context.request.form);
  if (!upload) return refused_upload(context, upload.error());
  const auto imported = store_bank_file(parts_of(context), context.viewer, *upload);
  if (!imported) return refused_upload(context, imported.error());
  if (imported->known) {
    return context.redirect(path, message("This file was imported before: nothing was added."));
  }
  match_in_background(context);
  const auto target = imported->statements.size() == 1
                          ? bank_statement_path(imported->statements.front())
                          : std::string(path);
  return context.redirect(
      target, message("{} transactions, {} of them new.",
                      {std::to_string(imported->transactions), std::to_string(imported->added)}));
}

Response show_bank_statement(Context& context) {
  const auto id = context.request.path_id<struct StoredStatement>();
  const auto listing = parse_listing(context.request.query, bank_transaction_listing_rules());
  const auto page = context.database().read([&](Transaction& tx) {
    return StatementPage{context, listing, require_bank_statement(tx, id),
                         count_new_transactions(tx, id), list_bank_transactions(tx, listing, id)};
  });
  if (listing.csv) return csv_of(page.transactions.rows);
  if (page.untried > 0) context.refresh_after(seconds_between_looks);
  return render(context, page);
}

Response list_bank_transactions_page(Context& context) {
  const auto listing = parse_listing(context.request.query, bank_transaction_listing_rules());
  auto transactions =
      context.database().read([&](Transaction& tx) { return list_bank_transactions(tx, listing); });
  if (listing.csv) return csv_of(transactions.rows);
  return render(context, TransactionsPage{context, listing, std::move(transactions)});
}

Response create_bank_matching(Context& context) {
  require_no_fields(context.request.form);
  const auto count = context.act([](Act& act) { return try_queue_again(act); });
  if (count > 0) match_in_background(context);
  return context.redirect(path, message("All of the queue is tried again."));
}

}  // namespace cstims
