#include "invoice/closed_period.h"

#include <array>

#include "base/failure.h"
#include "base/text.h"

namespace cstims {

namespace {

constexpr Statement newest_closed{"closed through", R"(
  select max(month) as month
  from closed_periods
  where reopened_at is null)"};

constexpr Statement select_closed{"closed periods", R"(
  select c.month, c.closed_at, coalesce(u.username, '') as closed_by, c.reopened_at,
    coalesce(r.username, '') as reopened_by, c.reason
  from closed_periods c
  left join users u on u.id = c.closed_by
  left join users r on r.id = c.reopened_by
  order by c.id desc)"};

constexpr Statement first_dates{"first dates of the books", R"(
  select (select min(issue_date) from invoices where issue_date is not null) as invoice,
         (select min(date) from payments) as payment)"};

constexpr Statement insert_closed{"close month", R"(
  insert into closed_periods (month, closed_at, closed_by)
  values (:month, :now, :user))"};

constexpr Statement reopen_closed{"reopen month", R"(
  update closed_periods
  set reopened_at = :now, reopened_by = :user, reason = :reason
  where month = :month
    and reopened_at is null)"};

// On PostgreSQL nobody issues or pays while a month is being closed: what was begun before ends
// first. SQLite has one writer at a time.
constexpr Statement lock_books{"lock the books", "select 1",
                               "lock table invoices, payments, closed_periods in exclusive mode"};

}  // namespace

Result<Month> Month::parse(std::string_view text) {
  const auto first = Date::parse(std::string(text) + "-01");
  if (text.size() != 7 || !first) return refuse("month", message("Write a month like 2026-02."));
  return Month::of(*first);
}

Message shown(const Month& month) {
  static const std::array names{message("Jan {}"), message("Feb {}"), message("Mar {}"),
                                message("Apr {}"), message("May {}"), message("Jun {}"),
                                message("Jul {}"), message("Aug {}"), message("Sep {}"),
                                message("Oct {}"), message("Nov {}"), message("Dec {}")};
  const Date first = month.first();
  return {names.at(first.month() - 1).text, {std::to_string(first.year())}};
}

std::optional<Month> closed_through(Transaction& tx) {
  const auto month = tx.require(newest_closed).maybe_text("month");
  return month ? std::optional(Month::parse(*month).value()) : std::nullopt;
}

std::vector<ClosedPeriod> list_closed_periods(Transaction& tx) {
  std::vector<ClosedPeriod> periods;
  for (const auto& row : tx.select(select_closed)) {
    periods.push_back({.month = Month::parse(row.text("month")).value(),
                       .closed_at = row.instant("closed_at"),
                       .closed_by = row.text("closed_by"),
                       .reopened_at = row.maybe_instant("reopened_at"),
                       .reopened_by = row.text("reopened_by"),
                       .reason = row.text("reason")});
  }
  return periods;
}

std::optional<Month> next_month_to_close(Transaction& tx) {
  std::optional<Month> month;
  if (const auto closed = closed_through(tx)) {
    month = closed->next();
  } else {
    const auto row = tx.require(first_dates);
    for (const auto* column : {"invoice", "payment"}) {
      const auto date = row.maybe_date(column);
      if (date && (!month || Month::of(*date) < *month)) month = Month::of(*date);
    }
  }
  return month && *month < Month::of(tx.today()) ? month : std::nullopt;
}

Result<void> check_open(Transaction& tx, std::string_view field, Date date) {
  const auto closed = closed_through(tx);
  if (!closed || Month::of(date) > *closed) return {};
  return refuse(field, message("{} is closed: nothing may be dated into it any more. The books are "
                               "closed up to {}.",
                               {Month::of(date).text(), closed->text()}));
}

Result<void> close_month(Act& act, const Month& month) {
  if (!act.viewer.is_accountant()) throw Forbidden("accountants and admins close months");
  act.tx.find(lock_books);
  if (month >= Month::of(act.tx.today())) {
    return refuse("", message("This month has not ended yet."));
  }
  const auto closed = closed_through(act.tx);
  if (closed && month <= *closed) return refuse("", message("This month is closed already."));
  act.tx.execute(insert_closed,
                 {{"month", month.text()}, {"now", act.tx.now()}, {"user", act.viewer.user}});
  return {};
}

Result<void> reopen_month(Act& act, const Month& month, const std::string& reason) {
  if (!act.viewer.is_admin()) throw Forbidden("admins reopen months");
  if (trim(reason).empty()) {
    return refuse("reason", message("Say why: the reason stays on record."));
  }
  const auto closed = closed_through(act.tx);
  if (!closed || month != *closed) {
    return refuse("", message("Only the newest closed month can be reopened."));
  }
  act.tx.execute(reopen_closed, {{"now", act.tx.now()},
                                 {"user", act.viewer.user},
                                 {"reason", trim(reason)},
                                 {"month", month.text()}});
  return {};
}

}  // namespace cstims
