#include "invoice/dunning_store.h"

#include <fmt/format.h>

#include "base/failure.h"

namespace cstims {

namespace {

// i: invoices; s: dunning_steps; p: dunning_pauses.
#define STILL_OWED "i.status = 'issued' and i.kind = 'ordinary' and i.total > i.paid + i.credited"
#define PAUSED                                         \
  "exists (select 1 from dunning_pauses p"             \
  " where p.invoice_id = i.id and p.ended_at is null)" \
  " or exists (select 1 from dunning_pauses p"         \
  " where p.client_id = i.client_id and p.ended_at is null)"

/// "insert … values (…), (…)" for so many steps.
std::string insert_text(std::size_t steps) {
  std::string text = "insert into dunning_steps (invoice_id, kind, days, due_on) values ";
  for (std::size_t n = 0; n < steps; ++n) {
    text += fmt::format("{}(:invoice, :kind{}, :days{}, :due_on{})", n == 0 ? "" : ", ", n, n, n);
  }
  return text;
}

/// Their names and texts must outlive the statement.
struct StepParameters {
  std::string kind, days, due_on;
};
constexpr std::size_t most_steps = 16;

struct InsertTexts {
  std::vector<std::string> statements;
  std::vector<StepParameters> names;
};
const InsertTexts& insert_texts() {
  static const InsertTexts texts = [] {
    InsertTexts made;
    for (std::size_t n = 0; n <= most_steps; ++n) {
      made.statements.push_back(insert_text(n));
      made.names.push_back(
          {fmt::format("kind{}", n), fmt::format("days{}", n), fmt::format("due_on{}", n)});
    }
    return made;
  }();
  return texts;
}

constexpr Statement select_steps{"dunning steps of invoice", R"(
  select s.id, s.kind, s.days, s.due_on, s.done_at, s.outcome, o.state
  from dunning_steps s
  left join outbox o on o.id = s.outbox_id
  where s.invoice_id = :invoice
  order by s.due_on, s.id)"};

constexpr Statement select_newest_sent{"newest dunning step sent", R"(
  select kind, days, due_on
  from dunning_steps
  where invoice_id = :invoice
    and outcome = 'sent'
  order by due_on desc
  limit 1)"};

constexpr Statement select_clients_to_remind{"clients to remind",
                                             "select distinct i.client_id"
                                             " from dunning_steps s"
                                             " join invoices i on i.id = s.invoice_id"
                                             " where s.done_at is null"
                                             " and s.due_on <= :today"
                                             " and " STILL_OWED " and not (" PAUSED
                                             ") order by i.client_id"};

constexpr std::string_view select_open_steps =
    "select s.id, s.kind, s.days, s.due_on, s.invoice_id, i.number, i.client_id, u.username,"
    " i.due_date, i.currency, i.total - i.credited - i.paid as rest,"
    " case when " PAUSED
    " then 1 else 0 end as paused"
    " from dunning_steps s"
    " join invoices i on i.id = s.invoice_id"
    " join users u on u.id = i.client_id"
    " where s.done_at is null and s.due_on <= :until and " STILL_OWED;

constexpr Statement update_step{"finish dunning step", R"(
  update dunning_steps
  set done_at = :now, outcome = :outcome, outbox_id = :mail
  where id = :step
    and done_at is null)"};

constexpr Statement settle_open_steps{"settle dunning steps", R"(
  update dunning_steps
  set done_at = :now, outcome = 'settled'
  where invoice_id = :invoice
    and done_at is null)"};

constexpr Statement reopen_settled_steps{"reopen dunning steps", R"(
  update dunning_steps
  set done_at = null, outcome = null
  where invoice_id = :invoice
    and outcome = 'settled')"};

constexpr Statement newest_mail_done{"newest finished mail to address", R"(
  select state
  from outbox
  where recipient = :recipient
    and state <> 'waiting'
  order by id desc
  limit 1)"};

constexpr Statement select_mail{"mail of event", R"(
  select id
  from outbox
  where event = :event
    and recipient = :recipient
  order by id desc
  limit 1)"};

constexpr Statement select_untold_steps{"untold dunning steps", R"(
  select s.id, s.kind, s.days, s.due_on, s.invoice_id, i.number, u.username, u.email
  from dunning_steps s
  join invoices i on i.id = s.invoice_id
  join users u on u.id = i.client_id
  where s.outcome = 'undeliverable'
    and s.told_at is null
  order by s.id)"};

constexpr Statement mark_told{"mark dunning steps told", R"(
  update dunning_steps
  set told_at = :now
  where outcome = 'undeliverable'
    and told_at is null)"};

constexpr Statement select_pauses{"dunning pauses", R"(
  select p.reason, p.paused_at, p.client_id, u.username
  from dunning_pauses p
  left join users u on u.id = p.paused_by
  where p.ended_at is null
    and (p.invoice_id = :invoice or p.client_id = :client)
  order by p.id)"};

constexpr Statement insert_pause_row{"insert dunning pause", R"(
  insert into dunning_pauses (invoice_id, client_id, reason, paused_at, paused_by)
  values (:invoice, :client, :reason, :now, :author)
  on conflict do nothing)"};

constexpr Statement end_pause_of_invoice{"end dunning pause of invoice", R"(
  update dunning_pauses
  set ended_at = :now, ended_by = :author
  where ended_at is null
    and invoice_id = :invoice)"};

constexpr Statement end_pause_of_client{"end dunning pause of client", R"(
  update dunning_pauses
  set ended_at = :now, ended_by = :author
  where ended_at is null
    and client_id = :client)"};

DunningStep step_of(const Row& row) {
  return {stored_step_kind(row.text("kind")), static_cast<int>(row.number("days")),
          row.date("due_on")};
}

Money rest_of(const Row& row) {
  const auto currency = Currency::parse(row.text("currency"));
  if (!currency) throw DatabaseError("an invoice has the unknown currency " + row.text("currency"));
  return {row.number("rest"), *currency};
}

OpenSteps open_steps_of(const Row& row) {
  return {.invoice = row.id<struct Invoice>("invoice_id"),
          .number = row.text("number"),
          .client = row.id<struct User>("client_id"),
          .client_name = row.text("username"),
          .due_date = row.date("due_date"),
          .rest = rest_of(row),
          .paused = row.flag("paused"),
          .ids = {},
          .steps = {}};
}

}  // namespace

void insert_dunning_steps(Transaction& tx, InvoiceId invoice,
                          const std::vector<DunningStep>& steps) {
  if (steps.empty()) return;
  if (steps.size() > most_steps) throw std::logic_error("an invoice with so many dunning steps");
  const auto& texts = insert_texts();
  Parameters parameters{{"invoice", invoice}};
  for (std::size_t n = 0; n < steps.size(); ++n) {
    const auto& names = texts.names[n];
    parameters.push_back({names.kind, text(steps[n].kind)});
    parameters.push_back({names.days, steps[n].days});
    parameters.push_back({names.due_on, steps[n].due_on});
  }
  tx.post({"insert dunning steps", texts.statements[steps.size()]}, parameters);
}

std::vector<DunningStepRow> list_dunning_steps(Transaction& tx, InvoiceId invoice) {
  std::vector<DunningStepRow> steps;
  for (const auto& row : tx.select(select_steps, {{"invoice", invoice}})) {
    const auto outcome = row.maybe_text("outcome");
    const auto state = row.maybe_text("state");
    steps.push_back(
        {.id = row.number("id"),
         .step = step_of(row),
         .done_at = row.maybe_instant("done_at"),
         .outcome = outcome ? std::optional(stored_step_outcome(*outcome)) : std::nullopt,
         .mail = state ? parse_outbox_state(*state) : std::nullopt});
  }
  return steps;
}

std::map<InvoiceId, DunningStep> newest_sent_steps(Transaction& tx,
                                                   const std::vector<InvoiceId>& invoices) {
  std::map<InvoiceId, DunningStep> newest;
  for (const auto& invoice : invoices) {
    const auto row = tx.find(select_newest_sent, {{"invoice", invoice}});
    if (row) newest.emplace(invoice, step_of(*row));
  }
  return newest;
}

std::vector<UserId> list_clients_to_remind(Transaction& tx, Date today) {
  std::vector<UserId> clients;
  tx.each(select_clients_to_remind, {{"today", today}},
          [&](const Row& row) { clients.push_back(row.id<struct User>("client_id")); });
  return clients;
}

std::vector<OpenSteps> list_open_steps(Transaction& tx, const OpenStepsOf& of) {
  std::string query(select_open_steps);
  Parameters parameters{{"until", of.until}};
  if (of.client) {
    query += " and i.client_id = :client";
    parameters.push_back({"client", *of.client});
  }
  if (of.invoice) {
    query += " and i.id = :invoice";
    parameters.push_back({"invoice", *of.invoice});
  }
  query += " order by s.invoice_id, s.due_on, s.id";
  std::vector<OpenSteps> found;
  for (const auto& row : tx.select_built("open dunning steps", query, parameters)) {
    const auto invoice = row.id<struct Invoice>("invoice_id");
    if (found.empty() || found.back().invoice != invoice) found.push_back(open_steps_of(row));
    found.back().ids.push_back(row.number("id"));
    found.back().steps.push_back(step_of(row));
  }
  return found;
}

bool finish_step(Transaction& tx, std::int64_t step, StepOutcome outcome,
                 std::optional<MessageId> mail) {
  return tx.execute(
             update_step,
             {{"now", tx.now()}, {"outcome", text(outcome)}, {"mail", mail}, {"step", step}}) == 1;
}

void settle_steps(Transaction& tx, InvoiceId invoice) {
  tx.execute(settle_open_steps, {{"now", tx.now()}, {"invoice", invoice}});
}

void reopen_steps(Transaction& tx, InvoiceId invoice) {
  tx.execute(reopen_settled_steps, {{"invoice", invoice}});
}

bool is_undeliverable(Transaction& tx, const EmailAddress& address) {
  const auto newest = tx.find(newest_mail_done, {{"recipient", address.text()}});
  return newest && newest->text("state") == text(OutboxState::dead);
}

std::optional<MessageId> find_mail(Transaction& tx, std::string_view event,
                                   const EmailAddress& recipient) {
  const auto row = tx.find(select_mail, {{"event", event}, {"recipient", recipient.text()}});
  return row ? std::optional(row->id<struct OutboxMessage>("id")) : std::nullopt;
}

std::vector<UntoldStep> list_untold_steps(Transaction& tx) {
  std::vector<UntoldStep> steps;
  for (const auto& row : tx.select(select_untold_steps)) {
    steps.push_back({.id = row.number("id"),
                     .invoice = row.id<struct Invoice>("invoice_id"),
                     .number = row.text("number"),
                     .client_name = row.text("username"),
                     .address = row.text("email"),
                     .step = step_of(row)});
  }
  return steps;
}

void mark_steps_told(Transaction& tx) {
  tx.execute(mark_told, {{"now", tx.now()}});
}

std::vector<DunningPause> list_pauses(Transaction& tx, InvoiceId invoice, UserId client) {
  std::vector<DunningPause> pauses;
  for (const auto& row : tx.select(select_pauses, {{"invoice", invoice}, {"client", client}})) {
    pauses.push_back({.reason = row.text("reason"),
                      .paused_at = row.instant("paused_at"),
                      .paused_by = row.maybe_text("username").value_or(""),
                      .of_client = !row.is_null("client_id")});
  }
  return pauses;
}

bool insert_pause(Transaction& tx, const PauseOf& of, const std::string& reason,
                  std::optional<UserId> author) {
  return tx.execute(insert_pause_row, {{"invoice", of.invoice},
                                       {"client", of.client},
                                       {"reason", reason},
                                       {"now", tx.now()},
                                       {"author", author}}) == 1;
}

bool end_pause(Transaction& tx, const PauseOf& of, std::optional<UserId> author) {
  if (of.invoice) {
    return tx.execute(end_pause_of_invoice,
                      {{"now", tx.now()}, {"author", author}, {"invoice", *of.invoice}}) > 0;
  }
  return tx.execute(end_pause_of_client,
                    {{"now", tx.now()}, {"author", author}, {"client", of.client.value()}}) > 0;
}

}  // namespace cstims
