#include "order/order.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cstims {
namespace {

constexpr std::size_t longest_name = 100;
constexpr std::size_t longest_text = 10'000;
constexpr std::size_t longest_reason = 500;
constexpr std::size_t longest_public_reason = 150;  // it stands on rectifying invoices too
constexpr std::size_t longest_coupon = 40;
constexpr int most_of_a_service = 10'000;
constexpr std::string_view option_prefix = "option.";

struct StatusFacts {
  OrderStatus status;
  std::string_view text;
  std::string_view tone;
};

constexpr std::array statuses = {
    StatusFacts{OrderStatus::setting_up, "setting up", "info"},
    StatusFacts{OrderStatus::active, "active", "success"},
    StatusFacts{OrderStatus::suspended, "suspended", "warning"},
    StatusFacts{OrderStatus::ended, "ended", "secondary"},
};

const StatusFacts& facts(OrderStatus status) {
  return statuses.at(static_cast<std::size_t>(status));
}

void refuse_with(FormReader& reader, const Refusal& refusal) {
  for (const auto& item : refusal.items) reader.refuse(item.field, item.message);
}

std::optional<Cycle> read_period(FormReader& reader) {
  const auto typed = reader.line("period", {});
  if (typed.empty()) return std::nullopt;
  const auto cycle = parse_cycle(typed);
  if (!cycle) reader.refuse("period", message("Choose one of the list."));
  return cycle;
}

std::optional<ResolvedTerm> read_billing(FormReader& reader, Currency currency) {
  const auto typed = reader.line("billing", {.longest = BillingTerm::longest});
  if (typed.empty()) return std::nullopt;
  auto term = ResolvedTerm::parse(typed, currency);
  if (term) return *term;
  refuse_with(reader, term.error());
  return std::nullopt;
}

std::optional<ServiceOptions> read_options(FormReader& reader, const FormData& form) {
  const auto typed = reader.lines("options", {.longest = 4000});
  if (!form.find("options")) return std::nullopt;
  auto options = ServiceOptions::parse(typed);
  if (!options) {
    refuse_with(reader, options.error());
    return std::nullopt;
  }
  for (const auto& option : options->list()) {
    if (option.values.size() == 1) continue;
    reader.refuse("options",
                  message("An order has one value of each option: {} has several.", {option.key}));
  }
  return *options;
}

/// Within the bounds; absent when nothing was typed.
std::optional<int> read_number(FormReader& reader, std::string_view field, int least, int most) {
  const auto typed = reader.number(field, false);
  if (!typed) return std::nullopt;
  if (*typed < least || *typed > most) {
    reader.refuse(
        field, message("A number from {} to {}.", {std::to_string(least), std::to_string(most)}));
    return least;
  }
  return static_cast<int>(*typed);
}

/// What an order has beside its price: fields that an older form does not know are left alone.
void read_billing_rules(FormReader& reader, const FormData& form, OrderEdit& edit) {
  edit.quantity = read_number(reader, "quantity", 1, most_of_a_service);
  edit.changes_anchor = form.find("anchor_day") != nullptr;
  if (const auto day = read_number(reader, "anchor_day", 1, 31)) {
    edit.anchor_day = static_cast<unsigned>(*day);
  }
  edit.trial_days = read_number(reader, "trial_days", 0, 366);
  const auto suspended = reader.choice("suspended_days", {"billed", "free"}, false);
  if (!suspended.empty()) edit.bills_suspended = suspended == "billed";
  const auto coupon = reader.line("coupon", {.longest = longest_coupon});
  if (form.find("coupon")) edit.coupon = coupon_code(coupon);
}

}  // namespace

std::vector<std::string> order_status_names() {
  std::vector<std::string> names;
  for (const auto& status : statuses) names.emplace_back(status.text);
  return names;
}

std::string_view text(OrderStatus status) {
  return facts(status).text;
}

std::string_view tone(OrderStatus status) {
  return facts(status).tone;
}

std::optional<OrderStatus> parse_order_status(std::string_view text) {
  const auto found = std::ranges::find(statuses, text, &StatusFacts::text);
  return found == statuses.end() ? std::nullopt : std::optional(found->status);
}

Message shown(OrderStatus status) {
  switch (status) {
    case OrderStatus::setting_up:
      return message("setting up");
    case OrderStatus::active:
      return message("active");
    case OrderStatus::suspended:
      return message("suspended");
    case OrderStatus::ended:
      return message("ended");
  }
  return {};
}

bool may_become(OrderStatus from, OrderStatus to) {
  switch (from) {
    case OrderStatus::setting_up:
      return to == OrderStatus::active || to == OrderStatus::ended;
    case OrderStatus::active:
      return to == OrderStatus::suspended || to == OrderStatus::ended;
    case OrderStatus::suspended:
      return to == OrderStatus::active || to == OrderStatus::ended;
    case OrderStatus::ended:
      return false;
  }
  return false;
}

std::optional<BillingPlan> Order::plan() const {
  if (!activated_on) return std::nullopt;
  return BillingPlan{.name = "order " + id.text(),
                     .activated_on = *activated_on,
                     .ends_on = ends_on,
                     .terms = terms,
                     .trial_days = trial_days,
                     .anchor_day = anchor_day,
                     .discount = discount};
}

Message shown(const OrderEvent& event) {
  if (event.event == "placed") return message("Ordered");
  if (event.event == "active")
    return message("Active since {}", {show(Date::stored(event.detail))});
  if (event.event == "suspended") return message("Suspended");
  if (event.event == "ended") return message("Ended");
  if (event.event == "ending") return message("Will end on {}", {show(Date::stored(event.detail))});
  if (event.event == "continued") return message("Will not end");
  if (event.event == "billing") return message("Price: {}", {event.detail});
  return message("Changed: {}", {event.detail});
}

Result<NewOrder> parse_new_order(const FormData& form) {
  FormReader reader(form);
  NewOrder order{.service = reader.id<Service>("service", true).value_or(ServiceId(0)),
                 .name = reader.line("name", {.required = true, .longest = longest_name}),
                 .period = read_period(reader),
                 .options = {},
                 .comments = reader.lines("comments", {.longest = longest_text}),
                 .coupon = reader.line("coupon", {.longest = longest_coupon})};
  for (const auto& name : reader.names(option_prefix)) {
    order.options.emplace(name.substr(option_prefix.size()), form.value(name));
  }
  return reader.finish(std::move(order));
}

NewOrder read_choice(const QueryFields& fields) {
  NewOrder choice{.service = ServiceId(0), .name = {}, .period = {}, .options = {}, .comments = {}};
  for (const auto& [name, value] : fields) {
    if (name == "service") choice.service = Id<Service>::parse(value).value_or(ServiceId(0));
    if (name == "period") choice.period = parse_cycle(value);
    if (name == "coupon") choice.coupon = value.substr(0, longest_coupon);
    if (name.starts_with(option_prefix)) {
      choice.options.emplace(name.substr(option_prefix.size()), value);
    }
  }
  return choice;
}

Result<PricedChoice> price_choice(const Service& service, const NewOrder& choice) {
  const auto options = service.options.choose(choice.options);
  if (!options) return std::unexpected(options.error());
  const auto term = service.billing.resolve(choice.period, options->values());
  if (!term) return std::unexpected(term.error());
  return PricedChoice{*term, *options};
}

Result<OrderEdit> parse_order_edit(const FormData& form, Currency currency) {
  FormReader reader(form);
  const auto client = reader.id<User>("client", true);
  const auto service = reader.id<Service>("service", true);
  if (!client && form.find("client")) reader.refuse("client", message("Choose one of the list."));
  OrderEdit edit{.client = client.value_or(UserId(0)),
                 .service = service.value_or(ServiceId(0)),
                 .name = reader.line("name", {.required = true, .longest = longest_name}),
                 .billing = read_billing(reader, currency),
                 .status = parse_order_status(reader.choice("status", order_status_names(), true))
                               .value_or(OrderStatus::setting_up),
                 .comments = reader.lines("comments", {.longest = longest_text}),
                 .notes = reader.lines("notes", {.longest = longest_text}),
                 .options = read_options(reader, form),
                 .activated_on = reader.date("activated_on", false),
                 .changes_end = form.find("ends_on") != nullptr,
                 .ends_on = reader.date("ends_on", false),
                 .reason = reader.line("reason", {.longest = longest_reason})};
  read_billing_rules(reader, form, edit);
  return reader.finish(std::move(edit));
}

Result<TermsChange> parse_terms_change(const FormData& form, Currency currency) {
  FormReader reader(form);
  TermsChange change{.billing = read_billing(reader, currency),
                     .options = read_options(reader, form),
                     .quantity = read_number(reader, "quantity", 1, most_of_a_service),
                     .from = reader.date("from", false),
                     .reason = reader.line("reason", {.longest = longest_public_reason})};
  return reader.finish(std::move(change));
}

Result<OrderEnd> parse_order_end(const FormData& form) {
  FormReader reader(form);
  OrderEnd end{.on = reader.date("on", false),
               .gives_back = reader.checked("gives_back"),
               .reason = reader.line("reason", {.longest = longest_public_reason})};
  return reader.finish(std::move(end));
}

Result<EndingRequest> parse_ending(const FormData& form) {
  FormReader reader(form);
  const auto when = reader.choice("when", {"period_end", "at_once"}, false);
  const auto reason = reader.line("reason", {.longest = longest_reason});
  return reader.finish(EndingRequest{.at_once = when == "at_once", .reason = reason});
}

}  // namespace cstims
