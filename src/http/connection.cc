#include "http/connection.h"

#include <sched.h>

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/failure.h"
#include "base/log.h"
#include "http/exchange.h"
#include "http/wire.h"

namespace cstims {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using Tcp = asio::ip::tcp;
using TlsStream = asio::ssl::stream<Tcp::socket>;

namespace {

constexpr std::size_t head_piece = 4 * 1024;
constexpr std::size_t body_piece = 64 * 1024;
constexpr std::size_t file_piece = 256 * 1024;
/// The network thread interrupts nobody (server.cc). Where no core is free it would wait until the
/// kernel takes one away, which may be several milliseconds: who makes pages gives way once so many
/// answers wait for it. Fewer cost more changes of thread.
constexpr int most_unsent = 4;

enum class Phase {
  handshake,
  idle,  // nothing of the next request came yet
  head,
  body,
  work,  // a worker or the file thread has it: no deadline
  write,
  linger,  // answered: what still arrives is thrown away, so that no reset destroys the answer
  closed,
};

std::chrono::steady_clock::duration steady(ServerTimeouts::Seconds seconds) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(seconds);
}

template <typename Stream>
class StreamConnection final : public Connection {
 public:
  static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

  StreamConnection(Stream stream, Peer peer, Shared& shared, Connections& connections)
      : stream_(std::move(stream)),
        peer_(std::move(peer)),
        shared_(shared),
        connections_(connections),
        exchange_(std::in_place, shared_, peer_.address) {}

  ~StreamConnection() override {
    if (phase_ != Phase::closed) leave();
  }

  void start() override {
    error_code ignored;
    socket().set_option(Tcp::no_delay(true), ignored);
    enter(is_tls ? Phase::handshake : Phase::idle, shared_.options.timeouts.head);
    if constexpr (is_tls) {
      stream_.async_handshake(asio::ssl::stream_base::server, [self = self()](error_code error) {
        if (error) return self->close();
        self->enter(Phase::idle, self->shared_.options.timeouts.head);
        self->read();
      });
    } else {
      read();
    }
  }

  void tick(SteadyTime now) override {
    const bool makes_way =
        shared_.crowded && phase_ == Phase::idle && now - entered_ > std::chrono::seconds(1);
    if (phase_ == Phase::work || (now < deadline_ && !makes_way)) return;
    if (phase_ == Phase::head || phase_ == Phase::body) {
      timed_out_ = true;  // the reading that is cancelled here answers 408
      error_code ignored;
      socket().cancel(ignored);
    } else {
      close();
    }
  }

  void drain() override {
    last_ = true;
    if (phase_ == Phase::idle || phase_ == Phase::handshake) close();
  }

 private:
  auto self() { return std::static_pointer_cast<StreamConnection>(shared_from_this()); }

  Tcp::socket& socket() {
    if constexpr (is_tls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  void enter(Phase phase, ServerTimeouts::Seconds patience) {
    phase_ = phase;
    entered_ = std::chrono::steady_clock::now();
    deadline_ = entered_ + steady(patience);
  }

  void leave() {
    phase_ = Phase::closed;
    if (!peer_.network.empty()) shared_.addresses.leave(peer_.network);
    shared_.metrics.connections.fetch_sub(1, std::memory_order_relaxed);
  }

  void close() {
    if (phase_ == Phase::closed) return;
    leave();
    error_code ignored;
    socket().close(ignored);
    connections_.erase(shared_from_this());
  }

  // The request.

  void advance() {
    const Next next = exchange_->advance(buffer_);
    note_progress();
    switch (next) {
      case Next::read:
        return read();
      case Next::invite:
        return invite();
      case Next::store:
        return store();
      case Next::answer_now:
        begun_ = std::chrono::steady_clock::now();
        return send(exchange_->answer(), {});
      case Next::answer:
        return work();
    }
  }

  /// What the peer has sent so far says how long it may still take.
  void note_progress() {
    const ServerTimeouts& timeouts = shared_.options.timeouts;
    if (exchange_->in_body()) {
      if (phase_ == Phase::idle || phase_ == Phase::head)
        body_began_ = std::chrono::steady_clock::now();
      phase_ = Phase::body;
      const auto earned =
          static_cast<double>(exchange_->body_bytes()) / shared_.options.bytes_per_second;
      deadline_ =
          body_began_ + steady(timeouts.body_grace) + steady(ServerTimeouts::Seconds(earned));
    } else if (phase_ == Phase::idle) {
      enter(Phase::head, timeouts.head);
    }
  }

  void read() {
    const std::size_t most = phase_ == Phase::body ? body_piece : head_piece;
    stream_.async_read_some(buffer_.prepare(most),
                            [self = self()](error_code error, std::size_t count) {
                              if (self->phase_ == Phase::closed) return;
                              if (self->timed_out_) return self->answer_too_slow();
                              if (error) return self->close();
                              self->buffer_.commit(count);
                              self->advance();
                            });
  }

  void answer_too_slow() {
    timed_out_ = false;
    begun_ = std::chrono::steady_clock::now();
    exchange_->refuse(408);
    send(exchange_->answer(), {});
  }

  void invite() {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(go_on), [self = self()](error_code error, std::size_t) {
      if (self->phase_ == Phase::closed) return;
      if (error) return self->close();
      self->read();
    });
  }

  /// Uploads are written to disk by another thread; reading goes on when it is done.
  void store() {
    const Phase before = std::exchange(phase_, Phase::work);
    const bool taken = on_file_thread(
        [before](StreamConnection& connection) {
          connection.phase_ = before;
          connection.advance();
        },
        [](StreamConnection& connection) { connection.exchange_->store(); });
    if (!taken) close();
  }

  /// Runs `act` where waiting for the disk is allowed, then `next` here.
  template <typename Next, typename Act>
  bool on_file_thread(Next next, Act act) {
    WorkerPool::Work work = [self = self(), next, act]() mutable {
      act(*self);
      auto& connection = *self;
      asio::post(connection.stream_.get_executor(), [self = std::move(self), next] {
        if (self->phase_ != Phase::closed) next(*self);
      });
    };
    return shared_.files.offer(work);
  }

  // The answer.

  void work() {
    phase_ = Phase::work;
    begun_ = std::chrono::steady_clock::now();
    WorkerPool::Work work = [self = self()]() mutable {
      self->note_queue();
      Response response = self->exchange_->answer();
      OpenFile file = self->open_file(response);
      auto& connection = *self;
      auto& shared = connection.shared_;
      const int unsent = ++shared.unsent;
      asio::post(connection.stream_.get_executor(), [self = std::move(self), file = std::move(file),
                                                     response = std::move(response)]() mutable {
        --self->shared_.unsent;
        if (self->phase_ != Phase::closed) self->send(std::move(response), std::move(file));
      });
      if (unsent >= most_unsent) sched_yield();
    };
    WorkerPool& workers = exchange_->may_write() ? shared_.forms : shared_.pages;
    const bool taken = workers.offer(work);
    note_queue();
    if (taken) return;
    shared_.metrics.count_rejected();
    send(plain_error(503, exchange_->id(), shared_.https), {});
  }

  void note_queue() const {
    shared_.metrics.queued =
        static_cast<std::int64_t>(shared_.pages.queued() + shared_.forms.queued());
  }

  OpenFile open_file(Response& response) const {
    if (response.file.empty()) return {};
    try {
      return OpenFile(response.file);
    } catch (const Failure& failure) {
      log_error("a file cannot be sent", {{"error", failure.what()}});
      response = plain_error(500, exchange_->id(), shared_.https);
      return {};
    }
  }

  void send(Response response, OpenFile file) {
    using std::chrono::duration_cast;
    enter(Phase::write, shared_.options.timeouts.write);
    shared_.metrics.count_request(response.status,
                                  duration_cast<std::chrono::microseconds>(entered_ - begun_));
    last_ = last_ || exchange_->ends_connection() || shared_.metrics.draining ||
            ++requests_ >= shared_.options.requests_per_connection;
    response_ = std::move(response);
    file_ = std::move(file);
    const std::string_view body = body_of(response_);
    file_left_ = file_.size();
    head_ = response_head(response_, file_.open() ? file_left_ : body.size(), !last_);
    const bool without_body = exchange_->head_only() || response_.status == 304;
    if (without_body) file_left_ = 0;
    const std::array<asio::const_buffer, 2> bytes{
        asio::buffer(head_), without_body ? asio::const_buffer() : asio::buffer(body)};
    write(bytes, [](StreamConnection& connection) { connection.send_file(); });
  }

  template <typename Buffers, typename Next>
  void write(const Buffers& buffers, Next next) {
    const auto progress = [connection = this](error_code error, std::size_t) -> std::size_t {
      connection->deadline_ =
          std::chrono::steady_clock::now() + steady(connection->shared_.options.timeouts.write);
      return error ? 0 : body_piece;
    };
    asio::async_write(stream_, buffers, progress,
                      [self = self(), next](error_code error, std::size_t) {
                        if (self->phase_ == Phase::closed) return;
                        if (error) return self->close();
                        next(*self);
                      });
  }

  void send_file() {
    if (file_left_ == 0) return answered();
    phase_ = Phase::work;
    const auto write_piece = [](StreamConnection& connection) {
      if (connection.file_bytes_.empty()) return connection.close();  // shorter than promised
      connection.file_left_ -= connection.file_bytes_.size();
      connection.enter(Phase::write, connection.shared_.options.timeouts.write);
      connection.write(asio::buffer(connection.file_bytes_),
                       [](StreamConnection& next) { next.send_file(); });
    };
    const bool taken = on_file_thread(write_piece, [](StreamConnection& connection) {
      const auto most = std::min<std::uint64_t>(file_piece, connection.file_left_);
      connection.file_.read(connection.file_bytes_, most);
    });
    if (!taken) close();
  }

  void answered() {
    response_ = {};
    file_ = {};
    file_bytes_ = {};
    if (last_) return linger();
    exchange_.emplace(shared_, peer_.address);
    if (buffer_.capacity() > body_piece / 4) buffer_.shrink_to_fit();
    enter(Phase::idle, shared_.options.timeouts.idle);
    if (buffer_.size() > 0) return advance();
    read();
  }

  void linger() {
    enter(Phase::linger, std::min(shared_.options.timeouts.idle, ServerTimeouts::Seconds(2)));
    buffer_.clear();
    if constexpr (is_tls) {
      stream_.async_shutdown([self = self()](error_code) {
        if (self->phase_ != Phase::closed) self->throw_away();
      });
    } else {
      throw_away();
    }
  }

  void throw_away() {
    error_code ignored;
    socket().shutdown(Tcp::socket::shutdown_send, ignored);
    read_and_forget();
  }

  void read_and_forget() {
    socket().async_read_some(buffer_.prepare(body_piece),
                             [self = self()](error_code error, std::size_t) {
                               if (self->phase_ == Phase::closed) return;
                               if (error) return self->close();
                               self->read_and_forget();
                             });
  }

  Stream stream_;
  Peer peer_;
  Shared& shared_;
  Connections& connections_;

  Phase phase_ = Phase::handshake;
  SteadyTime entered_;
  SteadyTime deadline_;
  SteadyTime body_began_;
  SteadyTime begun_;  // when the request was complete
  bool timed_out_ = false;
  bool last_ = false;  // closed after this answer
  std::size_t requests_ = 0;

  beast::flat_buffer buffer_;
  std::optional<Exchange> exchange_;
  std::string head_;
  Response response_;
  OpenFile file_;
  std::uint64_t file_left_ = 0;
  std::string file_bytes_;
};

}  // namespace

std::shared_ptr<Connection> make_connection(Tcp::socket socket, Peer peer, Shared& shared,
                                            Connections& connections, asio::ssl::context* tls) {
  if (tls == nullptr) {
    return std::make_shared<StreamConnection<Tcp::socket>>(std::move(socket), std::move(peer),
                                                           shared, connections);
  }
  return std::make_shared<StreamConnection<TlsStream>>(TlsStream(std::move(socket), *tls),
                                                       std::move(peer), shared, connections);
}

}  // namespace cstims
