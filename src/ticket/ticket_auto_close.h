// Tickets whose client does not answer: told once, then closed. Only open tickets that wait for the
// client, only where `Site::silence` says so; whatever anybody writes begins the wait anew.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mail/outbox.h"
#include "ticket/ticket.h"

namespace cstims {

struct SilenceRun {
  int warned = 0;
  int closed = 0;
  std::vector<std::string> faults;  // "ticket 12: why", for the log; no other ticket suffers
};
/// As the system. Safe to run twice, late, and by two at once: each ticket is taken by a guarded
/// update in the transaction that tells or closes.
SilenceRun attend_silent_tickets(Database& database, const Mailer& mailer, const Site& site);

}  // namespace cstims
