#include "http/shared.h"

#include <fmt/format.h>

namespace cstims {

bool AddressCounter::enter(const std::string& network) {
  const std::lock_guard lock(mutex_);
  std::size_t& count = open_[network];
  if (count >= most_) return false;
  ++count;
  return true;
}

void AddressCounter::leave(const std::string& network) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(network);
  if (found != open_.end() && --found->second == 0) open_.erase(found);
}

std::string Shared::next_request_id() {
  return fmt::format("{}-{:x}", id_prefix, next_id.fetch_add(1, std::memory_order_relaxed));
}

}  // namespace cstims
