#include "invoice/simulation_pages.h"

#include <fmt/format.h>

#include <algorithm>

#include "account/user_store.h"
#include "base/failure.h"
#include "base/text.h"
#include "html/form_view.h"
#include "invoice/billing_simulation.h"
#include "invoice/simulated_view.h"
#include "order/order_store.h"

namespace cstims {

namespace {

/// With more clients than that a page computes only those it shows.
constexpr std::size_t most_clients_summed = 1000;
constexpr std::size_t clients_per_page = 50;
constexpr int longest_ahead = 731;
constexpr std::size_t upcoming_shown = 12;

BillingParts parts_of(const Context& context) {
  return {context.database(), context.services.mailer, context.site()};
}

/// What the address asks for.
struct Asked {
  SimulationScope scope;
  std::string client;  // as typed
  std::string order;
  std::size_t page = 1;
  bool csv = false;
};

std::string value_of(const QueryFields& query, std::string_view name) {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : std::string(trim(found->second));
}

void read_client(Transaction& tx, Asked& asked, Refusal& refusal) {
  if (asked.client.empty()) return;
  const auto user = find_user_by_username(tx, asked.client);
  if (user && user->type == Role::client) {
    asked.scope.client = user->id;
  } else {
    refusal.add("client", message("There is no client of this name."));
  }
}

void read_order(Transaction& tx, const Viewer& viewer, Asked& asked, Refusal& refusal) {
  if (asked.order.empty()) return;
  const auto id = OrderId::parse(asked.order);
  const auto order = id ? find_order(tx, viewer, *id) : std::nullopt;
  if (!order || (asked.scope.client && *asked.scope.client != order->client)) {
    refusal.add("order", message("There is no such order."));
    return;
  }
  asked.scope.client = order->client;
  asked.scope.order = order->id;
}

void read_until(const std::string& typed, Date today, Asked& asked, Refusal& refusal) {
  if (typed.empty()) return;
  const auto until = Date::parse(typed);
  if (!until) {
    refusal.add("until", until.error().items.front().message);
  } else if (*until < today || *until > today.plus_days(longest_ahead)) {
    refusal.add("until", message("Choose a day from today to two years ahead."));
  } else {
    asked.scope.until = *until;
  }
}

/// Wrong values are told and replaced: nothing is acted on here.
Asked read_asked(Transaction& tx, const Context& context, Refusal& refusal) {
  const auto& query = context.request.query;
  for (const auto& [name, value] : query) {
    if (name != "until" && name != "client" && name != "order" && name != "page" &&
        name != "format") {
      throw BadRequest("unknown field '" + single_line(name) + "' in the address");
    }
  }
  Asked asked{.scope = {.until = tx.today().plus_months(1, tx.today().day())},
              .client = value_of(query, "client"),
              .order = value_of(query, "order"),
              .csv = value_of(query, "format") == "csv"};
  read_until(value_of(query, "until"), tx.today(), asked, refusal);
  read_client(tx, asked, refusal);
  read_order(tx, context.viewer, asked, refusal);
  const auto page = parse_id_number(value_of(query, "page"));
  if (page && *page <= Listing::last_page) asked.page = static_cast<std::size_t>(*page);
  return asked;
}

struct SimulationPage {
  static constexpr std::string_view view = "invoice/simulation.html";
  const Context& context;
  Asked asked;
  Refusal refusal;
  Date today;
  std::size_t clients = 0;
  std::vector<SimulatedInvoice> invoices;  // of the clients of this page
  Simulation sums;
  bool summed_all = true;
  Message title() const { return message("What will be billed"); }
};

/// The clients of the page are shown; the others only counted, as far as that is quick.
SimulationPage load_page(const Context& context) {
  return context.database().read([&](Transaction& tx) {
    Refusal refusal;
    auto asked = read_asked(tx, context, refusal);
    const auto clients = clients_to_simulate(tx, asked.scope, context.site());
    SimulationPage page{
        context,
        std::move(asked),
        std::move(refusal),
        tx.today(),
        clients.size(),
        {},
        {.months = {}, .total = Money::zero(context.site().currency), .faults = {}}};
    const auto first = std::min((page.asked.page - 1) * clients_per_page, clients.size());
    const auto last = std::min(first + clients_per_page, clients.size());
    page.summed_all = clients.size() <= most_clients_summed;
    const auto parts = parts_of(context);
    for (auto n = page.summed_all ? 0 : first; n < (page.summed_all ? clients.size() : last); ++n) {
      const auto report = [&](const SimulatedInvoice& invoice) {
        page.sums.add(invoice);
        if (n >= first && n < last) page.invoices.push_back(invoice);
        return true;
      };
      simulate_client(tx, parts, page.asked.scope, clients[n], report, page.sums.faults);
    }
    std::ranges::stable_sort(page.invoices, {}, &SimulatedInvoice::issue_date);
    return page;
  });
}

Form search_form(const SimulationPage& page) {
  return {.action = "/billing/simulation",
          .submit = message("Show"),
          .fields = {{.kind = FieldKind::date,
                      .name = "until",
                      .label = message("Up to"),
                      .value = page.asked.scope.until.text(),
                      .min = page.today.text(),
                      .max = page.today.plus_days(longest_ahead).text(),
                      .columns = 4},
                     {.name = "client",
                      .label = message("Client"),
                      .value = page.asked.client,
                      .hint = message("User name; empty: all."),
                      .columns = 4},
                     {.name = "order",
                      .label = message("Order"),
                      .value = page.asked.order,
                      .hint = message("Number; empty: all."),
                      .input_mode = "numeric",
                      .columns = 4}},
          .method = "get"};
}

std::string address_of(const Asked& asked, std::string_view more) {
  return fmt::format("/billing/simulation?until={}&client={}&order={}{}", asked.scope.until.text(),
                     query_text(asked.client), query_text(asked.order), more);
}

void fill_months(Dictionary& values, const SimulationPage& page) {
  Dictionary sums = values.section("SUMMED");
  sums.show("OF_PAGE", !page.summed_all);
  for (const auto& [month, sum] : page.sums.months) {
    Dictionary row = sums.section("MONTHS");
    row.set("MONTH", shown(month));
    row.set("INVOICES", sum.invoices);
    row.set("NET", sum.net);
    row.set("TAX", sum.tax);
    row.set("TOTAL", sum.total);
  }
  sums.set("INVOICES", page.sums.invoices);
  sums.set("TOTAL", page.sums.total);
}

void fill_pages(Dictionary& values, const SimulationPage& page) {
  if (page.clients <= clients_per_page) return;
  const auto number = page.asked.page;
  Dictionary pager = values.section("PAGES");
  pager.set("PAGE", static_cast<std::int64_t>(number));
  pager.set("CLIENTS", static_cast<std::int64_t>(page.clients));
  if (number > 1) {
    pager.section("PREVIOUS")
        .set("ADDRESS", address_of(page.asked, fmt::format("&page={}", number - 1)));
  }
  if (number * clients_per_page < page.clients && number < Listing::last_page) {
    pager.section("NEXT").set("ADDRESS",
                              address_of(page.asked, fmt::format("&page={}", number + 1)));
  }
}

void fill(Dictionary& values, const SimulationPage& page) {
  fill_form(values, "SEARCH", search_form(page),
            page.refusal.items.empty() ? nullptr : &page.refusal);
  values.set("UNTIL", page.asked.scope.until);
  values.set("CSV", address_of(page.asked, "&format=csv"));
  if (!page.sums.faults.empty()) {
    Dictionary faulty = values.section("FAULTY");
    for (const auto& fault : page.sums.faults) faulty.section("FAULTS").set("FAULT", fault);
  }
  values.show("EMPTY", page.invoices.empty());
  if (page.sums.invoices > 0) fill_months(values, page);
  fill_simulated(values, "INVOICES", page.invoices, page.context.services.renderer, true);
  fill_pages(values, page);
}

Response csv_of(const Context& context, const Asked& asked) {
  std::string file =
      csv_row({"issue_date", "due_date", "client", "order", "description", "period_start",
               "period_end", "net", "tax_rate", "currency", "explanation"});
  simulate_billing(parts_of(context), asked.scope, [&](const SimulatedInvoice& invoice) {
    for (const auto& line : invoice.lines) {
      file += csv_row({invoice.issue_date.text(), invoice.due_date.text(), invoice.client_name,
                       line.order ? line.order->text() : "", line.description,
                       line.period ? line.period->start.text() : "",
                       line.period ? line.period->last().text() : "", line.net.text(),
                       line.tax_rate.text(), std::string(line.net.currency().code()),
                       line.explanation});
    }
  });
  return Response::csv(fmt::format("simulation-{}.csv", asked.scope.until.text()), std::move(file));
}

struct UpcomingPage {
  static constexpr std::string_view view = "invoice/upcoming.html";
  const Context& context;
  User client;
  std::vector<SimulatedInvoice> invoices;
  Message title() const { return message("Upcoming invoices"); }
};

void fill(Dictionary& values, const UpcomingPage& page) {
  const bool staff = page.context.viewer.is_staff();
  if (staff) values.section("OF_CLIENT").set("CLIENT", page.client.username);
  values.show("EMPTY", page.invoices.empty());
  fill_simulated(values, "INVOICES", page.invoices, page.context.services.renderer, false);
}

Response upcoming_page(Context& context, UserId id) {
  return render(context, context.database().read([&](Transaction& tx) {
    auto client = find_user(tx, id);
    if (!client || client->type != Role::client) throw NotFound("no client " + id.text());
    return UpcomingPage{context, std::move(*client),
                        upcoming_invoices(tx, parts_of(context), id, upcoming_shown)};
  }));
}

}  // namespace

Response show_simulation(Context& context) {
  if (value_of(context.request.query, "format") == "csv") {
    Refusal refusal;
    const auto asked =
        context.database().read([&](Transaction& tx) { return read_asked(tx, context, refusal); });
    if (refusal.items.empty()) return csv_of(context, asked);
  }
  const auto page = load_page(context);
  return render(context, page, page.refusal.items.empty() ? 200 : 422);
}

Response show_own_upcoming(Context& context) {
  return upcoming_page(context, context.viewer.require_user());
}

Response show_client_upcoming(Context& context) {
  return upcoming_page(context, context.request.path_id<struct User>());
}

}  // namespace cstims
