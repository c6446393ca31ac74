// Who of the staff is at a ticket right now, so that two do not answer at once. A browser that
// shows the ticket says so every 20 seconds; whoever has been silent for 45 is not there any more.
// Nothing is locked. Clients are neither seen nor told.
#pragma once

#include <string>
#include <vector>

#include "http/context.h"
#include "ticket/ticket_store.h"

namespace cstims {

struct PresentPerson {
  std::string name;
  bool writing;
};
/// Of the helpdesk, apart from `viewer`; by name.
std::vector<PresentPerson> list_present(Transaction& tx, const Viewer& viewer, TicketId ticket);
/// The viewer is there; who is long gone is forgotten. Others than the helpdesk: Forbidden.
void note_presence(Act& act, TicketId ticket, bool writing);

/// "grace is replying."
Message shown(const PresentPerson& person);

/// POST /tickets/{ticket}/presence, helpdesk: tells who else is there, a sentence a line.
Response create_presence(Context& context);

}  // namespace cstims
