#include "invoice/dunning_mails.h"

#include <fmt/format.h>

#include <string>

#include "base/secret.h"

namespace cstims {

namespace {

void fill_invoice(Dictionary& values, const Invoice& invoice, const User& client) {
  values.set("NAME", client.billing_name.empty() ? client.username : client.billing_name);
  values.set("NUMBER", invoice.number);
  values.set("INVOICE", invoice.id.number());
  values.set("REST", invoice.rest());
  values.set("DUE_DATE", *invoice.due_date);
  values.set("PAYMENT_TEXT", invoice.payment_text);
}

/// What is left is said, and the whole too where they differ.
void fill_paid(Dictionary& values, const Invoice& invoice) {
  if (invoice.rest() != invoice.total) values.section("PART_PAID").set("TOTAL", invoice.total);
}

/// A mail is read on a telephone: what is more stands on the page.
constexpr std::size_t most_cases_mailed = 50;

void fill_case(Dictionary line, const SuspensionRow& row) {
  line.set("ORDER", row.suspension.order.number());
  line.set("ORDER_NAME", row.order_name);
  line.set("CLIENT", row.client_name);
  line.set("NUMBER", row.invoice.number);
  line.set("REST", row.invoice.rest);
  line.set("DUE_DATE", row.invoice.due_date);
  if (row.suspension.obstacle != Obstacle::none) line.set("WHY", shown(row.suspension.obstacle));
}

/// "TOMORROW" or "HELD" with its cases.
void fill_cases(Dictionary& values, std::string_view name, const DunningDigest& digest, bool held) {
  std::vector<const SuspensionRow*> rows;
  for (const auto& row : digest.cases) {
    if ((row.suspension.obstacle != Obstacle::none) == held) rows.push_back(&row);
  }
  if (rows.empty()) return;
  Dictionary section = values.section(name);
  for (std::size_t n = 0; n < rows.size() && n < most_cases_mailed; ++n) {
    fill_case(section.section("CASES"), *rows[n]);
  }
  section.show("MORE", rows.size() > most_cases_mailed);
}

void fill_digest(Dictionary& values, const DunningDigest& digest) {
  fill_cases(values, "TOMORROW", digest, false);
  fill_cases(values, "HELD", digest, true);
  if (digest.steps.empty()) return;
  Dictionary section = values.section("UNREACHED");
  for (std::size_t n = 0; n < digest.steps.size() && n < most_cases_mailed; ++n) {
    const auto& step = digest.steps[n];
    Dictionary line = section.section("STEPS");
    line.set("CLIENT", step.client_name);
    line.set("ADDRESS", step.address);
    line.set("NUMBER", step.number);
    line.set("INVOICE", step.invoice.number());
    line.set("STEP", shown(step.step));
  }
  section.show("MORE", digest.steps.size() > most_cases_mailed);
}

}  // namespace

std::optional<MessageId> queue_dunning_step(Act& act, const Invoice& invoice,
                                            const DunningStep& step, const User& client,
                                            Date today) {
  const bool overdue = *invoice.due_date < today;
  OutgoingMail mail{
      .kind = "invoice reminder",
      .view = overdue ? "invoice_overdue" : "invoice_reminder",
      .event = fmt::format("invoice {} {} {}", invoice.id.number(), text(step.kind), step.days),
      .to = client.email,
      .to_name = client.billing_name.empty() ? client.username : client.billing_name,
      .fill = {},
      .documents = {fmt::format("invoice {}", invoice.id.number())},
      .about_billing = true};
  mail.fill = [&](Dictionary& values) {
    fill_invoice(values, invoice, client);
    fill_paid(values, invoice);
    if (overdue) {
      const int days = days_between(*invoice.due_date, today);
      values.set("LATE", days == 1 ? message("a day") : message("{} days", {std::to_string(days)}));
      return;
    }
    values.show("DUE_TODAY", *invoice.due_date == today);
    values.show("DUE_SOON", *invoice.due_date != today);
  };
  const auto queued = queue_mail(act, mail);
  return queued ? queued : find_mail(act.tx, mail.event, mail.to);
}

void queue_dunning_digest(Act& act, const DunningDigest& digest) {
  OutgoingMail mail{.kind = "dunning digest",
                    .view = "dunning_digest",
                    .event = "dunning digest " + random_token(8),
                    .to = act.site.mail_accounting,
                    .fill = [&](Dictionary& values) { fill_digest(values, digest); }};
  queue_mail(act, mail);
  if (act.site.mail_admin == act.site.mail_accounting) return;
  mail.to = act.site.mail_admin;
  queue_mail(act, mail);
}

}  // namespace cstims
