#include "ticket/ticket_rating_actions.h"

#include "base/failure.h"
#include "ticket/ticket_rating_store.h"

namespace cstims {

Result<void> rate_closing(Act& act, std::string_view code, const NewRating& rating) {
  const auto closing = find_closing(act.tx, code);
  if (!closing) throw NotFound("no such rating");
  const auto before = find_rating(act.tx, *closing);
  if (before && !may_change(*before, act.tx.now())) {
    return refuse("", message("You answered more than {} days ago; thank you, that answer stays.",
                              {std::to_string(days_to_change_rating)}));
  }
  put_rating(act.tx, *closing, rating);
  return {};
}

std::string rating_address(Act& act, const Closing& closing) {
  return act.site.url + "/ratings/" + rating_code(require_rating_key(act.tx), closing);
}

}  // namespace cstims
