// What stands beside a ticket for staff: the service, what the client owes, related tickets, and
// the forms that put tickets together.
#pragma once

#include "ticket/ticket_page.h"

namespace cstims {

/// In the facts; `facts` is their section.
void fill_side(Dictionary& facts, const TicketPage& page);
/// The section LINKS, for the helpdesk.
void fill_links(Dictionary& values, const TicketPage& page);
/// The section PRESENCE, for the helpdesk: who else is there.
void fill_presence(Dictionary& values, const TicketPage& page);
/// The section MEANWHILE when a reply was refused because others wrote: what they wrote.
void fill_meanwhile(Dictionary& values, const TicketPage& page);

}  // namespace cstims
