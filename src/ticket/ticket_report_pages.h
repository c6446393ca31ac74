// /helpdesk/report, for the helpdesk.
#pragma once

#include "http/context.h"

namespace cstims {

Response show_ticket_report(Context& context);  // GET /helpdesk/report?month=2026-11

}  // namespace cstims
