// The references of bin/bench, in one process without a server: one bare select and render, and the
// drawing of PDFs alone.
//
//     reference_bench select-render DATABASE_URL SECONDS     pages a second
//     reference_bench pdf DATABASE_URL COUNT                 documents a second, each written to a
//     file, by two threads as the press of a billing run has
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <thread>

#include "app/settings.h"
#include "base/secret.h"
#include "db/database.h"
#include "html/form_view.h"
#include "html/renderer.h"
#include "invoice/invoice_document.h"

namespace cstims {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr Statement newest_orders{"reference: newest orders", R"(
  select id, name, status, billing, ordered_at
  from orders
  order by id desc
  limit 20)"};

constexpr Statement newest_invoices{"reference: newest invoices", R"(
  select id from invoices where status = 'issued' order by id desc limit :count)"};

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

double select_and_render(Database& database, const Renderer& renderer, double seconds) {
  const auto start = SteadyClock::now();
  long pages = 0;
  std::size_t bytes = 0;
  while (seconds_since(start) < seconds) {
    const auto rows = database.read([](Transaction& tx) { return tx.select(newest_orders); });
    ListView list{
        .path = "/",
        .empty = message("None"),
        .columns = {{message("Name")}, {message("State")}, {message("Term")}, {message("Since")}},
        .rows = {},
        .plain = true};
    for (const auto& row : rows) {
      list.rows.push_back({{.text = row.text("name"), .href = "/orders/" + row.text("id")},
                           {.text = row.text("status")},
                           {.text = row.text("billing")},
                           {.text = row.text("ordered_at")}});
    }
    bytes += renderer
                 .render("home/list.html",
                         [&](Dictionary& page) {
                           page.set("HEADING", "Orders");
                           fill_list(page, "LIST", list);
                         })
                 .size();
    ++pages;
  }
  if (bytes == 0) std::abort();
  return static_cast<double>(pages) / seconds_since(start);
}

double write_documents(const DocumentParts& parts, long count) {
  const auto folder = std::filesystem::temp_directory_path() / "cstims-reference";
  std::filesystem::create_directories(folder);
  const auto invoices = parts.database.read([&](Transaction& tx) {
    std::vector<PrintedInvoice> prints;
    for (const auto& row : tx.select(newest_invoices, {{"count", std::int64_t{count}}})) {
      prints.push_back(load_printed_invoice(tx, row.id<Invoice>("id")));
    }
    return prints;
  });
  const auto start = SteadyClock::now();
  std::atomic<std::size_t> next = 0;
  const auto draw = [&](const std::string& file) {
    for (auto i = next++; i < invoices.size(); i = next++) {
      std::ofstream(folder / file, std::ios::binary)
          << render_pdf(describe_invoice(invoices[i], parts));
    }
  };
  {
    const std::jthread one(draw, "one.pdf");
    const std::jthread other(draw, "other.pdf");
  }
  const double rate = static_cast<double>(invoices.size()) / seconds_since(start);
  std::filesystem::remove_all(folder);
  return rate;
}

}  // namespace
}  // namespace cstims

int main(int count, char** words) {
  using namespace cstims;
  if (count != 4) return 2;
  start_cryptography();
  static const RealClock clock;
  Database database({.url = words[2]}, clock, *TimeZone::find("Europe/Madrid"));
  const Renderer renderer({.locale = "en", .zone = *TimeZone::find("Europe/Madrid")});
  const std::string_view what = words[1];
  if (what == "pdf") {
    const Settings settings = Settings::load(std::nullopt, {}, {});
    const Site site = make_site(settings);
    fmt::print("{}\n", write_documents({database, renderer, site}, std::atol(words[3])));
  } else {
    fmt::print("{}\n", select_and_render(database, renderer, std::atof(words[3])));
  }
  return 0;
}
