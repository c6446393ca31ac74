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
  Place place;
  std::unique_lock lock(mutex_);
  line_.push_back(&place);
  const bool mine = place.woken.wait_for(lock, longest_wait, [&] {
    return line_.front() == &place && (!idle_.empty() || open_ < limit_);
  });
  line_.erase(std::find(line_.begin(), line_.end(), &place));
  if (!mine) {
    wake_first();
    throw Overload("no database connection came free within 10 seconds", 5, false);
  }
  std::unique_ptr<Connection> connection;
  if (idle_.empty()) {
    ++open_;
  } else {
    connection = std::move(idle_.back());
    idle_.pop_back();
  }
  wake_first();
  return connection;
}

void ConnectionPool::wake_first() {
  if (!line_.empty() && (!idle_.empty() || open_ < limit_)) line_.front()->woken.notify_one();
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
    wake_first();
  }
  if (connection) log_warning("database connection given up");
}

}  // namespace cstims
