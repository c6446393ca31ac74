#include "db/connection_pool.h"

#include <algorithm>
#include <chrono>

#include "base/log.h"

namespace cstims {

namespace {

constexpr auto longest_wait = std::chrono::seconds(10);

}  // namespace

ConnectionPool::Lease ConnectionPool::take() {
  auto connection = wait_for_turn();
  if (!connection) connection = open_one();
  return Lease(*this, std::move(connection));
}

/// An idle connection, or null: one more may be opened (and is counted already).
std::unique_ptr<Connection> ConnectionPool::wait_for_turn() {
  const Place place;
  std::unique_lock lock(mutex_);
  line_.push_back(&place);
  const bool mine = changed_.wait_for(lock, longest_wait, [&] {
    return line_.front() == &place && (!idle_.empty() || open_ < limit_);
  });
  line_.erase(std::find(line_.begin(), line_.end(), &place));
  if (line_.size() > 0) changed_.notify_all();
  if (!mine) throw Overload("no database connection came free within 10 seconds", 5, false);
  if (idle_.empty()) {
    ++open_;
    return nullptr;
  }
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

std::unique_ptr<Connection> ConnectionPool::open_one() {
  try {
    return connect_();
  } catch (const DatabaseError& error) {
    give_back(nullptr);
    throw Overload(error.what(), 5, false);
  } catch (...) {
    give_back(nullptr);
    throw;
  }
}

void ConnectionPool::give_back(std::unique_ptr<Connection> connection) noexcept {
  std::vector<std::unique_ptr<Connection>> closed;
  {
    const std::scoped_lock lock(mutex_);
    if (connection && !connection->broken()) {
      idle_.push_back(std::move(connection));
    } else {
      --open_;
      // What broke one has probably broken its neighbours: a restarted server.
      closed.swap(idle_);
      open_ -= static_cast<int>(closed.size());
    }
  }
  changed_.notify_all();
  if (connection) log_warning("database connection given up");
}

}  // namespace cstims
