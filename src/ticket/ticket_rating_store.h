// Rows of ratings, and the key of their links.
#pragma once

#include <optional>
#include <string>

#include "db/database.h"
#include "ticket/ticket_rating.h"

namespace cstims {

/// Made when first asked for; raw bytes.
std::string require_rating_key(Transaction& tx);

/// What the code names, if it is good and the ticket is still there.
std::optional<Closing> find_closing(Transaction& tx, std::string_view code);

std::optional<Rating> find_rating(Transaction& tx, const Closing& closing);
/// Of the newest closing that was rated, of the ticket or of one that was merged into it.
std::optional<Rating> find_newest_rating(Transaction& tx, TicketId ticket);
void put_rating(Transaction& tx, const Closing& closing, const NewRating& rating);

}  // namespace cstims
