#include "invoice/payment_mails.h"

#include <fmt/format.h>

namespace cstims {

namespace {

std::string name_of(const User& client) {
  return client.billing_name.empty() ? client.username : client.billing_name;
}

/// The same text to both: the accountant sees what the client sees.
void queue_to_both(Act& act, OutgoingMail mail, const User& client) {
  mail.to_name = name_of(client);
  queue_mail(act, mail);
  if (act.site.mail_accounting == client.email) return;
  mail.to = act.site.mail_accounting;
  mail.to_name = {};
  queue_mail(act, mail);
}

void fill_payment(Dictionary& values, const Payment& payment, const User& client) {
  values.set("NAME", name_of(client));
  values.set("DATE", payment.date);
  values.set("METHOD", shown_method(payment.method));
  if (!payment.reference.empty()) {
    values.section("REFERENCED").set("REFERENCE", payment.reference);
  }
}

void fill_part(Dictionary row, const Invoice& invoice, const Money& part) {
  row.set("NUMBER", invoice.number);
  row.set("INVOICE", invoice.id.number());
  row.set("PART", part);
  row.set("TOTAL", invoice.total);
  row.show("SETTLED", invoice.rest().is_zero());
  if (!invoice.rest().is_zero()) row.section("OPEN").set("REST", invoice.rest());
}

}  // namespace

void queue_payment_recorded(Act& act, const PaymentNews& news, const User& client) {
  OutgoingMail mail{.kind = "payment recorded",
                    .view = "payment_recorded",
                    .event = fmt::format("payment {} recorded", news.payment.id.number()),
                    .to = client.email,
                    .fill = {},
                    .about_billing = true};
  mail.fill = [&](Dictionary& values) {
    fill_payment(values, news.payment, client);
    values.set("AMOUNT", news.payment.amount);
    for (const auto& part : news.parts) {
      fill_part(values.section("PARTS"), part.invoice, part.amount);
    }
    if (!news.credit.is_zero()) values.section("KEPT").set("CREDIT", news.credit);
  };
  queue_to_both(act, std::move(mail), client);
}

void queue_payment_reversed(Act& act, const PaymentNews& news, const User& client) {
  OutgoingMail mail{.kind = "payment reversed",
                    .view = "payment_reversed",
                    .event = fmt::format("payment {} recorded", news.payment.id.number()),
                    .to = client.email,
                    .fill = {},
                    .about_billing = true};
  const bool refund = news.payment.kind == PaymentKind::refund;
  mail.fill = [&](Dictionary& values) {
    fill_payment(values, news.payment, client);
    if (refund) {
      Dictionary undone = values.section("REFUND");
      undone.set("AMOUNT", news.payment.amount);
      undone.set("CREDIT", news.credit);
    } else {
      values.section("PAYMENT").set("AMOUNT", -news.payment.amount);
    }
    for (const auto& part : news.parts) {
      fill_part(values.section("PARTS"), part.invoice, -part.amount);
    }
  };
  queue_to_both(act, std::move(mail), client);
}

void queue_refund_recorded(Act& act, const Payment& refund, const Money& credit,
                           const User& client) {
  OutgoingMail mail{.kind = "refund recorded",
                    .view = "refund_recorded",
                    .event = fmt::format("payment {} recorded", refund.id.number()),
                    .to = client.email,
                    .fill = {},
                    .about_billing = true};
  mail.fill = [&](Dictionary& values) {
    fill_payment(values, refund, client);
    values.set("AMOUNT", -refund.amount);
    if (!credit.is_zero()) values.section("KEPT").set("CREDIT", credit);
  };
  queue_to_both(act, std::move(mail), client);
}

void queue_credit_used(Act& act, const Invoice& invoice, const Money& used, const User& client) {
  OutgoingMail mail{.kind = "credit used",
                    .view = "credit_used",
                    .event = fmt::format("invoice {} credit up to {} at {}", invoice.id.number(),
                                         invoice.paid.text(), act.tx.now().text()),
                    .to = client.email,
                    .fill = {},
                    .about_billing = true};
  mail.fill = [&](Dictionary& values) {
    values.set("NAME", name_of(client));
    fill_part(values.section("PARTS"), invoice, used);
  };
  queue_to_both(act, std::move(mail), client);
}

}  // namespace cstims
