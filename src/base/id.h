// Typed ids: passing an order's id where a ticket's is wanted does not compile.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cstims {

/// Digits only, 1 … 2^63-1: no sign, space, leading zero or exponent (one parser for every id from
/// outside).
std::optional<std::int64_t> parse_id_number(std::string_view text);

template <typename Noun>
class Id {
 public:
  constexpr explicit Id(std::int64_t number) : number_(number) {}
  static std::optional<Id> parse(std::string_view text) {
    const auto number = parse_id_number(text);
    return number ? std::optional<Id>(Id(*number)) : std::nullopt;
  }
  constexpr std::int64_t number() const { return number_; }
  std::string text() const { return std::to_string(number_); }
  constexpr auto operator<=>(const Id&) const = default;

 private:
  std::int64_t number_;
};

using UserId = Id<struct User>;
using ServiceId = Id<struct Service>;
using OrderId = Id<struct Order>;
using TicketId = Id<struct Ticket>;
using TicketEntryId = Id<struct TicketEntry>;
using AttachmentId = Id<struct Attachment>;
using InvoiceId = Id<struct Invoice>;
using PaymentId = Id<struct Payment>;
using MessageId = Id<struct OutboxMessage>;  // a row of the outbox, not the header field

}  // namespace cstims
