// The helpdesk's home: /helpdesk and the searches saved there.
#pragma once

#include "http/context.h"

namespace cstims {

Response show_helpdesk(Context& context);
Response create_ticket_filter(Context& context);
Response delete_ticket_filter(Context& context);

}  // namespace cstims
