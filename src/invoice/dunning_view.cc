#include "invoice/dunning_view.h"

#include <algorithm>
#include <string>

#include "html/form_view.h"

namespace cstims {

namespace {

struct State {
  Message message;
  std::string_view tone;
};

/// Of the mail that a step sent.
State mail_state(const DunningStepRow& row) {
  if (row.mail == OutboxState::dead) return {message("could not be delivered"), "danger"};
  if (row.mail == OutboxState::waiting) return {message("on its way"), "info"};
  return {message("sent"), "success"};
}

State state_of(const DunningStepRow& row, const DunningView& view) {
  if (!row.outcome) {
    if (!view.pauses.empty()) return {message("paused"), "warning"};
    if (row.step.due_on <= view.today) return {message("goes out with the next run"), "info"};
    return {message("planned"), "secondary"};
  }
  switch (*row.outcome) {
    case StepOutcome::sent:
      return mail_state(row);
    case StepOutcome::skipped:
      return {message("skipped: a later one was sent"), "secondary"};
    case StepOutcome::undeliverable:
      return {message("not sent: mail to the client could not be delivered"), "danger"};
    case StepOutcome::settled:
      return {message("not needed: nothing was owed"), "secondary"};
  }
  return {};
}

void fill_step(Dictionary line, const DunningStepRow& row, const DunningView& view) {
  const auto state = state_of(row, view);
  line.set("DUE_ON", row.step.due_on);
  line.set("STEP", shown(row.step));
  line.set("STATE", state.message);
  line.set("TONE", state.tone);
  if (row.done_at) line.section("DONE").set("AT", *row.done_at);
}

std::string path_of(const DunningView& view, std::string_view rest) {
  return "/invoices/" + view.invoice.text() + std::string(rest);
}

void fill_pause(Dictionary section, const DunningPause& pause, const DunningView& view) {
  section.show("OF_CLIENT", pause.of_client);
  section.show("OF_INVOICE", !pause.of_client);
  section.set("REASON", pause.reason);
  section.set("SINCE", pause.paused_at);
  if (!pause.paused_by.empty()) section.section("BY").set("PERSON", pause.paused_by);
  if (!view.may_pause) return;
  Dictionary resume = section.section("MAY_RESUME");
  fill_form(resume, "RESUMPTION",
            button_form(path_of(view, "/reminders/resumption"), message("Go on reminding"),
                        "secondary", {{"scope", pause.of_client ? "client" : "invoice"}}));
}

Form pause_form(const DunningView& view, bool client_is_paused, bool invoice_is_paused) {
  Field scope{.kind = FieldKind::select,
              .name = "scope",
              .label = message("What for"),
              .value = invoice_is_paused ? "client" : "invoice",
              .required = true,
              .choices = {},
              .columns = 4};
  if (!invoice_is_paused) scope.choices.push_back({"invoice", message("this invoice")});
  if (!client_is_paused) scope.choices.push_back({"client", message("all of this client")});
  return {.action = path_of(view, "/reminders/pause"),
          .submit = message("Pause reminders"),
          .fields = {std::move(scope),
                     {.name = "reason",
                      .label = message("Reason"),
                      .hint = message("Among staff: the client does not see it."),
                      .required = true,
                      .columns = 8}},
          .tone = "secondary"};
}

}  // namespace

DunningView load_dunning_view(Transaction& tx, const Viewer& viewer, const Invoice& invoice) {
  DunningView view{.invoice = invoice.id, .today = tx.today(), .steps = {}, .pauses = {}};
  if (!viewer.is_staff() || !invoice.is_issued() || invoice.kind == InvoiceKind::rectifying) {
    return view;
  }
  view.steps = list_dunning_steps(tx, invoice.id);
  view.pauses = list_pauses(tx, invoice.id, invoice.client);
  view.shown = !view.steps.empty() || !view.pauses.empty() || !invoice.rest().is_zero();
  view.may_pause = viewer.is_accountant() && !invoice.rest().is_zero();
  return view;
}

void fill_dunning_view(Dictionary& values, std::string_view name, const DunningView& view,
                       const Refusal* refusal, const FormData* typed) {
  Dictionary page = values.include(name, "invoice/_dunning.html");
  if (!view.shown) return;
  Dictionary section = page.section("SHOWN");
  section.show("NONE", view.steps.empty());
  for (const auto& pause : view.pauses) fill_pause(section.section("PAUSES"), pause, view);
  if (!view.steps.empty()) {
    Dictionary table = section.section("PLANNED");
    for (const auto& row : view.steps) fill_step(table.section("STEPS"), row, view);
  }
  const bool of_client = std::ranges::count(view.pauses, true, &DunningPause::of_client) > 0;
  const bool of_invoice = std::ranges::count(view.pauses, false, &DunningPause::of_client) > 0;
  if (!view.may_pause || (of_client && of_invoice)) return;
  Dictionary may = section.section("MAY_PAUSE");
  fill_form(may, "PAUSE", pause_form(view, of_client, of_invoice), refusal, typed);
}

}  // namespace cstims
