#include "invoice/simulated_view.h"

namespace cstims {

namespace {

void fill_line(Dictionary row, const InvoiceLine& line, const Renderer& renderer) {
  row.set("DESCRIPTION", line.description);
  row.set("NET", line.net);
  row.set("WHY", line.explanation);
  row.set("RATE", line.tax_rate.text());
  if (!line.period) return;
  row.section("PERIODIC")
      .set("PERIOD",
           renderer.show(line.period->start) + " – " + renderer.show(line.period->last()));
}

}  // namespace

void fill_simulated(Dictionary& page, std::string_view name,
                    const std::vector<SimulatedInvoice>& invoices, const Renderer& renderer,
                    bool with_clients) {
  if (invoices.empty()) return;
  Dictionary values = page.include(name, "invoice/_simulated.html");
  values.show("HEADS", with_clients);
  for (const auto& invoice : invoices) {
    Dictionary row = values.section("INVOICES");
    row.set("DATE", invoice.issue_date);
    row.set("DUE", invoice.due_date);
    row.set("NET", invoice.sums.net);
    row.set("TOTAL", invoice.sums.total);
    if (with_clients) row.section("OF_CLIENT").set("CLIENT", invoice.client_name);
    for (const auto& line : invoice.lines) fill_line(row.section("LINES"), line, renderer);
  }
}

}  // namespace cstims
