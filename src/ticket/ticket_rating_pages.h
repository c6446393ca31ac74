// The page behind the link of a closing mail. Looking changes nothing: programs that scan mail
// follow every link.
#pragma once

#include "http/context.h"
#include "ticket/ticket_rating.h"

namespace cstims {

Response show_rating(Context& context);    // GET /ratings/{rating}?answer=good
Response create_rating(Context& context);  // POST /ratings/{rating}

/// Fills the section RATED of a ticket's page for staff, if the client said something.
void fill_rating(Dictionary& values, const std::optional<Rating>& rating);

}  // namespace cstims
