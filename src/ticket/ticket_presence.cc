#include "ticket/ticket_presence.h"

#include "base/failure.h"

namespace cstims {
namespace {

constexpr std::chrono::seconds lasts{45};

constexpr Statement list_people_present{"people at a ticket", R"(
  select users.username, ticket_presence.writing
  from ticket_presence
  join users on users.id = ticket_presence.user_id
  where ticket_presence.ticket_id = :ticket
    and ticket_presence.seen_at > :since
    and ticket_presence.user_id <> :viewer
  order by users.username)"};
constexpr Statement upsert_presence{"be at a ticket", R"(
  insert into ticket_presence (ticket_id, user_id, writing, seen_at)
  values (:ticket, :user, :writing, :now)
  on conflict (ticket_id, user_id) do update
  set writing = excluded.writing, seen_at = excluded.seen_at)"};
constexpr Statement forget_presence{"forget who was at a ticket", R"(
  delete from ticket_presence
  where ticket_id = :ticket
    and seen_at <= :since)"};

Result<bool> parse_presence(const FormData& form) {
  FormReader reader(form);
  const bool writing = reader.checked("writing");
  return reader.finish(writing);
}

}  // namespace

std::vector<PresentPerson> list_present(Transaction& tx, const Viewer& viewer, TicketId ticket) {
  std::vector<PresentPerson> people;
  if (!viewer.is_helpdesk()) return people;
  for (const Row& row :
       tx.select(list_people_present, {{"ticket", ticket},
                                       {"since", tx.now().plus(-lasts)},
                                       {"viewer", viewer.user ? viewer.user->number() : 0}})) {
    people.push_back({row.text("username"), row.flag("writing")});
  }
  return people;
}

void note_presence(Act& act, TicketId id, bool writing) {
  const auto ticket = require_ticket(act.tx, act.viewer, follow_merged(act.tx, id));
  if (!act.viewer.is_helpdesk()) throw Forbidden("only the helpdesk is seen at tickets");
  act.tx.execute(forget_presence, {{"ticket", ticket.id}, {"since", act.tx.now().plus(-lasts)}});
  act.tx.execute(upsert_presence, {{"ticket", ticket.id},
                                   {"user", act.viewer.require_user()},
                                   {"writing", writing},
                                   {"now", act.tx.now()}});
}

Message shown(const PresentPerson& person) {
  return person.writing ? message("{} is replying.", {person.name})
                        : message("{} is looking at it.", {person.name});
}

Response create_presence(Context& context) {
  const auto id = context.request.path_id<Ticket>();
  const auto writing = parse_presence(context.request.form);
  const auto people = context.act([&](Act& act) {
    note_presence(act, id, writing.value_or(false));
    return list_present(act.tx, act.viewer, follow_merged(act.tx, id));
  });
  std::string told;
  for (const auto& person : people) {
    told += context.services.renderer.translate(shown(person)) + "\n";
  }
  return Response::text(told);
}

}  // namespace cstims
