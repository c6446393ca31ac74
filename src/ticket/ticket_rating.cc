#include "ticket/ticket_rating.h"

#include <fmt/format.h>

#include "base/secret.h"
#include "base/text.h"

namespace cstims {
namespace {

constexpr std::size_t code_bytes = 16;
constexpr std::size_t longest_comment = 2'000;

}  // namespace

std::string rating_code(std::string_view key, const Closing& closing) {
  const auto about = fmt::format("{}.{}", closing.ticket.number(), closing.event.number());
  const auto mac = hmac_sha256(key, "rating|v1|" + about);
  return about + "." + hex(mac.substr(0, code_bytes));
}

std::optional<Closing> read_rating_code(std::string_view key, std::string_view code) {
  const auto pieces = split(code, '.');
  if (pieces.size() != 3) return std::nullopt;
  const auto ticket = TicketId::parse(pieces[0]);
  const auto event = TicketEntryId::parse(pieces[1]);
  if (!ticket || !event) return std::nullopt;
  const Closing closing{*ticket, *event};
  if (!equal_in_constant_time(rating_code(key, closing), code)) return std::nullopt;
  return closing;
}

Result<NewRating> parse_rating(const FormData& form) {
  FormReader reader(form);
  NewRating rating{.good = reader.choice("answer", {"good", "bad"}, true) == "good",
                   .comment = reader.lines("comment", {.longest = longest_comment})};
  return reader.finish(std::move(rating));
}

bool may_change(const Rating& rating, Instant now) {
  return now <= rating.first_rated_at.plus(std::chrono::days(days_to_change_rating));
}

Message shown_rating(bool good) {
  return good ? message("Good") : message("Bad");
}

}  // namespace cstims
