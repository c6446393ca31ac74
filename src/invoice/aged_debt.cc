#include "invoice/aged_debt.h"

#include "base/text.h"
#include "db/page_query.h"

namespace cstims {

namespace {

constexpr std::string_view rest = "(i.total - i.credited - i.paid)";

/// As the partial index invoices_unpaid has it.
constexpr std::string_view owed =
    " i.status = 'issued' and i.kind = 'ordinary' and i.total > i.paid + i.credited";

/// The bounds :d0, :d30, :d60 and :d90 are that many days before today.
std::string age_columns() {
  const auto part = [](std::string_view condition, std::string_view name) {
    return ", coalesce(sum(case when " + std::string(condition) + " then " + std::string(rest) +
           " else 0 end), 0) as " + std::string(name);
  };
  return part("i.due_date >= :d0", "age0") +
         part("i.due_date < :d0 and i.due_date >= :d30", "age1") +
         part("i.due_date < :d30 and i.due_date >= :d60", "age2") +
         part("i.due_date < :d60 and i.due_date >= :d90", "age3") +
         part("i.due_date < :d90", "age4") + ", coalesce(sum(" + std::string(rest) +
         "), 0) as total, count(*) as invoices";
}

Parameters bounds(Date today) {
  return {{"d0", today},
          {"d30", today.plus_days(-30)},
          {"d60", today.plus_days(-60)},
          {"d90", today.plus_days(-90)}};
}

constexpr std::array<std::string_view, debt_ages> age_names{"age0", "age1", "age2", "age3", "age4"};

void read_sums(const Row& row, Currency currency, ClientDebt& debt) {
  for (const auto name : age_names) debt.by_age.emplace_back(row.number(name), currency);
  debt.total = Money(row.number("total"), currency);
  debt.invoices = row.number("invoices");
}

std::string order_by(std::string_view sort) {
  if (sort == "client") return " order by u.username";
  if (sort == "-client") return " order by u.username desc";
  if (sort == "total") return " order by total, u.username";
  if (sort == "-age4") return " order by age4 desc, total desc, u.username";
  return " order by total desc, u.username";
}

}  // namespace

Message shown(DebtAge age) {
  switch (age) {
    case DebtAge::not_due:
      return message("Not due yet");
    case DebtAge::to_30:
      return message("1–30 days");
    case DebtAge::to_60:
      return message("31–60 days");
    case DebtAge::to_90:
      return message("61–90 days");
    case DebtAge::over_90:
      return message("Over 90 days");
  }
  return {};
}

DebtAge debt_age(Date due, Date today) {
  const int days = days_between(due, today);
  if (days <= 0) return DebtAge::not_due;
  if (days <= 30) return DebtAge::to_30;
  if (days <= 60) return DebtAge::to_60;
  return days <= 90 ? DebtAge::to_90 : DebtAge::over_90;
}

ListingRules aged_debt_rules() {
  return {.sorts = {"-total", "total", "client", "-client", "-age4"}, .filters = {}};
}

Page<ClientDebt> list_aged_debt(Transaction& tx, const Listing& listing, Currency currency) {
  std::string where = " from invoices i join users u on u.id = i.client_id where";
  where += owed;
  Parameters parameters = bounds(tx.today());
  if (!listing.search.empty()) {
    where +=
        " and (lower(u.username) like :search escape '\\'"
        " or lower(u.billing_name) like :search escape '\\')";
    parameters.push_back({"search", "%" + escape_like(lower_ascii(listing.search)) + "%"});
  }
  const std::string grouped = "select u.id, u.username, u.email" + age_columns() + where +
                              " group by u.id, u.username, u.email";
  const PageQuery query{"aged debt",
                        grouped + order_by(listing.sort) + " limit :limit offset :offset",
                        " from (" + grouped + ") as debts", parameters};
  return select_page(tx, listing, query, [&](const Row& row) {
    ClientDebt debt{.client = row.id<struct User>("id"),
                    .client_name = row.text("username"),
                    .email = row.text("email"),
                    .by_age = {},
                    .total = Money::zero(currency)};
    read_sums(row, currency, debt);
    return debt;
  });
}

ClientDebt sum_aged_debt(Transaction& tx, Currency currency) {
  static const std::string text =
      "select 0 as nobody" + age_columns() + " from invoices i where" + std::string(owed);
  ClientDebt debt{.client = UserId(0),
                  .client_name = {},
                  .email = {},
                  .by_age = {},
                  .total = Money::zero(currency)};
  read_sums(tx.select_built("aged debt: sums", text, bounds(tx.today())).at(0), currency, debt);
  return debt;
}

Page<OwedInvoice> list_owed_invoices(Transaction& tx, UserId client, const Listing& listing,
                                     Currency currency) {
  const std::string from = " from invoices i where i.client_id = :client and" + std::string(owed);
  const PageQuery query{"owed invoices",
                        "select i.id, i.number, i.issue_date, i.due_date, i.total, " +
                            std::string(rest) + " as rest" + from +
                            " order by i.due_date, i.id limit :limit offset :offset",
                        from,
                        {{"client", client}}};
  return select_page(tx, listing, query, [&](const Row& row) {
    return OwedInvoice{.id = row.id<struct Invoice>("id"),
                       .number = row.text("number"),
                       .issue_date = row.date("issue_date"),
                       .due_date = row.date("due_date"),
                       .total = Money(row.number("total"), currency),
                       .rest = Money(row.number("rest"), currency)};
  });
}

}  // namespace cstims
