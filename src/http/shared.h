// What all connections of a server share. For server.cc, connection.cc and exchange.cc only.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "http/hosts.h"
#include "http/server.h"
#include "http/worker_pool.h"

namespace cstims {

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

struct Shared {
  const ServerOptions& options;
  const Parts& parts;
  Metrics& metrics;
  const Hosts& hosts;
  AddressCounter& addresses;
  WorkerPool& pages;  // for what only reads: few threads, which never wait long
  WorkerPool& forms;  // for what writes: waits for its turn, for the disk, for a password's hash
  WorkerPool& files;  // one thread that writes uploads and reads downloads
  std::atomic<int> unsent = 0;        // answers that a network thread has not taken yet
  std::atomic<bool> crowded = false;  // no room for another connection: idle ones make way
  bool https = false;                 // of the site's address
  std::string id_prefix = {};
  std::atomic<std::uint64_t> next_id = 1;

  std::string next_request_id();
};

}  // namespace cstims
