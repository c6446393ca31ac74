#include "order/order_mails.h"

#include "account/user_store.h"

namespace cstims {
namespace {

std::string client_link(const Site& site, const Order& order) {
  return site.url + "/orders/" + order.id.text();
}

std::string admin_link(const Site& site, const Order& order) {
  return site.url + "/manageorders/" + order.id.text();
}

void fill_order(Dictionary& values, const Order& order) {
  values.set("NUMBER", order.id.text());
  values.set("NAME", order.name);
  values.set("SERVICE", order.service_name);
  values.set("PRICE", order.billing().text());
  for (const auto& option : order.options.list()) {
    Dictionary line = values.section("OPTIONS");
    line.set("OPTION", option.label + " (" + option.key + ")");
    line.set("VALUE", option.values.front().text());
  }
  if (!order.comments.empty()) values.section("COMMENTED").set("COMMENTS", order.comments);
}

/// Who to set it up for.
void fill_client(Dictionary& values, const User& client) {
  values.set("CLIENT", client.username);
  values.set("CLIENT_EMAIL", client.email.text());
  if (!client.billing_name.empty()) values.section("NAMED").set("CLIENT_NAME", client.billing_name);
}

void give_reason(Dictionary& values, const std::string& reason) {
  if (!reason.empty()) values.section("REASONED").set("REASON", reason);
}

void fill_unpaid(Dictionary& values, const UnpaidInvoice& invoice) {
  Dictionary unpaid = values.section("UNPAID");
  unpaid.set("INVOICE_NUMBER", invoice.number);
  unpaid.set("INVOICE", invoice.id.number());
  unpaid.set("REST", invoice.rest);
  unpaid.set("DUE_DATE", invoice.due_date);
}

OutgoingMail mail_to_admin(Act& act, std::string kind, std::string view, std::string_view event) {
  return {.kind = std::move(kind),
          .view = std::move(view),
          .event = std::string(event),
          .to = act.site.mail_admin,
          .fill = {}};
}

OutgoingMail mail_to_client(const User& client, std::string kind, std::string view,
                            std::string_view event) {
  return {.kind = std::move(kind),
          .view = std::move(view),
          .event = std::string(event),
          .to = client.email,
          .to_name = client.username,
          .fill = {},
          .about_billing = true};
}

std::string kind_of(OrderStatus status) {
  return "order " + std::string(text(status));
}

std::string view_of(OrderStatus status) {
  return "order_" + std::string(text(status));
}

}  // namespace

void queue_order_placed(Act& act, const Order& order, std::string_view event) {
  const User client = require_user(act.tx, order.client);
  auto to_admin = mail_to_admin(act, "order placed", "order_placed", event);
  to_admin.fill = [&](Dictionary& values) {
    fill_order(values, order);
    fill_client(values, client);
    values.set("LINK", admin_link(act.site, order));
  };
  queue_mail(act, to_admin);
  auto to_client = mail_to_client(client, "order placed", "order_received", event);
  to_client.fill = [&](Dictionary& values) {
    fill_order(values, order);
    values.set("LINK", client_link(act.site, order));
  };
  queue_mail(act, to_client);
}

void queue_order_status(Act& act, const Order& order, std::string_view event,
                        const StatusChange& change) {
  const User client = require_user(act.tx, order.client);
  auto mail = mail_to_client(client, kind_of(order.status), view_of(order.status), event);
  mail.fill = [&](Dictionary& values) {
    values.set("NAME", order.name);
    values.set("SERVICE", order.service_name);
    values.set("LINK", client_link(act.site, order));
    if (change.unpaid) {
      fill_unpaid(values, *change.unpaid);
    } else {
      give_reason(values, change.reason);
    }
    if (order.status == OrderStatus::active) {
      values.set("PRICE", order.billing().text());
      values.set("DATE", order.activated_on.value());
    }
  };
  queue_mail(act, mail);
}

void queue_order_ending(Act& act, const Order& order, std::string_view event,
                        const std::string& reason) {
  const User client = require_user(act.tx, order.client);
  auto mail = mail_to_admin(act, "order ending", "order_ending", event);
  mail.fill = [&](Dictionary& values) {
    values.set("NUMBER", order.id.text());
    values.set("NAME", order.name);
    values.set("SERVICE", order.service_name);
    fill_client(values, client);
    values.set("DATE", order.ends_on.value_or(act.tx.today()));
    values.set("LINK", admin_link(act.site, order));
    give_reason(values, reason);
  };
  queue_mail(act, mail);
}

}  // namespace cstims
