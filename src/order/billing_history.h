// What was billed of an order and why, day after day: what its invoices say, what was given back,
// prices and pauses. Read from the tables of invoices by SQL, which lie above this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/viewer.h"
#include "db/database.h"
#include "html/renderer.h"
#include "order/order.h"

namespace cstims {

enum class HistoryKind { price, paused, resumed, billed, once, given_back };

struct HistoryEntry {
  HistoryKind kind;
  Date from;                      // the day it is about
  std::optional<Date> last = {};  // of days billed or given back
  std::optional<Money> net = {};  // below zero: given back
  std::optional<InvoiceId> invoice = {};
  std::string number = {};  // of that invoice
  std::string words = {};   // a price: "3 × 5 €/mo"
};
Message shown(HistoryKind kind);

struct BillingHistory {
  std::vector<HistoryEntry> entries;  // newest first
  Money billed;                       // of all of it, not only of those shown
  Money given_back;
  bool more = false;  // there are older ones
};

/// Who may see the order may see its issued invoices: its client and staff.
BillingHistory load_billing_history(Transaction& tx, const Order& order);

/// Fills `{{>NAME}}` with views/order/_billing_history.html, where anything was billed.
void fill_billing_history(Dictionary& values, std::string_view name, const BillingHistory& history,
                          const Renderer& renderer);

}  // namespace cstims
