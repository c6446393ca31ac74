#include "invoice/document_press.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "pdf/pdf_document.h"

namespace cstims {

void DocumentPress::add(const std::vector<InvoiceId>& invoices) {
  if (invoices.empty()) return;
  std::unique_lock lock(mutex_);
  while (workers_.size() < threads) workers_.emplace_back([this] { work(); });
  changed_.wait(lock, [this] { return waiting_.size() < most_waiting; });
  waiting_.insert(waiting_.end(), invoices.begin(), invoices.end());
  changed_.notify_all();
}

std::vector<std::string> DocumentPress::finish() {
  stop();
  return std::exchange(faults_, {});
}

void DocumentPress::stop() {
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
    changed_.notify_all();
  }
  for (auto& worker : workers_) worker.join();
  workers_.clear();
}

void DocumentPress::work() {
  for (auto invoices = take(); !invoices.empty(); invoices = take()) {
    try {
      draw(invoices);
    } catch (const std::exception& error) {
      const std::lock_guard lock(mutex_);
      faults_.push_back(fmt::format("documents of invoices {} to {}: {}", invoices.front().number(),
                                    invoices.back().number(), error.what()));
    }
  }
}

std::vector<InvoiceId> DocumentPress::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return finishing_ || !waiting_.empty(); });
  const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), drawn_at_once));
  std::vector<InvoiceId> taken(waiting_.begin(), waiting_.begin() + count);
  waiting_.erase(waiting_.begin(), waiting_.begin() + count);
  changed_.notify_all();
  return taken;
}

void DocumentPress::draw(const std::vector<InvoiceId>& invoices) {
  const auto printed =
      parts_.database.read([&](Transaction& tx) { return load_printed_invoices(tx, invoices); });
  std::vector<DrawnDocument> drawn;
  for (const auto& one : printed) {
    drawn.push_back({one.invoice.id, render_pdf(describe_invoice(one, parts_))});
  }
  parts_.database.write([&](Transaction& tx) { store_documents(tx, drawn); });
}

}  // namespace cstims
