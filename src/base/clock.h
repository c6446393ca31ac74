// The one clock. Only main makes a RealClock; tests set a FakeClock.
#pragma once

#include <atomic>

#include "base/date.h"

namespace cstims {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class RealClock : public Clock {
 public:
  Instant now() const override;
};

/// Stands still until told otherwise. Safe to set from another thread.
class FakeClock : public Clock {
 public:
  explicit FakeClock(Instant now) : seconds_(now.unix_seconds()) {}
  Instant now() const override { return Instant(seconds_.load()); }
  void set(Instant now) { seconds_.store(now.unix_seconds()); }
  void advance(std::chrono::seconds by) { seconds_.fetch_add(by.count()); }

 private:
  std::atomic<std::int64_t> seconds_;
};

}  // namespace cstims
