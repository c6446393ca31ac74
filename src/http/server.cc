#include "http/server.h"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <condition_variable>
#include <optional>
#include <thread>

#include "base/failure.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "http/connection.h"
#include "http/tls.h"
#include "http/upload_file.h"

namespace cstims {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

namespace {

constexpr std::size_t waiting_file_pieces = 4096;
constexpr auto accept_pause = std::chrono::milliseconds(100);

Tcp::endpoint parse_endpoint(const std::string& listen) {
  const auto colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  unsigned short port = 0;
  const char* const end = listen.data() + listen.size();
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  const bool has_port = colon != std::string::npos && colon + 1 < listen.size();
  const auto read = std::from_chars(has_port ? listen.data() + colon + 1 : end, end, port);
  if (error || !has_port || read.ec != std::errc() || read.ptr != end) {
    throw UsageError("server.listen: \"" + listen +
                     "\" is no ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080");
  }
  return {address, port};
}

/// Files that the database, logs and uploads need stay free, however many peers connect.
std::size_t connection_limit(std::size_t wanted) {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
  if (files.rlim_cur < files.rlim_max) {
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, wanted + 512);
    setrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_NOFILE, &files);
  }
  const std::size_t all = files.rlim_cur;
  const std::size_t reserved = std::clamp<std::size_t>(all / 2, 16, 256);
  return std::clamp<std::size_t>(all > reserved ? all - reserved : 1, 1, wanted);
}

ServerOptions completed(ServerOptions options) {
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  if (options.threads <= 0) options.threads = cores + 1;
  if (options.form_threads <= 0) options.form_threads = std::max(16, 2 * cores);
  if (options.network_threads <= 0) options.network_threads = std::max(1, cores / 2);
  if (options.upload_folder.empty()) {
    options.upload_folder = std::filesystem::temp_directory_path();
  }
  options.connections = connection_limit(options.connections);
  return options;
}

/// This thread does not interrupt another when it wakes (sched(7), SCHED_BATCH). Where all cores
/// make pages it then takes several answers and requests at a time, instead of two changes of
/// thread for each; on a free core it wakes at once. Everybody may ask for it, and where it is
/// refused nothing is lost but speed.
void interrupt_nobody() noexcept {
  const sched_param priority{};
  sched_setscheduler(0, SCHED_BATCH, &priority);
}

/// One thread with its own loop; a connection stays on the one that got it.
struct NetworkThread {
  asio::io_context loop{1};
  asio::executor_work_guard<asio::io_context::executor_type> busy{loop.get_executor()};
  asio::steady_timer timer{loop};
  Connections connections;
  std::thread thread;

  void tick_every(std::chrono::steady_clock::duration interval) {
    timer.expires_after(interval);
    timer.async_wait([this, interval](error_code error) {
      if (error) return;
      const auto now = std::chrono::steady_clock::now();
      for_each([now](Connection& connection) { connection.tick(now); });
      tick_every(interval);
    });
  }

  /// A connection that ends takes itself out of the set: go through a copy.
  template <typename Act>
  void for_each(Act act) {
    const std::vector<std::shared_ptr<Connection>> all(connections.begin(), connections.end());
    for (const auto& connection : all) act(*connection);
  }
};

}  // namespace

struct Server::Running {
  Running(ServerOptions given, const Parts& parts, Metrics& own_metrics)
      : options(completed(std::move(given))),
        metrics(own_metrics),
        tls(options.tls_certificate.empty() ? nullptr
                                            : make_tls(options.tls_certificate, options.tls_key)),
        addresses(options.connections_per_address),
        acceptor(first.loop),
        accept_timer(first.loop) {
    listen();
    hosts.emplace(options.site_url, endpoint.address().to_string(), endpoint.port());
    pages.emplace(options.threads, options.queue_limit);
    forms.emplace(options.form_threads, options.queue_limit);
    files.emplace(1, waiting_file_pieces);
    shared.reset(new Shared{options, parts, metrics, *hosts, addresses, *pages, *forms, *files});
    shared->https = options.site_url.starts_with("https://");
    shared->id_prefix = hex(random_bytes(3));
    threads.push_back(&first);
    for (int i = 1; i < options.network_threads; ++i) {
      threads.push_back(others.emplace_back(std::make_unique<NetworkThread>()).get());
    }
    sweep_uploads(options.upload_folder);
  }

  void listen() {
    endpoint = parse_endpoint(options.listen);
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(1024, error);
    if (error) throw UsageError("cannot listen on " + options.listen + ": " + error.message());
    endpoint = acceptor.local_endpoint();
  }

  void accept() {
    if (!acceptor.is_open()) return;
    if (metrics.connections >= static_cast<std::int64_t>(options.connections)) {
      shared->crowded = true;
      return accept_later();
    }
    shared->crowded = false;
    NetworkThread& target = *threads[next_thread++ % threads.size()];
    acceptor.async_accept(target.loop, [this, &target](error_code error, Tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) {
        take(std::move(socket), target);
        return accept();
      }
      // No descriptor or memory left (EMFILE, ENOBUFS): trying again at once would spin.
      if (error == asio::error::connection_aborted) return accept();
      log_warning("cannot accept connections", {{"error", error.message()}});
      shared->crowded = true;
      accept_later();
    });
  }

  void accept_later() {
    accept_timer.expires_after(accept_pause);
    accept_timer.async_wait([this](error_code error) {
      if (!error) accept();
    });
  }

  void take(Tcp::socket socket, NetworkThread& target) {
    error_code error;
    const auto remote = socket.remote_endpoint(error);
    const auto address = Address::parse(error ? "" : remote.address().to_string());
    if (!address) return;
    Peer peer{address->text(), {}};
    if (!options.trusted_proxies.contains(*address)) {
      peer.network = address->network();
      if (!addresses.enter(peer.network)) return;
    }
    metrics.connections.fetch_add(1, std::memory_order_relaxed);
    auto connection =
        make_connection(std::move(socket), std::move(peer), *shared, target.connections, tls.get());
    asio::post(target.loop, [this, &target, connection = std::move(connection)] {
      target.connections.insert(connection);
      connection->start();
      if (metrics.draining) connection->drain();
    });
  }

  void start() {
    if (started) return;
    started = true;
    const auto& t = options.timeouts;
    const auto shortest = std::min({t.head, t.body_grace, t.write, t.idle}) / 4;
    const auto interval = std::chrono::duration_cast<std::chrono::steady_clock::duration>(
        std::clamp(shortest, ServerTimeouts::Seconds(0.02), ServerTimeouts::Seconds(0.5)));
    asio::post(first.loop, [this] { accept(); });
    for (NetworkThread* thread : threads) {
      asio::post(thread->loop, [thread, interval] { thread->tick_every(interval); });
      thread->thread = std::thread([thread] {
        interrupt_nobody();
        thread->loop.run();
      });
    }
  }

  void stop() {
    if (stopped) return;
    stopped = true;
    metrics.draining = true;
    if (started) {
      drain();
      wait_for_connections();
    }
    pages->stop();
    forms->stop();
    files->stop();
    for (NetworkThread* thread : threads) {
      thread->loop.stop();
      if (thread->thread.joinable()) thread->thread.join();
    }
    acceptor.close();
  }

  void drain() {
    asio::post(first.loop, [this] {
      error_code ignored;
      acceptor.close(ignored);
      accept_timer.cancel();
    });
    for (NetworkThread* thread : threads) {
      asio::post(thread->loop, [thread] {
        thread->for_each([](Connection& connection) { connection.drain(); });
      });
    }
  }

  void wait_for_connections() const {
    const auto end =
        std::chrono::steady_clock::now() +
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(options.timeouts.drain);
    while (metrics.connections > 0 && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    if (metrics.connections > 0) {
      log_warning("stopping with open connections",
                  {{"connections", std::to_string(metrics.connections)}});
    }
  }

  ServerOptions options;
  Metrics& metrics;
  std::unique_ptr<asio::ssl::context> tls;
  AddressCounter addresses;
  std::optional<Hosts> hosts;
  std::optional<WorkerPool> pages;
  std::optional<WorkerPool> forms;
  std::optional<WorkerPool> files;
  std::unique_ptr<Shared> shared;  // outlives the loops, which hold connections to the end
  NetworkThread first;
  std::vector<std::unique_ptr<NetworkThread>> others;
  std::vector<NetworkThread*> threads;
  Tcp::endpoint endpoint;
  Tcp::acceptor acceptor;
  asio::steady_timer accept_timer;
  std::size_t next_thread = 0;
  bool started = false;
  bool stopped = false;
};

Server::Server(ServerOptions options, const Parts& parts, Metrics& metrics)
    : running_(std::make_unique<Running>(std::move(options), parts, metrics)) {}

Server::~Server() {
  running_->stop();
}

void Server::start() {
  running_->start();
}

unsigned short Server::port() const {
  return running_->endpoint.port();
}

void Server::drain_and_stop() {
  running_->stop();
}

}  // namespace cstims
