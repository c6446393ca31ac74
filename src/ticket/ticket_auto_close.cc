#include "ticket/ticket_auto_close.h"

#include <fmt/format.h>

#include "db/batches.h"
#include "ticket/ticket_actions.h"
#include "ticket/ticket_mails.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

constexpr int most_at_once = 10'000;  // the rest tomorrow
constexpr std::size_t tickets_of_batch = 20;

#define SILENT "status = 'open' and waiting_for = 'client'"
#define UNTOLD "(close_warned_at is null or close_warned_at < last_entry_at)"
#define TOLD "close_warned_at >= last_entry_at"

constexpr Statement list_untold{"silent tickets to warn", R"(
  select id
  from tickets
  where )" SILENT R"(
    and last_entry_at < :before
    and )" UNTOLD R"(
  order by last_entry_at, id
  limit :limit)"};

constexpr Statement list_told{"silent tickets to close", R"(
  select id
  from tickets
  where )" SILENT R"(
    and )" TOLD R"(
    and close_warned_at < :before
  order by last_entry_at, id
  limit :limit)"};

constexpr Statement take_untold{"warn of a silent ticket", R"(
  update tickets
  set close_warned_at = :now
  where id = :ticket
    and )" SILENT R"(
    and last_entry_at < :before
    and )" UNTOLD};

constexpr Statement untake{"do not warn of a silent ticket", R"(
  update tickets
  set close_warned_at = null
  where id = :ticket)"};

/// Changes nothing: it holds the row, so that an answer comes before or after the closing.
constexpr Statement take_told{"take a silent ticket", R"(
  update tickets
  set close_warned_at = close_warned_at
  where id = :ticket
    and )" SILENT R"(
    and )" TOLD R"(
    and close_warned_at < :before)"};

std::vector<TicketId> list(Database& database, const Statement& statement, Instant before) {
  return database.read([&](Transaction& tx) {
    std::vector<TicketId> tickets;
    for (const Row& row : tx.select(statement, {{"before", before}, {"limit", most_at_once}})) {
      tickets.push_back(row.id<Ticket>("id"));
    }
    return tickets;
  });
}

/// Days count whole: what happened on a day counts from the next midnight on.
Instant begin_of_wait(Transaction& tx, const Site& site, int days) {
  return site.zone.start_of(tx.today().plus_days(1 - days));
}

bool warn(Act& act, TicketId id, Instant before) {
  const Parameters parameters{{"ticket", id}, {"before", before}, {"now", act.tx.now()}};
  if (act.tx.execute(take_untold, parameters) == 0) return false;
  const auto ticket = require_ticket(act.tx, act.viewer, id);
  const Date last_day = act.tx.today().plus_days(act.site.silence.close_days);
  if (!queue_ticket_closing_soon(act, ticket, last_day)) {
    act.tx.execute(untake, {{"ticket", id}});  // nobody is closed who was not told
    return false;
  }
  insert_ticket_entry(act.tx, {.ticket = id,
                               .kind = EntryKind::event,
                               .author = std::nullopt,
                               .by_staff = true,
                               .source = EntrySource::system,
                               .body = EventText{TicketEvent::warned, last_day.text()}.body()});
  return true;
}

bool close(Act& act, TicketId id, Instant before) {
  if (act.tx.execute(take_told, {{"ticket", id}, {"before", before}}) == 0) return false;
  const int days = act.site.silence.warn_days.value_or(0) + act.site.silence.close_days;
  const auto comment = act.mailer.renderer.translate(
      message("There was no answer for {} days, so we take it that this is settled.",
              {std::to_string(days)}));
  return close_ticket(act, id, {.status = TicketStatus::closed, .comment = comment}).has_value();
}

}  // namespace

SilenceRun attend_silent_tickets(Database& database, const Mailer& mailer, const Site& site) {
  SilenceRun run;
  if (!site.silence.warn_days) return run;
  const Viewer system = Viewer::of_system("ticket-closing");
  const auto attend = [&](const Statement& statement, int days, auto verb, int& count) {
    const auto before =
        database.read([&](Transaction& tx) { return begin_of_wait(tx, site, days); });
    const auto tickets = list(database, statement, before);
    in_batches<TicketId>(
        database, tickets, tickets_of_batch,
        [&](Transaction& tx, TicketId ticket) {
          Act act{tx, system, mailer, site};
          return verb(act, ticket, before) ? 1 : 0;
        },
        [&](int done) { count += done; },
        [&](TicketId ticket, const std::exception& error) {
          run.faults.push_back(fmt::format("ticket {}: {}", ticket.number(), error.what()));
        });
  };
  attend(list_told, site.silence.close_days, close, run.closed);
  attend(list_untold, *site.silence.warn_days, warn, run.warned);
  return run;
}

}  // namespace cstims
