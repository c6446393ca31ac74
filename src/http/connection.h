// One connection's life, for server.cc only: read a head, judge it, read its body, let a worker
// answer, write, again. Everything here runs on the connection's network thread but for what is
// handed to the workers.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <unordered_set>

#include "http/shared.h"

namespace cstims {

using SteadyTime = std::chrono::steady_clock::time_point;

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
