// What the program counts about itself, shown at /metrics in Prometheus' text format.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "http/context.h"

namespace cstims {

/// Thread-safe.
class Metrics {
 public:
  void count_request(int status, std::chrono::microseconds duration);
  void count_rejected() { rejected_.fetch_add(1, std::memory_order_relaxed); }
  /// A number asked for when the page is read: "cstims_outbox_waiting". `read` must not throw.
  void add_gauge(std::string name, std::string help, std::function<std::int64_t()> read);
  std::string text() const;

  std::atomic<bool> draining = false;  // the server is stopping: /healthz answers 503
  std::atomic<std::int64_t> connections = 0;
  std::atomic<std::int64_t> queued = 0;

 private:
  static constexpr std::array<int, 11> bounds_milliseconds{1,   2,   5,    10,   20,   50,
                                                           100, 250, 1000, 2500, 10000};
  struct Gauge {
    std::string name;
    std::string help;
    std::function<std::int64_t()> read;
  };
  std::array<std::atomic<std::uint64_t>, 6> by_class_{};
  std::array<std::atomic<std::uint64_t>, bounds_milliseconds.size() + 1> buckets_{};
  std::atomic<std::uint64_t> microseconds_ = 0;
  std::atomic<std::uint64_t> rejected_ = 0;
  mutable std::mutex gauges_mutex_;
  std::vector<Gauge> gauges_;
};

/// GET /healthz, anyone: 200 when the database answers, 503 when it does not or when the server is
/// stopping.
Response show_health(Context& context);
/// GET /metrics, trusted_address.
Response show_metrics(Context& context);

}  // namespace cstims
