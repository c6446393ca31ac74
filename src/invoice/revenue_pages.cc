#include "invoice/revenue_pages.h"

#include <algorithm>

#include "html/chart_view.h"
#include "html/form_view.h"
#include "invoice/revenue.h"

namespace cstims {

namespace {

constexpr int months_shown = 12;
constexpr std::string_view path = "/accounting/revenue";

struct RevenuePage {
  static constexpr std::string_view view = "invoice/revenue.html";
  const Context& context;
  RevenueTable recurring;
  RevenueTable issued;
  std::vector<OrderMovement> orders;
  Message title() const { return message("Revenue"); }
};

std::string name_of(const ServiceAmounts& service, const Renderer& renderer) {
  return service.service ? service.name : renderer.translate(message("Other"));
}

std::int64_t minor_units(Currency currency) {
  std::int64_t unit = 1;
  for (int digit = 0; digit < currency.digits(); ++digit) unit *= 10;
  return unit;
}

std::vector<std::string> labels_of(const std::vector<Month>& months, const Renderer& renderer) {
  std::vector<std::string> labels;
  for (const auto& month : months) labels.push_back(renderer.translate(shown(month)));
  return labels;
}

/// The greatest services by name, the rest together.
std::vector<ChartSeries> series_of(const RevenueTable& table, const Renderer& renderer) {
  std::vector<ChartSeries> series;
  for (const auto& service : table.services) {
    const bool own = series.size() + 1 < chart_colours || table.services.size() <= chart_colours;
    if (own || series.size() < chart_colours) {
      series.push_back(
          {own ? name_of(service, renderer) : renderer.translate(message("All other services")),
           std::vector<std::int64_t>(table.months.size())});
    }
    auto& values = series.back().values;
    for (std::size_t n = 0; n < values.size(); ++n) values[n] += service.months[n].minor();
  }
  return series;
}

void fill_money_chart(Dictionary& values, std::string_view name, const RevenueTable& table,
                      const RevenuePage& page, Message title, Message description) {
  const auto& renderer = page.context.services.renderer;
  const Currency currency = page.context.site().currency;
  fill_chart(values, name,
             {.title = std::move(title),
              .description = std::move(description),
              .labels = labels_of(table.months, renderer),
              .series = series_of(table, renderer),
              .unit = minor_units(currency),
              .sign = std::string(currency.sign())});
}

/// Services down, the newest months across: what fits beside each other.
void fill_table(Dictionary& values, std::string_view name, const RevenueTable& table,
                const RevenuePage& page, Message caption) {
  constexpr std::size_t across = 4;
  const auto& renderer = page.context.services.renderer;
  const std::size_t from = table.months.size() - std::min(across, table.months.size());
  ListView list{.path = std::string(path),
                .empty = message("Nothing yet."),
                .columns = {{message("Service")}},
                .rows = {},
                .caption = std::move(caption),
                .plain = true};
  const auto add_row = [&](const std::string& label, const std::vector<Money>& amounts) {
    std::vector<Cell> row{{.text = label}};
    for (std::size_t n = from; n < amounts.size(); ++n) row.push_back({.text = amounts[n].show()});
    list.rows.push_back(std::move(row));
  };
  for (std::size_t n = from; n < table.months.size(); ++n) {
    list.columns.push_back({shown(table.months[n]), "", true});
  }
  for (const auto& service : table.services) add_row(name_of(service, renderer), service.months);
  if (table.services.size() > 1) {
    add_row(renderer.translate(message("All services")), table.totals);
  }
  fill_list(values, name, list);
}

void fill_orders(Dictionary& values, const RevenuePage& page) {
  const auto& renderer = page.context.services.renderer;
  ChartSeries begun{renderer.translate(message("New")), {}};
  ChartSeries ended{renderer.translate(message("Ended")), {}};
  ListView list{
      .path = std::string(path),
      .empty = message("No orders yet."),
      .columns = {{message("Month")}, {message("New"), "", true}, {message("Ended"), "", true}},
      .rows = {},
      .caption = message("Orders by month"),
      .plain = true};
  for (const auto& movement : page.orders) {
    begun.values.push_back(movement.begun);
    ended.values.push_back(-movement.ended);
    list.rows.insert(list.rows.begin(), {{.text = renderer.translate(shown(movement.month))},
                                         {.text = std::to_string(movement.begun)},
                                         {.text = std::to_string(movement.ended)}});
  }
  fill_chart(values, "ORDERS_CHART",
             {.title = message("New and ended orders by month"),
              .description = message("New orders stand above the line, ended ones hang below it; "
                                     "the table below has the figures."),
              .labels = labels_of(page.recurring.months, renderer),
              .series = {std::move(begun), std::move(ended)}});
  fill_list(values, "ORDERS", list);
}

void fill(Dictionary& values, const RevenuePage& page) {
  const Money now = page.recurring.totals.back();
  values.set("MRR", now);
  values.set("CHANGE", now - page.recurring.totals.at(page.recurring.totals.size() - 2));
  values.set("ISSUED", page.issued.totals.back());
  values.set("BEGUN", page.orders.back().begun);
  values.set("LOST", page.orders.back().ended);
  fill_money_chart(values, "RECURRING_CHART", page.recurring, page,
                   message("Recurring revenue by month and service"),
                   message("One bar a month, what active orders bring in a month, by service; the "
                           "table below has the figures."));
  fill_table(values, "RECURRING", page.recurring, page, message("Recurring revenue"));
  fill_money_chart(values, "ISSUED_CHART", page.issued, page,
                   message("Revenue by month and service"),
                   message("One bar a month, the net of issued invoices less rectifying ones, by "
                           "service; the table below has the figures."));
  fill_table(values, "ISSUED_TABLE", page.issued, page, message("Revenue"));
  fill_orders(values, page);
}

Response csv_of(const RevenuePage& page) {
  std::string file = csv_row({"month", "service", "recurring", "issued", "currency"});
  const auto& renderer = page.context.services.renderer;
  const auto add = [&](const RevenueTable& table, bool recurring) {
    for (const auto& service : table.services) {
      for (std::size_t n = 0; n < table.months.size(); ++n) {
        const auto amount = service.months[n].text();
        file +=
            csv_row({table.months[n].text(), name_of(service, renderer), recurring ? amount : "",
                     recurring ? "" : amount, std::string(page.context.site().currency.code())});
      }
    }
  };
  add(page.recurring, true);
  add(page.issued, false);
  return Response::csv("revenue.csv", std::move(file));
}

}  // namespace

Response show_revenue(Context& context) {
  const auto listing = parse_listing(context.request.query, {});
  const Currency currency = context.site().currency;
  const auto page = context.database().read([&](Transaction& tx) {
    const auto months = newest_months(tx.today(), months_shown);
    return RevenuePage{context, recurring_revenue(tx, months, currency),
                       issued_revenue(tx, months, currency), order_movements(tx, months)};
  });
  if (listing.csv) return csv_of(page);
  return render(context, page);
}

}  // namespace cstims
