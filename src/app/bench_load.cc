#include "app/bench_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/bench_data.h"
#include "base/failure.h"
#include "ticket/ticket_search.h"

namespace cstims {

namespace {

constexpr std::size_t batch = 2000;

/// "correct horse battery staple"; hashing it anew for each would take longer than all the rest.
constexpr std::string_view hash_of_password =
    "$argon2id$v=19$m=19456,t=2,p=1$6xI4eG2i2lrPBkGKx56u4Q$"
    "aMc0r87gKFy4K3z4f7F+DXW8QjIgwxC/7xkToNuHSCI";

constexpr std::array<std::string_view, 20> first_names{
    "Ada",   "Alejandro", "Ana",   "Carmen", "Chiara", "Elena",  "Émile", "Fatima", "Iván",  "Jan",
    "Julia", "Lukas",     "Marta", "Miguel", "Nerea",  "Noémie", "Omar",  "Paula",  "Søren", "Zoë"};
constexpr std::array<std::string_view, 20> last_names{
    "Álvarez", "Bianchi", "Dubois", "Fernández", "García",  "Gómez",  "Hernández",
    "Ibáñez",  "Jensen",  "López",  "Martínez",  "Moreau",  "Müller", "Navarro",
    "Núñez",   "Pérez",   "Rossi",  "Sánchez",   "Schmidt", "Vázquez"};
constexpr std::array<std::string_view, 8> streets{
    "Calle Mayor",  "Calle de Alcalá", "Gran Vía",      "Avenida de América",
    "Calle Toledo", "Paseo del Prado", "Calle Serrano", "Ronda de Atocha"};

/// The services, with their prices in whole units so that any currency can say them.
struct Offer {
  std::string_view name;
  std::string_view type;
  int price;
  std::string_view cycle;
  std::string_view description;
};
constexpr std::array<Offer, 6> offers{{
    {"Small VPS", "standard", 5, "mo", "One core, 2 GB, 20 GB of disk."},
    {"Large VPS", "premium", 20, "mo", "Four cores, 16 GB, 160 GB of disk."},
    {"Web hosting", "standard", 12, "3mo", "PHP, databases and mail for one site."},
    {"Backup space", "standard", 9, "3mo", "500 GB in another building."},
    {"Domain", "standard", 12, "y", "One name for a year."},
    {"Mailbox pack", "premium", 36, "y", "Ten mailboxes of 20 GB."},
}};

constexpr Statement count_users{"users there", "select count(*) as found from users"};

constexpr Statement insert_user{"insert made-up user", R"(
  insert into users (username, password_hash, email, email_key, type, status, registered_at,
    verified_at, password_changed_at, billing_name, billing_address, billing_country)
  values (:name, :hash, :email, :email, :type, :status, :at,
    :at, :at, :billing_name, :address, :country)
  returning id)"};

constexpr Statement insert_service{"insert made-up service", R"(
  insert into services (name, type, billing, description, created_at)
  values (:name, :type, :billing, :description, :now)
  returning id)"};

constexpr Statement insert_order{"insert made-up order", R"(
  insert into orders (service_id, name, client_id, status, ordered_at, billing, activated_on,
    ends_on, next_due_on)
  values (:service, :name, :client, :status, :at, :billing, :activated_on, :ends_on,
    :next_due_on)
  returning id)"};

constexpr Statement insert_event{"insert made-up order event", R"(
  insert into order_events (order_id, at, user_id, event)
  values (:order, :at, :user, :event))"};

struct Person {
  std::string name;
  std::string_view type;
  std::string_view status = "verified";
  Instant at;
  std::string billing_name = {};
  std::string address = {};
};

std::int64_t insert_person(Transaction& tx, const Person& person) {
  const bool client = person.type == "client";
  return tx
      .require(insert_user, {{"name", person.name},
                             {"hash", hash_of_password},
                             {"email", person.name + "@clients.example.test"},
                             {"type", person.type},
                             {"status", person.status},
                             {"at", person.at},
                             {"billing_name", person.billing_name},
                             {"address", person.address},
                             {"country", client ? "ES" : ""}})
      .number("id");
}

BenchPeople insert_staff(Transaction& tx) {
  BenchPeople people;
  for (int i = 1; i <= 5; ++i)
    people.helpdesk.push_back(insert_person(
        tx, {.name = fmt::format("helpdesk{}", i), .type = "helpdesk", .at = tx.now()}));
  people.accountant =
      insert_person(tx, {.name = "accountant1", .type = "accountant", .at = tx.now()});
  insert_person(tx, {.name = "admin1", .type = "admin", .at = tx.now()});
  return people;
}

std::string billing_text(const Offer& offer, Currency currency) {
  return fmt::format("{} {}/{}", offer.price, currency.sign(), offer.cycle);
}

std::vector<std::int64_t> insert_services(Transaction& tx, Currency currency) {
  std::vector<std::int64_t> ids;
  for (const auto& offer : offers)
    ids.push_back(tx.require(insert_service, {{"name", offer.name},
                                              {"type", offer.type},
                                              {"billing", billing_text(offer, currency)},
                                              {"description", offer.description},
                                              {"now", tx.now()}})
                      .number("id"));
  return ids;
}

/// The day eleven months before the last time that `day` of the month came.
Date start_on(Date today, unsigned day) {
  const int months = day <= today.day() ? -11 : -12;
  const auto month = Date(today.year(), today.month(), 1).plus_months(months, 1);
  return Date(month.year(), month.month(), day);
}

/// The first order is monthly and goes on; of the others some wait, rest or have ended.
std::string status_of(int client, int order) {
  if (order == 0) return client % 40 == 7 ? "suspended" : "active";
  if (order == 1 && client % 20 == 3) return "setting up";
  if (order == 1 && client % 20 == 13) return "ended";
  return "active";
}

BenchOrder order_of(const BenchRun& run, const BenchClient& client, int order,
                    const std::vector<std::int64_t>& services) {
  const auto chosen = static_cast<std::size_t>(
      2 * order + pick(scrambled(7919U) + static_cast<unsigned>(client.number), 2));
  const auto& offer = offers.at(chosen);
  auto status = status_of(client.number, order);
  const auto ends_on = status == "ended"
                           ? std::optional(client.start.plus_months(6, client.start.day()))
                           : std::nullopt;
  auto term =
      ResolvedTerm::parse(billing_text(offer, run.site.currency), run.site.currency).value();
  return {.service = services.at(chosen),
          .service_name = std::string(offer.name),
          .status = std::move(status),
          .plan = BillingPlan::of(std::move(term), client.start, ends_on)};
}

/// What the invoices will have billed up to today.
std::optional<Date> next_due_of(const BenchRun& run, const BenchOrder& order) {
  if (order.status == "setting up") return std::nullopt;
  BilledSoFar billed;
  for (const auto& item : periods_due(order.plan, {}, run.today, 1000))
    billed.recurring_until = item.period.next;
  return next_due_date(order.plan, billed);
}

void insert_bench_order(Transaction& tx, const BenchRun& run, const BenchClient& client,
                        BenchOrder& order) {
  const bool activated = order.status != "setting up";
  const auto at = run.site.zone.start_of(client.start).plus(std::chrono::hours(9));
  order.id =
      tx.require(insert_order,
                 {{"service", order.service},
                  {"name", fmt::format("{} of client {}", order.service_name, client.number)},
                  {"client", client.user},
                  {"status", order.status},
                  {"at", at},
                  {"billing", order.plan.terms.front().term.text()},
                  {"activated_on", activated ? Value(client.start) : Value()},
                  {"ends_on", order.plan.ends_on},
                  {"next_due_on", next_due_of(run, order)}})
          .number("id");
  tx.execute(insert_event,
             {{"order", order.id}, {"at", at}, {"user", client.user}, {"event", "placed"}});
  if (activated)
    tx.execute(insert_event, {{"order", order.id},
                              {"at", at.plus(std::chrono::hours(1))},
                              {"user", {}},
                              {"event", "active"}});
}

void load_clients(BenchRun& run, const std::vector<std::int64_t>& services) {
  in_batches(run, "clients", run.clients.size(), [&](Transaction& tx, std::size_t i) {
    auto& client = run.clients[i];
    const auto registered = run.site.zone.start_of(client.start).plus(std::chrono::hours(8));
    client.user = insert_person(tx, {.name = fmt::format("client{}", client.number),
                                     .type = "client",
                                     .status = client.number % 100 == 99 ? "disabled" : "verified",
                                     .at = registered,
                                     .billing_name = bench_name(client.number),
                                     .address = bench_street(client.number)});
    client.orders.clear();
    for (int order = 0; order < 3; ++order) {
      client.orders.push_back(order_of(run, client, order, services));
      insert_bench_order(tx, run, client, client.orders.back());
    }
  });
}

}  // namespace

std::uint64_t scrambled(std::uint64_t seed) {
  seed += 0x9e3779b97f4a7c15;
  seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9;
  seed = (seed ^ (seed >> 27)) * 0x94d049bb133111eb;
  return seed ^ (seed >> 31);
}

int pick(std::uint64_t seed, int count) {
  return static_cast<int>(scrambled(seed) % static_cast<std::uint64_t>(count));
}

std::string bench_name(int client) {
  const auto seed = scrambled(static_cast<std::uint64_t>(client));
  return fmt::format("{} {} {}", first_names.at(seed % 20), last_names.at(seed / 20 % 20),
                     last_names.at(seed / 400 % 20));
}

std::string bench_street(int client) {
  const auto seed = scrambled(static_cast<std::uint64_t>(client) + 104729);
  return fmt::format("{} {}\n{} Madrid", streets.at(seed % 8), 1 + seed / 8 % 200,
                     28001 + seed / 1600 % 55);
}

void in_batches(BenchRun& run, const std::string& what, std::size_t count,
                const std::function<void(Transaction&, std::size_t)>& act) {
  for (std::size_t start = 0; start < count; start += batch) {
    const auto end = std::min(count, start + batch);
    run.database.write([&](Transaction& tx) {
      for (auto i = start; i < end; ++i) act(tx, i);
    });
    if (run.say) run.say(what, static_cast<std::int64_t>(end), static_cast<std::int64_t>(count));
  }
}

void load_bench_data(Database& database, const Site& site, int clients, const BenchProgress& say,
                     int replies) {
  const auto now = database.clock().now();
  BenchRun run{database, site, say, site.zone.date(now), now, {}, {}, replies};
  std::vector<std::int64_t> services;
  database.write([&](Transaction& tx) {
    if (tx.require(count_users).number("found") > 0)
      throw Refused("somebody is in this database already: bench data goes into an empty one");
    run.people = insert_staff(tx);
    services = insert_services(tx, site.currency);
  });
  for (int number = 1; number <= clients; ++number) {
    const auto day = static_cast<unsigned>(1 + pick(static_cast<std::uint64_t>(number), 28));
    run.clients.push_back({.number = number, .start = start_on(run.today, day), .orders = {}});
  }
  load_clients(run, services);
  load_bench_tickets(run);
  tidy_search_index(database);
  load_bench_invoices(run);
}

}  // namespace cstims
