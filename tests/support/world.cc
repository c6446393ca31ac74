#include "support/world.h"

namespace cstims::test {

namespace {

constexpr Statement select_mails{"mails of the outbox", R"(
  select kind, event, recipient, recipient_name, from_name, subject, body_text, body_html, headers,
    documents, ticket_id
  from outbox
  order by id)"};

constexpr Statement delete_attempts{"forget attempts", "delete from outbox_attempts"};
constexpr Statement delete_mails{"forget mails", "delete from outbox"};

EmailAddress address(std::string_view text) {
  return EmailAddress::parse(text).value();
}

QueuedMail mail_of(const Row& row) {
  return {row.text("kind"),
          row.text("event"),
          row.text("recipient"),
          row.text("recipient_name"),
          row.text("from_name"),
          row.text("subject"),
          row.text("body_text"),
          row.text("body_html"),
          row.text("headers"),
          row.text("documents"),
          row.maybe_id<struct Ticket>("ticket_id")};
}

}  // namespace

Site site_of_tests() {
  return {
      .name = "ARFNET",
      .url = "http://portal.example.test",
      .tagline = "Client, Service, Ticket and Invoice Management",
      .locale = "en",
      .zone = madrid(),
      .currency = Currency::eur(),
      .mail_from = address("portal@example.test"),
      .mail_admin = address("admin@arf20.com"),
      .mail_helpdesk = address("helpdesk@arf20.com"),
      .mail_accounting = address("accounting@arf20.com"),
      .seller = "ARFNET\nCalle Mayor 1\n28013 Madrid\nES B12345678",
      .payment_text = "Bank transfer to ES91 2100 0418 4502 0005 1332",
      .due_days = 14,
      .lead_days = 0,
      .tax_rate = TaxRate::basis_points(2100),
      .number_format = "{series}{year}-{number:6}",
  };
}

World::World(Engine engine)
    : own_(engine),
      clock_(Instant::stored("2026-03-10T09:00:00Z")),
      site_(site_of_tests()),
      database_({own_.url(), 4, false}, clock_, madrid()) {}

World::~World() = default;

std::vector<QueuedMail> World::mails() {
  return database_.read([](Transaction& tx) {
    std::vector<QueuedMail> mails;
    tx.each(select_mails, {}, [&](const Row& row) { mails.push_back(mail_of(row)); });
    return mails;
  });
}

void World::clear_mails() {
  database_.write([](Transaction& tx) {
    tx.execute(delete_attempts);
    tx.execute(delete_mails);
  });
}

bool add_database_sentence(const char* suite, const std::string& name, const char* file, int line,
                           void (*body)(World&)) {
  const auto add = [&](const char* engine_name, Engine engine) {
    add_sentence(suite, name + " (" + engine_name + ")", file, line, [body, engine] {
      World world(engine);
      body(world);
    });
  };
  add("sqlite", Engine::sqlite);
  if (has_postgresql()) add("postgresql", Engine::postgresql);
  return true;
}

}  // namespace cstims::test
