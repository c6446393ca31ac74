// Connections of one kind, opened as needed and handed out first come, first served.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "db/connection.h"

namespace cstims {

class ConnectionPool {
 public:
  using Connect = std::function<std::unique_ptr<Connection>()>;

  ConnectionPool(int limit, Connect connect) : limit_(limit), connect_(std::move(connect)) {}

  /// Gives its connection back when it goes; a broken one is closed instead.
  class Lease {
   public:
    Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection)
        : pool_(pool), connection_(std::move(connection)) {}
    ~Lease() { pool_.give_back(std::move(connection_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    ConnectionPool& pool_;
    std::unique_ptr<Connection> connection_;
  };

  /// Waits at most 10 s, then throws Overload; also when no new connection can be made.
  Lease take();
  /// A connection beside the pool, for long work.
  std::unique_ptr<Connection> connect() const { return connect_(); }

 private:
  /// Who waits; woken alone, when it is first in line and may have something.
  struct Place {
    std::condition_variable woken;
  };

  std::unique_ptr<Connection> wait_for_turn();
  std::unique_ptr<Connection> open_one();
  void give_back(std::unique_ptr<Connection> connection) noexcept;
  void wake_first();  // with mutex_ held

  const int limit_;
  const Connect connect_;
  std::mutex mutex_;
  std::deque<Place*> line_;
  std::vector<std::unique_ptr<Connection>> idle_;
  int open_ = 0;
};

}  // namespace cstims
