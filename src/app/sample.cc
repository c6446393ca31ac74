// `cstims sample load`: a small provider with a few months of life, lived through the same verbs
// that people use, with a clock that is moved on. For trying the program and for screenshots.
#include <fmt/format.h>

#include "account/user_actions.h"
#include "account/user_store.h"
#include "app/command_functions.h"
#include "bank/bank_import.h"
#include "base/failure.h"
#include "inbox/mail_receiving.h"
#include "invoice/billing_run.h"
#include "invoice/invoice_store.h"
#include "invoice/payment_actions.h"
#include "order/order_actions.h"
#include "order/order_store.h"
#include "service/service_actions.h"
#include "ticket/canned_reply_actions.h"
#include "ticket/ticket_actions.h"
#include "ticket/ticket_rating_store.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

constexpr std::string_view sample_password = "seven lanterns by the harbour";

struct SampleAccount {
  std::string_view username;
  std::string_view type;
  std::string_view what;
};
constexpr SampleAccount accounts[] = {
    {"root", "admin", "manages everything"},
    {"grace", "helpdesk", "answers tickets"},
    {"tim", "helpdesk", "answers tickets"},
    {"luca", "accountant", "looks after invoices"},
    {"ada", "client", "has orders, tickets and invoices"},
    {"bob", "client", "owes an invoice"},
    {"chloe", "client", "has just ordered"},
    {"dora", "client", "has nothing yet"},
};

/// Lives through the story; every step is a verb in a transaction of its own.
class Story {
 public:
  Story(Installation& installation, FakeClock& clock)
      : installation_(installation), clock_(clock) {}

  void tell();

 private:
  template <typename Verb>
  auto as(std::string_view username, Verb&& verb) {
    const Mailer& mailer = installation_.mailer();
    return granted(installation_.database().write([&](Transaction& tx) {
      const User user = find_user_by_username(tx, username).value();
      const Viewer viewer{.user = user.id, .role = user.type, .name = user.username};
      Act act{tx, viewer, mailer, installation_.site()};
      return verb(act);
    }));
  }

  void make_accounts();
  void sell();
  OrderId order(std::string_view client, NewOrder wanted);
  void activate(OrderId order);
  void bill() {
    run_billing({installation_.database(), installation_.mailer(), installation_.site()}, {});
  }
  void pay_all_of(std::string_view client);
  TicketId ask(std::string_view client, NewTicket ticket);
  void answer(std::string_view who, TicketId ticket, std::string text, bool internal = false);
  void later(int days) { clock_.advance(std::chrono::hours(24) * days); }
  void first_months(OrderId vps, OrderId web);
  void last_weeks(OrderId vps);
  Invoice newest_invoice_of(std::string_view client);
  void import_statement();
  void get_mail();

  Installation& installation_;
  FakeClock& clock_;
  std::vector<ServiceId> services_;
};

void Story::make_accounts() {
  for (const auto& account : accounts) {
    granted(create_user_by_command(installation_.services(),
                                   {.username = std::string(account.username),
                                    .email = fmt::format("{}@example.net", account.username),
                                    .type = std::string(account.type),
                                    .password = std::string(sample_password)}));
  }
}

void Story::sell() {
  const Currency currency = installation_.site().currency;
  const std::string sign(currency.sign());
  const auto add = [&](std::string name, ServiceType type, const std::string& term,
                       std::string_view options, std::string description) {
    ServiceEdit edit{.name = std::move(name),
                     .type = type,
                     .billing = granted(BillingTerm::parse(term, currency)),
                     .options = granted(ServiceOptions::parse(options)),
                     .description = std::move(description)};
    services_.push_back(as("root", [&](Act& act) { return add_service(act, edit); }));
  };
  add("Virtual server", ServiceType::premium,
      fmt::format("(1*cpu + 0.5*ram + 0.05*ssd) {}/mo + 5 {} setup", sign, sign),
      "cpu: vCPU = 1, 2, 4, 8\nram: RAM (GB) = 1, 2, 4, 8, 16\nssd: SSD (GB) = 10..100 step 10",
      "A server of your own: choose its size, change it later.\n\n- Debian, Fedora or your own "
      "image\n- IPv4 and IPv6\n"
      "- a daily copy, kept for a week");
  add("Web space", ServiceType::standard, fmt::format("1.20 {}/mo or 12 {}/y", sign, sign), "",
      "Static files and PHP, a certificate, no tracking.\n\n- 10 GB\n- your own domain");
  add("Game server", ServiceType::standard, fmt::format("0.0069 {}/h in arrears", sign), "",
      "Billed by the hour at the end of each month.");
  add("Mailbox", ServiceType::free, "free", "",
      "For clients with another service. *No advertising.*");
}

OrderId Story::order(std::string_view client, NewOrder wanted) {
  return as(client, [&](Act& act) { return place_order(act, wanted); });
}

void Story::activate(OrderId order) {
  as("root", [&](Act& act) { return activate_order(act, order); });
}

void Story::pay_all_of(std::string_view client) {
  const auto invoices = installation_.database().read([&](Transaction& tx) {
    return list_invoices_of_client(tx, find_user_by_username(tx, client).value().id, 100);
  });
  for (const auto& invoice : invoices) {
    if (invoice.rest().is_zero()) continue;
    as("luca", [&](Act& act) { return mark_paid(act, invoice.id); });
  }
}

TicketId Story::ask(std::string_view client, NewTicket ticket) {
  return as(client, [&](Act& act) { return open_ticket(act, ticket); });
}

void Story::answer(std::string_view who, TicketId ticket, std::string text, bool internal) {
  NewReply reply;
  reply.body = std::move(text);
  reply.internal = internal;
  as(who, [&](Act& act) { return reply_to_ticket(act, ticket, reply); });
}

void Story::first_months(OrderId vps, OrderId web) {
  later(1);
  activate(vps);
  activate(web);
  bill();
  later(3);
  const TicketId slow = ask(
      "ada", {.order = vps,
              .subject = "The server is slow in the evening",
              .body = "Between 20:00 and 22:00 pages take seconds.\nIn the morning all is well.",
              .attachments = {}});
  as("grace", [&](Act& act) { return assign_ticket(act, slow, {}); });
  as("grace", [](Act& act) {
    return add_canned_reply(act, {.name = "Restart from the console",
                                  .category = "Servers",
                                  .body = "Dear {client},\n\nplease restart {service} once from "
                                          "its console and tell us here whether "
                                          "that helped.\n\n{staff}, {site}"});
  });
  answer("grace", slow, "Host 3 is busy in the evening again.", true);
  answer("grace", slow,
         "Your neighbour on that host was too loud. We have moved your server to a quieter one.");
  later(1);
  answer("ada", slow, "Much better, thank you!");
  as("grace", [&](Act& act) {
    return close_ticket(act, slow,
                        {.status = TicketStatus::closed, .comment = "Moved to another host."});
  });
  as("ada", [&](Act& act) -> Result<void> {
    const auto closing = list_ticket_entries(act.tx, act.viewer, slow).back().id;
    put_rating(act.tx, {slow, closing}, {.good = true, .comment = "Quick, and it stayed quick."});
    return {};
  });
  pay_all_of("ada");
  pay_all_of("bob");
  for (int month = 0; month < 3; ++month) {
    later(28);
    bill();
    later(2);
    pay_all_of("ada");
  }
}

void Story::last_weeks(OrderId vps) {
  order("chloe", {.service = services_[0],
                  .name = "build",
                  .period = {},
                  .options = {{"cpu", "4"}, {"ram", "8"}, {"ssd", "40"}},
                  .comments = "Fedora, please. My key is in the ticket."});
  order("ada",
        {.service = services_[3], .name = "mail", .period = {}, .options = {}, .comments = ""});
  ask("ada", {.order = vps,
              .subject = "Reverse DNS for my address",
              .body = "Could you set it to www.example.net?",
              .attachments = {}});
  const TicketId key = ask("chloe", {.order = {},
                                     .subject = "My public key",
                                     .body = "ssh-ed25519 AAAAC3… chloe",
                                     .attachments = {}});
  as("tim", [&](Act& act) { return assign_ticket(act, key, {}); });
  answer("tim", key, "Thank you, it will be on the machine.");
}

Invoice Story::newest_invoice_of(std::string_view client) {
  return installation_.database().read([&](Transaction& tx) {
    return list_invoices_of_client(tx, find_user_by_username(tx, client).value().id, 1).front();
  });
}

/// A transfer that names no invoice, but whose amount is what bob owes; one for an invoice that is
/// paid already; and the bank's fee.
void Story::import_statement() {
  const auto owed = newest_invoice_of("bob").rest().text();
  const auto paid = newest_invoice_of("ada");
  const auto today = installation_.database().read([](Transaction& tx) { return tx.today(); });
  const std::string code(installation_.site().currency.code());
  const auto entry = [&](std::string_view way, const std::string& amount, std::string_view words) {
    return fmt::format(
        "<Ntry><Amt Ccy=\"{}\">{}</Amt><CdtDbtInd>{}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{}</Dt>"
        "</BookgDt><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>R. Baker</Nm></Dbtr></RltdPties><RmtInf>"
        "<Ustrd>{}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>",
        code, amount, way, today.plus_days(-1).text(), words);
  };
  const std::string file =
      "<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>ES9121000418450200051332</IBAN></Id></Acct>" +
      entry("CRDT", owed, "recipes, thank you") + entry("CRDT", paid.total.text(), paid.number) +
      entry("DBIT", "3.00", "Account fee") + "</Stmt></BkToCstmrStmt></Document>";
  const auto luca = installation_.database().read([](Transaction& tx) {
    const User user = find_user_by_username(tx, "luca").value();
    return Viewer{.user = user.id, .role = user.type, .name = user.username};
  });
  const BankParts parts{installation_.database(), installation_.mailer(), installation_.site()};
  granted(store_bank_file(parts, luca, {.name = "statement.xml", .bytes = file}));
  match_new_transactions(parts, luca);
}

/// Of somebody unknown, who gets no answer: the helpdesk decides.
void Story::get_mail() {
  const std::string raw =
      "From: =?utf-8?q?In=C3=A9s_Mart=C3=ADn?= <ines@example.org>\r\n"
      "To: " +
      installation_.site().mail_helpdesk.text() +
      "\r\n"
      "Subject: =?utf-8?q?=C2=BFTen=C3=A9is_servidores_con_m=C3=A1s_memoria=3F?=\r\n"
      "Message-ID: <sample-1@example.org>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
      "Hola:\r\n\r\nNecesito 64 GB para una base de datos.\r\n\r\nGracias,\r\nInés\r\n";
  receive_mail({installation_.database(), installation_.files(), installation_.mailer(),
                installation_.site()},
               raw, "pipe", "");
}

void Story::tell() {
  make_accounts();
  sell();
  const OrderId vps = order("ada", {.service = services_[0],
                                    .name = "www",
                                    .period = {},
                                    .options = {{"cpu", "2"}, {"ram", "4"}, {"ssd", "20"}},
                                    .comments = "Debian 12"});
  const OrderId web = order("bob", {.service = services_[1],
                                    .name = "recipes",
                                    .period = Cycle::month,
                                    .options = {},
                                    .comments = ""});
  first_months(vps, web);
  last_weeks(vps);
  import_statement();
  get_mail();
}

void print_accounts() {
  fmt::print("\nSample accounts, all with the password: {}\n\n", sample_password);
  for (const auto& account : accounts) {
    fmt::print("  {:<8} {:<11} {}\n", account.username, account.type, account.what);
  }
  fmt::print("\n");
}

}  // namespace

int load_sample(Invocation& run) {
  const auto [users, has_sample] = run.installation().database().read([](Transaction& tx) {
    Listing listing;
    const bool found = find_user_by_email(tx, EmailAddress::stored("dora@example.net")).has_value();
    return std::pair(list_users(tx, listing).total, found);
  });
  if (users > 0 && !has_sample) {
    fmt::print("The database has accounts already: no sample data is added.\n");
    return 0;
  }
  if (users == 0) {
    // Four months of life that end today.
    const auto start = run.clock().now().plus(-std::chrono::hours(24) * 98);
    FakeClock clock(start);
    Installation installation(run.settings(), clock);
    Story(installation, clock).tell();
  }
  print_accounts();
  return 0;
}

}  // namespace cstims
