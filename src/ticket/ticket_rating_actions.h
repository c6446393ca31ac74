// Rating how a ticket was closed.
#pragma once

#include "mail/outbox.h"
#include "ticket/ticket_rating.h"

namespace cstims {

/// By whoever holds the code: it was mailed to the client alone. Throws NotFound for any other.
/// Refused when the first answer is too old to be changed.
Result<void> rate_closing(Act& act, std::string_view code, const NewRating& rating);

/// For the client's mail about a closing: "https://…/ratings/12.34.CODE".
std::string rating_address(Act& act, const Closing& closing);

}  // namespace cstims
