// Words of staff at the very top of a mail that act on the ticket: #close, #nofix, #take, #note.
// Pure rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ticket/ticket.h"

namespace cstims {

struct StaffCommands {
  std::optional<TicketStatus> closes;  // closed or nofix
  bool takes = false;
  bool is_note = false;
  std::string
      unknown;       // the first word that is none of them: the mail is held, not sent to a client
  std::string text;  // without them
};

/// A command is a line of "#" and letters alone; the first other line ends them.
StaffCommands read_staff_commands(std::string_view text);

}  // namespace cstims
