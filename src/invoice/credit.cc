#include "invoice/credit.h"

#include <fmt/format.h>

#include "base/failure.h"

namespace cstims {

std::string_view text(CreditReason why) {
  switch (why) {
    case CreditReason::left_over:
      return "left over";
    case CreditReason::rectified:
      return "rectified";
    case CreditReason::freed:
      return "freed";
    case CreditReason::used:
      return "used";
    case CreditReason::reversed:
      return "reversed";
    case CreditReason::refunded:
      return "refunded";
    case CreditReason::refund_undone:
      return "refund undone";
  }
  return {};
}

CreditReason stored_credit_reason(std::string_view stored) {
  using enum CreditReason;
  for (const auto why : {left_over, rectified, freed, used, reversed, refunded, refund_undone}) {
    if (text(why) == stored) return why;
  }
  throw DatabaseError(fmt::format("'{}' is no reason of credit", stored));
}

Message shown(CreditReason why) {
  switch (why) {
    case CreditReason::left_over:
      return message("Left over from a payment");
    case CreditReason::rectified:
      return message("An invoice was rectified");
    case CreditReason::freed:
      return message("Taken off an invoice");
    case CreditReason::used:
      return message("Used for an invoice");
    case CreditReason::reversed:
      return message("Its payment was reversed");
    case CreditReason::refunded:
      return message("Paid back");
    case CreditReason::refund_undone:
      return message("Paying back was undone");
  }
  return {};
}

}  // namespace cstims
