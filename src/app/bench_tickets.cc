#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/bench_data.h"
#include "ticket/ticket_store.h"

namespace cstims {

namespace {

constexpr int tickets_per_client = 5;
constexpr int days_back = 500;
constexpr int long_thread = 50;
constexpr int tickets_of_a_long_one = 20;  // so many for one with a long thread
constexpr int hosts = 5000;

constexpr std::array<std::string_view, 12> subjects{"Site is slow since this morning",
                                                    "Cannot connect by SSH",
                                                    "Certificate is about to expire",
                                                    "More disk space, please",
                                                    "Mail arrives late",
                                                    "How do I restore a backup?",
                                                    "Invoice with my tax number",
                                                    "Move to a larger plan",
                                                    "Database refuses connections",
                                                    "DNS change does not show",
                                                    "Please add a second domain",
                                                    "Error 502 after the update"};
constexpr std::array<std::string_view, 4> questions{
    "Hello,\n\nsince about an hour it does not work any more. I have not changed anything. What "
    "can I do?\n\nThanks",
    "Good morning,\n\ncould you have a look, please? It happens every few minutes.\n\nRegards",
    "I followed the guide up to step 4 and then nothing happened. A screenshot is not possible, "
    "the text "
    "is: connection timed out.",
    "Could this be done before Friday? It is not urgent, but we have a presentation then."};
constexpr std::array<std::string_view, 4> answers{
    "Hello,\n\nwe found a full disk on the machine and made room. It should work again; please "
    "tell us.\n\n"
    "Kind regards",
    "Thank you for telling us. We restarted the service and watch it for the rest of the day.",
    "Done. The change takes up to an hour to be seen everywhere.",
    "Could you tell us the address you connect from, and when you tried last?"};

constexpr Statement insert_ticket{"insert made-up ticket", R"(
  insert into tickets (client_id, order_id, subject, body, status, assignee_id, opened_at,
    last_entry_at, waiting_for, closed_at, closed_by, close_comment, priority, answered_at,
    paused_at, solution_due_at, due_at)
  values (:client, :order, :subject, :body, :status, :assignee, :opened_at,
    :last_entry_at, :waiting_for, :closed_at, :closed_by, :close_comment, :priority, :answered_at,
    :paused_at, :solution_due_at, :due_at)
  returning id)"};

constexpr Statement insert_entry{"insert made-up entry", R"(
  insert into ticket_entries (ticket_id, kind, author_id, by_staff, source, body, created_at)
  values (:ticket, :kind, :author, :by_staff, :source, :body, :at))"};

struct Opened {
  Instant at;
  const BenchClient* client;
  std::uint64_t seed;
};

struct Reply {
  bool by_staff;
  Instant at;
};

/// As many as all have on average, though some have very many and most have few.
int count_replies(const Opened& opened, int average) {
  if (average >= 3 && opened.seed % tickets_of_a_long_one == 0) return long_thread;
  const int others =
      average >= 3 ? (average * tickets_of_a_long_one - long_thread) / (tickets_of_a_long_one - 1)
                   : average;
  return pick(opened.seed + 1, 2 * std::max(others, 0) + 2);
}

/// Staff and client in turn, hours apart, none of them in the future.
std::vector<Reply> replies_to(const Opened& opened, Instant now, int average) {
  std::vector<Reply> replies;
  auto at = opened.at;
  const int count = count_replies(opened, average);
  for (int i = 0; i < count; ++i) {
    const int gap = count > 5 ? 600 : 3000;
    at = at.plus(std::chrono::minutes(20 + pick(opened.seed + 10 + static_cast<unsigned>(i), gap)));
    if (at > now) break;
    replies.push_back({i % 2 == 0, at});
  }
  return replies;
}

/// Old ones are closed but for a few, those of the last weeks half of them. Nobody closes what
/// nobody answered.
std::string_view status_of(const Opened& opened, const std::vector<Reply>& replies, Instant now) {
  const bool old = opened.at < now.plus(-std::chrono::hours(24 * 30));
  const int luck = pick(opened.seed + 2, 100);
  if (replies.empty() && !old) return "open";
  if (luck < (old ? 2 : 50)) return "open";
  return luck >= 92 ? "nofix" : "closed";
}

/// Some word in each text is rare, as names of machines are.
std::string written(std::string_view text, std::uint64_t seed) {
  return fmt::format("{}\n\nHost: node{}", text, pick(seed, hosts));
}

int priority_of(const Opened& opened) {
  const int luck = pick(opened.seed + 3, 100);
  if (luck < 5) return 4;
  if (luck < 20) return 3;
  return luck < 90 ? 2 : 1;
}

void insert_bench_ticket(Transaction& tx, const BenchRun& run, const Opened& opened) {
  const auto replies = replies_to(opened, run.now, run.replies);
  const auto status = status_of(opened, replies, run.now);
  const bool is_open = status == "open";
  const auto& client = *opened.client;
  const auto last = replies.empty() ? opened.at : replies.back().at;
  const auto somebody = run.people.helpdesk.at(opened.seed / 7 % run.people.helpdesk.size());
  const bool assigned = !is_open || !replies.empty();
  const auto closed_at = std::min(last.plus(std::chrono::hours(2)), run.now);
  const bool asked = !replies.empty() && replies.back().by_staff;
  const auto due = last.plus(std::chrono::hours(8 + pick(opened.seed + 4, 90)));
  const bool is_due = is_open && !asked;
  const auto& order = client.orders.at(opened.seed / 3 % client.orders.size());
  const auto ticket =
      tx.require(insert_ticket,
                 {{"client", client.user},
                  {"order", opened.seed % 4 == 0 ? Value() : Value(order.id)},
                  {"subject", subjects.at(opened.seed / 11 % subjects.size())},
                  {"body", written(questions.at(opened.seed / 13 % questions.size()), opened.seed)},
                  {"status", status},
                  {"assignee", assigned ? Value(somebody) : Value()},
                  {"opened_at", opened.at},
                  {"last_entry_at", last},
                  {"waiting_for", asked ? "client" : "staff"},
                  {"closed_at", is_open ? Value() : Value(closed_at)},
                  {"closed_by", is_open ? Value() : Value(somebody)},
                  {"close_comment", is_open ? "" : "Solved by us."},
                  {"priority", priority_of(opened)},
                  {"answered_at", replies.empty() ? Value() : Value(replies.front().at)},
                  {"paused_at", is_open && asked ? Value(last) : Value()},
                  {"solution_due_at", is_due ? Value(due) : Value()},
                  {"due_at", is_due ? Value(due) : Value(never_due)}})
          .number("id");
  auto seed = opened.seed;
  for (const auto& reply : replies) {
    const auto& texts = reply.by_staff ? answers : questions;
    seed = scrambled(seed);
    tx.execute(insert_entry, {{"ticket", ticket},
                              {"kind", "reply"},
                              {"author", reply.by_staff ? somebody : client.user},
                              {"by_staff", reply.by_staff},
                              {"source", reply.by_staff ? "web" : "mail"},
                              {"body", written(texts.at(seed / 17 % texts.size()), seed)},
                              {"at", reply.at}});
  }
}

}  // namespace

/// In the order in which they were opened, as in life: lists by id and lists by time look alike
/// then.
void load_bench_tickets(BenchRun& run) {
  std::vector<Opened> tickets;
  for (const auto& client : run.clients)
    for (unsigned i = 0; i < tickets_per_client; ++i) {
      const auto seed = scrambled(static_cast<std::uint64_t>(client.number) * 31 + i);
      const auto back = std::chrono::seconds(pick(seed, days_back * 86400));
      const auto oldest = run.site.zone.start_of(client.start).plus(std::chrono::hours(12));
      tickets.push_back({std::max(run.now.plus(-back), oldest), &client, seed});
    }
  std::stable_sort(tickets.begin(), tickets.end(),
                   [](const Opened& one, const Opened& two) { return one.at < two.at; });
  in_batches(run, "tickets", tickets.size(),
             [&](Transaction& tx, std::size_t i) { insert_bench_ticket(tx, run, tickets[i]); });
}

}  // namespace cstims
