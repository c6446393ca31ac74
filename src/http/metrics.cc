#include "http/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>

namespace cstims {
namespace {

constexpr Statement database_answers{"database answers", "select 1 as one"};

void describe(std::string& text, std::string_view name, std::string_view kind,
              std::string_view help) {
  fmt::format_to(std::back_inserter(text), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, kind);
}

}  // namespace

void Metrics::count_request(int status, std::chrono::microseconds duration) {
  const auto index = static_cast<std::size_t>(std::clamp(status / 100, 0, 5));
  by_class_[index].fetch_add(1, std::memory_order_relaxed);
  const auto bound = std::ranges::find_if(bounds_milliseconds, [&](int milliseconds) {
    return duration <= std::chrono::milliseconds(milliseconds);
  });
  const auto bucket = static_cast<std::size_t>(bound - bounds_milliseconds.begin());
  buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
  microseconds_.fetch_add(static_cast<std::uint64_t>(duration.count()), std::memory_order_relaxed);
}

void Metrics::add_gauge(std::string name, std::string help, std::function<std::int64_t()> read) {
  const std::lock_guard lock(gauges_mutex_);
  gauges_.push_back({std::move(name), std::move(help), std::move(read)});
}

std::string Metrics::text() const {
  std::string text;
  const auto out = std::back_inserter(text);
  describe(text, "cstims_http_requests_total", "counter", "Requests answered, by class of status.");
  for (std::size_t i = 1; i < by_class_.size(); ++i) {
    fmt::format_to(out, "cstims_http_requests_total{{class=\"{}xx\"}} {}\n", i,
                   by_class_[i].load(std::memory_order_relaxed));
  }
  describe(text, "cstims_http_request_seconds", "histogram",
           "From the complete request to the finished answer.");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    sum += buckets_[i].load(std::memory_order_relaxed);
    const bool last = i == bounds_milliseconds.size();
    const std::string bound = last ? "+Inf" : fmt::format("{}", bounds_milliseconds[i] / 1000.0);
    fmt::format_to(out, "cstims_http_request_seconds_bucket{{le=\"{}\"}} {}\n", bound, sum);
  }
  const auto microseconds = microseconds_.load(std::memory_order_relaxed);
  fmt::format_to(out, "cstims_http_request_seconds_sum {}.{:06}\n", microseconds / 1'000'000,
                 microseconds % 1'000'000);
  fmt::format_to(out, "cstims_http_request_seconds_count {}\n", sum);
  describe(text, "cstims_http_rejected_total", "counter",
           "Requests answered 503 because too many were waiting.");
  fmt::format_to(out, "cstims_http_rejected_total {}\n", rejected_.load());
  describe(text, "cstims_http_connections", "gauge", "Open connections.");
  fmt::format_to(out, "cstims_http_connections {}\n", connections.load());
  describe(text, "cstims_http_queued", "gauge", "Requests waiting for a worker.");
  fmt::format_to(out, "cstims_http_queued {}\n", queued.load());
  const std::lock_guard lock(gauges_mutex_);
  for (const Gauge& gauge : gauges_) {
    describe(text, gauge.name, "gauge", gauge.help);
    fmt::format_to(out, "{} {}\n", gauge.name, gauge.read());
  }
  return text;
}

Response show_health(Context& context) {
  const Metrics* metrics = context.services.metrics;
  if (metrics != nullptr && metrics->draining) return Response::text("stopping\n", 503);
  try {
    context.database().read([](Transaction& tx) { tx.require(database_answers); });
  } catch (const Failure&) {
    return Response::text("the database does not answer\n", 503);
  }
  return Response::text("ok\n");
}

Response show_metrics(Context& context) {
  const Metrics* metrics = context.services.metrics;
  if (metrics == nullptr) throw NotFound("no metrics here");
  Response response = Response::text(metrics->text());
  response.headers.clear();
  response.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  return response;
}

}  // namespace cstims
