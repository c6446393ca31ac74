// One connection's life, for server.cc only: read a head, judge it, read its body, let a worker
// answer, write, again. Everything here runs on the connection's network thread but for what is
// handed to the workers.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "http/hosts.h"
#include "http/server.h"
#include "http/worker_pool.h"

namespace cstims {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Counts open connections of each address, for the limit.
class AddressCounter {
 public:
  explicit AddressCounter(std::size_t most) : most_(most) {}
  bool enter(const std::string& network);
  void leave(const std::string& network);

 private:
  std::size_t most_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> open_;
};

/// What all connections of a server share.
struct Shared {
  const ServerOptions& options;
  const Parts& parts;
  Metrics& metrics;
  const Hosts& hosts;
  AddressCounter& addresses;
  WorkerPool& workers;
  WorkerPool& files;                  // one thread that writes uploads and reads downloads
  std::atomic<bool> crowded = false;  // no room for another connection: idle ones make way
  bool https = false;                 // of the site's address

  std::string next_request_id();
  std::string id_prefix = {};
  std::atomic<std::uint64_t> next_id = 1;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  virtual ~Connection() = default;
  virtual void start() = 0;
  virtual void tick(SteadyTime now) = 0;  // enforces deadlines
  virtual void drain() = 0;               // ends it after the running request
};

/// The connections of one network thread; touched by that thread only.
using Connections = std::unordered_set<std::shared_ptr<Connection>>;

struct Peer {
  std::string address;
  std::string network;  // as counted by AddressCounter; empty: not counted
};

std::shared_ptr<Connection> make_connection(boost::asio::ip::tcp::socket socket, Peer peer,
                                            Shared& shared, Connections& connections,
                                            boost::asio::ssl::context* tls);

}  // namespace cstims
