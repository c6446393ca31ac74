#include "base/clock.h"

namespace cstims {

Instant RealClock::now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return Instant(std::chrono::floor<std::chrono::seconds>(since_epoch).count());
}

}  // namespace cstims
