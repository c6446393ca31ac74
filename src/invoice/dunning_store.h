// Rows of dunning: the steps of invoices and the pauses.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/money.h"
#include "db/database.h"
#include "invoice/dunning.h"
#include "mail/outbox_store.h"

namespace cstims {

/// One statement for all of them: a billing run writes thousands.
void insert_dunning_steps(Transaction& tx, InvoiceId invoice,
                          const std::vector<DunningStep>& steps);

/// What became of a step, for pages.
struct DunningStepRow {
  std::int64_t id;
  DunningStep step;
  std::optional<Instant> done_at;
  std::optional<StepOutcome> outcome;
  std::optional<OutboxState> mail;  // of the one sent
};
/// Oldest first.
std::vector<DunningStepRow> list_dunning_steps(Transaction& tx, InvoiceId invoice);

/// The newest step that was mailed, of those of a page of invoices that have one.
std::map<InvoiceId, DunningStep> newest_sent_steps(Transaction& tx,
                                                   const std::vector<InvoiceId>& invoices);

/// Clients with open steps that are due on that day or before, of invoices still owing that nobody
/// paused.
std::vector<UserId> list_clients_to_remind(Transaction& tx, Date today);

/// The open steps of an invoice still owing.
struct OpenSteps {
  InvoiceId invoice;
  std::string number;
  UserId client;
  std::string client_name;
  Date due_date;
  Money rest;
  bool paused = false;  // the invoice or its client
  std::vector<std::int64_t> ids;
  std::vector<DunningStep> steps;  // oldest first, as ids
};
struct OpenStepsOf {
  Date until;  // those that are due on that day or before
  std::optional<UserId> client = {};
  std::optional<InvoiceId> invoice = {};
};
/// By invoice.
std::vector<OpenSteps> list_open_steps(Transaction& tx, const OpenStepsOf& of);

/// False, and nothing changed, when it is done already.
bool finish_step(Transaction& tx, std::int64_t step, StepOutcome outcome,
                 std::optional<MessageId> mail = {});
/// All open steps of it are settled.
void settle_steps(Transaction& tx, InvoiceId invoice);
/// What was settled is open again: the payment was undone.
void reopen_steps(Transaction& tx, InvoiceId invoice);

/// The newest mail to that address that is done with could not be delivered.
bool is_undeliverable(Transaction& tx, const EmailAddress& address);
/// That mail's row: for when queue_mail found it there already.
std::optional<MessageId> find_mail(Transaction& tx, std::string_view event,
                                   const EmailAddress& recipient);

/// A step that could not be mailed and that staff have not been told of.
struct UntoldStep {
  std::int64_t id;
  InvoiceId invoice;
  std::string number;
  std::string client_name;
  std::string address;
  DunningStep step;
};
std::vector<UntoldStep> list_untold_steps(Transaction& tx);
void mark_steps_told(Transaction& tx);

struct DunningPause {
  std::string reason;
  Instant paused_at;
  std::string paused_by;
  bool of_client = false;
};
/// Those in force for that invoice.
std::vector<DunningPause> list_pauses(Transaction& tx, InvoiceId invoice, UserId client);
struct PauseOf {
  std::optional<InvoiceId> invoice = {};
  std::optional<UserId> client = {};
};
/// False when it is paused already.
bool insert_pause(Transaction& tx, const PauseOf& of, const std::string& reason,
                  std::optional<UserId> author);
/// False when it is not paused.
bool end_pause(Transaction& tx, const PauseOf& of, std::optional<UserId> author);

}  // namespace cstims
