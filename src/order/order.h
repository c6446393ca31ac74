// A client's instance of a service: what was chosen, what it costs, since when, until when. Types
// and rules; what is due when is service/billing_periods.h.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/form.h"
#include "base/id.h"
#include "base/listing.h"
#include "base/refusal.h"
#include "service/billing_periods.h"
#include "service/coupon.h"
#include "service/service.h"

namespace cstims {

/// setting up → active ⇄ suspended → ended; setting up and active may end too. Nothing leaves
/// ended.
enum class OrderStatus { setting_up, active, suspended, ended };

std::string_view text(OrderStatus status);  // "setting up" …
std::optional<OrderStatus> parse_order_status(std::string_view text);
std::vector<std::string> order_status_names();  // all, in order
Message shown(OrderStatus status);
/// Of its badge: info, success, warning, secondary.
std::string_view tone(OrderStatus status);
bool may_become(OrderStatus from, OrderStatus to);  // from == to: false

struct Order {
  OrderId id;
  ServiceId service;
  std::string service_name;
  std::string name;  // the client's name for it
  UserId client;
  std::string client_name;  // user name
  OrderStatus status = OrderStatus::setting_up;
  Instant ordered_at;
  std::vector<DatedTerm> terms;  // its prices, oldest first; never empty
  ServiceOptions options;        // what was chosen: one value each
  std::string comments;          // the client's
  std::string notes;             // the staff's; always empty for a client
  std::optional<Date> activated_on;
  std::optional<Date> ends_on;  // the first day that is not billed; may lie ahead
  std::optional<Date> next_due_on;
  std::optional<unsigned> anchor_day =
      {};                               // on which its periods begin; absent: on its first day's
  int trial_days = 0;                   // free, from activation on
  std::optional<CouponId> coupon = {};  // it was placed with, and what that gave
  std::optional<Discount> discount = {};
  bool bills_suspended = true;  // days of a suspension are billed, for it stays reserved

  const ResolvedTerm& billing() const { return terms.back().term; }
  int quantity() const { return terms.back().quantity; }
  /// "web (Small VPS)": for lists and select boxes.
  std::string label() const { return name + " (" + service_name + ")"; }
  /// What decides which periods are due; absent before activation.
  std::optional<BillingPlan> plan() const;
  bool has_ended() const { return status == OrderStatus::ended; }
};

/// A change of an order: what, when, by whom, why.
struct OrderEvent {
  Instant at;
  std::string user_name;  // empty: the program itself
  bool by_client = false;
  std::string
      event;  // 'placed' 'active' 'suspended' 'ended' 'ending' 'continued' 'billing' 'changed'
  std::string detail;  // a date, a term
  std::string reason;  // of the person
};
/// "Suspended", "Price: 5 €/mo → 6 €/mo from 1 Apr 2026".
Message shown(const OrderEvent& event);

/// /order: what a client orders. The price is nowhere in it.
struct NewOrder {
  ServiceId service;
  std::string name;
  std::optional<Cycle> period;
  std::map<std::string, std::string, std::less<>> options;  // by key, as chosen
  std::string comments;
  std::string coupon = {};  // a code, or empty
};
Result<NewOrder> parse_new_order(const FormData& form);
/// The same from an address or an unfinished form, for showing the price: nothing is refused,
/// unknown fields are ignored.
NewOrder read_choice(const QueryFields& fields);

/// What the choice costs: term and options as an order keeps them. Refuses fields "period" and
/// "option.KEY".
struct PricedChoice {
  ResolvedTerm term;
  ServiceOptions options;
};
Result<PricedChoice> price_choice(const Service& service, const NewOrder& choice);

/// /manageorders. What is absent from the form stays as it is; `billing` empty on a new order: the
/// service's own price.
struct OrderEdit {
  UserId client;
  ServiceId service;
  std::string name;
  std::optional<ResolvedTerm> billing;
  OrderStatus status = OrderStatus::setting_up;
  std::string comments;
  std::string notes;
  std::optional<ServiceOptions> options;
  std::optional<Date> activated_on;
  bool changes_end = false;  // the form said something about ends_on
  std::optional<Date> ends_on;
  std::string reason;  // of a change of status; the client reads it
  std::optional<int> quantity = {};
  bool changes_anchor = false;  // the form said something about anchor_day
  std::optional<unsigned> anchor_day = {};
  std::optional<int> trial_days = {};
  std::optional<bool> bills_suspended = {};
  std::optional<std::string> coupon = {};  // a code; empty: none any more
};
Result<OrderEdit> parse_order_edit(const FormData& form, Currency currency);

/// /manageorders/{order}/change: what a running order costs from a day on. Fields billing options
/// quantity from reason.
struct TermsChange {
  std::optional<ResolvedTerm> billing = {};  // absent, or as it is: what follows from the options
  std::optional<ServiceOptions> options = {};
  std::optional<int> quantity = {};
  std::optional<Date> from = {};  // absent: the next period that is not billed
  std::string reason = {};        // the client reads it
};
Result<TermsChange> parse_terms_change(const FormData& form, Currency currency);

/// Fields on gives_back reason: an admin ends an order on a day.
struct OrderEnd {
  std::optional<Date> on = {};  // absent: today; of an order that has ended its last day
  bool gives_back = false;      // what was billed for days from then on
  std::string reason = {};      // the client reads it
};
Result<OrderEnd> parse_order_end(const FormData& form);

/// How a client asks to end an order.
struct EndingRequest {
  bool at_once = false;  // else at the end of the paid period
  std::string reason;
};
Result<EndingRequest> parse_ending(const FormData& form);

}  // namespace cstims
