// Draws and stores documents of invoices while a billing run goes on: the run does not wait for
// them, and what is not drawn when it ends badly is drawn when somebody asks for it.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "invoice/invoice_document.h"

namespace cstims {

class DocumentPress {
 public:
  explicit DocumentPress(const DocumentParts& parts) : parts_(parts) {}
  ~DocumentPress() { stop(); }
  DocumentPress(const DocumentPress&) = delete;
  DocumentPress& operator=(const DocumentPress&) = delete;

  /// Waits while too many are under way.
  void add(const std::vector<InvoiceId>& invoices);
  /// Waits for all; returns what failed.
  std::vector<std::string> finish();

 private:
  static constexpr std::size_t threads = 2;
  static constexpr std::size_t drawn_at_once = 25;
  static constexpr std::size_t most_waiting = 400;

  void work();
  std::vector<InvoiceId> take();
  void draw(const std::vector<InvoiceId>& invoices);
  void stop();

  DocumentParts parts_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<InvoiceId> waiting_;
  bool finishing_ = false;
  std::vector<std::string> faults_;
  std::vector<std::thread> workers_;
};

}  // namespace cstims
