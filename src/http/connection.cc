#include "http/connection.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/failure.h"
#include "base/log.h"
#include "base/text.h"
#include "http/body.h"
#include "http/error_pages.h"
#include "http/head.h"
#include "http/incoming.h"
#include "http/request_refused.h"
#include "http/static_files.h"
#include "http/wire.h"

namespace cstims {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using Tcp = asio::ip::tcp;
using TlsStream = asio::ssl::stream<Tcp::socket>;

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

namespace {

constexpr std::size_t piece_size = 64 * 1024;
constexpr std::size_t file_piece_size = 256 * 1024;

enum class Phase {
  handshake,
  idle,  // nothing of the next request came yet
  head,
  body,
  work,  // a worker has it: no deadline
  write,
  linger,  // answered and done: what still arrives is thrown away, so that no reset destroys the
           // answer
  closed,
};

std::chrono::steady_clock::duration steady(ServerTimeouts::Seconds seconds) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(seconds);
}

/// A chunk's size is hexadecimal digits and nothing else: nobody needs extensions, but readers
/// disagree about them.
struct RefuseExtensions {
  void operator()(std::uint64_t, beast::string_view extensions, error_code& error) const {
    if (!extensions.empty()) error = beast::http::error::bad_chunk_extension;
  }
};

template <typename Stream>
class StreamConnection final : public Connection {
 public:
  static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

  StreamConnection(Stream stream, Peer peer, Shared& shared, Connections& connections)
      : stream_(std::move(stream)),
        peer_(std::move(peer)),
        shared_(shared),
        connections_(connections) {}

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
        self->read_head();
      });
    } else {
      read_head();
    }
  }

  void tick(SteadyTime now) override {
    const bool makes_way =
        shared_.crowded && phase_ == Phase::idle && now - entered_ > std::chrono::seconds(1);
    if (phase_ == Phase::work || busy_with_file_ || (now < deadline_ && !makes_way)) return;
    if (phase_ == Phase::head || phase_ == Phase::body) {
      timed_out_ = true;
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

  std::string_view received() const {
    return {static_cast<const char*>(buffer_.cdata().data()), buffer_.size()};
  }

  /// Reads more into the buffer, then calls `next`; a peer that went away or is too slow ends here.
  template <typename Next>
  void read_more(std::size_t most, Next next) {
    stream_.async_read_some(buffer_.prepare(most), [self = self(), next = std::move(next)](
                                                       error_code error, std::size_t count) {
      if (self->phase_ == Phase::closed) return;
      if (self->timed_out_) return self->refuse(408);
      if (error) return self->close();
      self->buffer_.commit(count);
      next(*self);
    });
  }

  // The head.

  void read_head() {
    if (buffer_.size() > 0 && phase_ == Phase::idle) {
      enter(Phase::head, shared_.options.timeouts.head);
    }
    const auto progress = scanner_.scan(received());
    if (progress.refused != 0) return refuse(progress.refused);
    if (progress.size > 0) return judge_head(progress.size);
    read_more(4096, [](StreamConnection& connection) { connection.read_head(); });
  }

  void judge_head(std::size_t size) {
    begun_ = std::chrono::steady_clock::now();
    if (const int status = check_head(received().substr(0, size))) return refuse(status);
    parser_.emplace();
    parser_->header_limit(128 * 1024);
    parser_->body_limit(boost::none);
    error_code error;
    const std::size_t used = parser_->put(asio::buffer(buffer_.cdata().data(), size), error);
    if (error || used != size || !parser_->is_header_done()) return refuse(400);
    buffer_.consume(size);
    try {
      incoming_ = read_incoming(*parser_, peer_.address, shared_.options.trusted_proxies);
    } catch (const BadRequest&) {
      return refuse(400);
    }
    incoming_.request.id = shared_.next_request_id();
    last_ = last_ || !parser_->keep_alive() || shared_.metrics.draining ||
            ++requests_ >= shared_.options.requests_per_connection;
    route();
  }

  void route() {
    const Request& request = incoming_.request;
    if (!is_host(incoming_.authority)) return refuse(400);
    if (!shared_.hosts.contains(request.header("host")) ||
        !shared_.hosts.contains(incoming_.authority)) {
      return refuse(421);
    }
    if (!is_known_method(request.method)) return refuse(501);
    const std::string expects = request.header("expect");
    if (!expects.empty() && lower_ascii(expects) != "100-continue") return refuse(417);
    const Route* route =
        request.method == "POST" ? shared_.parts.router.find("POST", request.path).route : nullptr;
    if (incoming_.has_body && route != nullptr) return begin_body(*route, !expects.empty());
    // A body that nobody wants is not read: it must never become the next request.
    last_ = last_ || incoming_.has_body;
    if (is_static_path(request.path)) {
      return send(dispatch(shared_.parts, std::move(incoming_.request)), {});
    }
    work([](StreamConnection& connection) {
      return dispatch(connection.shared_.parts, std::move(connection.incoming_.request));
    });
  }

  // The body.

  void begin_body(const Route& route, bool waits_for_continue) {
    try {
      body_.emplace(incoming_.request.header("content-type"), route.body,
                    shared_.options.upload_folder);
    } catch (...) {
      return fail_body(std::current_exception());
    }
    const auto length = parser_->content_length();
    if (length && *length > body_->limit()) return fail(413);
    parser_->eager(true);
    parser_->body_limit(body_->limit());
    parser_->on_chunk_header(refuse_extensions_);
    body_bytes_ = raw_bytes_ = 0;
    enter(Phase::body, shared_.options.timeouts.body_grace);
    if (!waits_for_continue || buffer_.size() > 0) return read_body();
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(go_on), [self = self()](error_code error, std::size_t) {
      if (self->phase_ == Phase::closed) return;
      if (error) return self->close();
      self->read_body();
    });
  }

  void read_body() {
    if (piece_.empty()) piece_.resize(piece_size);
    while (true) {
      auto& part = parser_->get().body();
      part.data = piece_.data();
      part.size = piece_.size();
      part.more = true;
      error_code error;
      std::size_t used = 0;
      if (buffer_.size() > 0) used = parser_->put(buffer_.cdata(), error);
      buffer_.consume(used);
      raw_bytes_ += used;
      const std::size_t count = piece_.size() - part.size;
      const bool waits =
          error == beast::http::error::need_buffer || error == beast::http::error::need_more;
      if (error == beast::http::error::body_limit) return fail(413);
      if (error && !waits) return fail(400);
      body_bytes_ += count;
      // Chunks of one byte cost six on the wire: their wrapping is limited as well.
      const std::size_t limit = body_->limit();
      if (body_bytes_ > limit || raw_bytes_ > 8 * limit + piece_size) return fail(413);
      deadline_ = entered_ + steady(shared_.options.timeouts.body_grace) +
                  steady(ServerTimeouts::Seconds(static_cast<double>(body_bytes_) /
                                                 shared_.options.bytes_per_second));
      if (count > 0 && body_->may_wait()) return feed_elsewhere(count);
      if (count > 0 && !feed(count)) return;
      if (parser_->is_done()) return end_body();
      if (used == 0 && count == 0) break;
    }
    if (buffer_.size() >= piece_size) return fail(400);  // one chunk head as long as the buffer
    read_more(piece_size, [](StreamConnection& connection) { connection.read_body(); });
  }

  bool feed(std::size_t count) {
    try {
      body_->feed({piece_.data(), count});
      return true;
    } catch (...) {
      fail_body(std::current_exception());
      return false;
    }
  }

  /// Uploads are written to disk by another thread; reading goes on when it is done.
  void feed_elsewhere(std::size_t count) {
    busy_with_file_ = true;
    WorkerPool::Work work = [self = self(), count]() mutable {
      std::exception_ptr failure;
      try {
        self->body_->feed({self->piece_.data(), count});
      } catch (...) {
        failure = std::current_exception();
      }
      auto& connection = *self;
      asio::post(connection.stream_.get_executor(), [self = std::move(self), failure] {
        self->busy_with_file_ = false;
        if (self->phase_ == Phase::closed) return;
        if (failure) return self->fail_body(failure);
        if (self->parser_->is_done()) return self->end_body();
        self->read_body();
      });
    };
    if (shared_.files.offer(work)) return;
    busy_with_file_ = false;
    fail(503);
  }

  void end_body() {
    piece_ = {};
    work([](StreamConnection& connection) { return connection.answer_form(); });
  }

  Response answer_form() {
    Request& request = incoming_.request;
    ReceivedForm received;
    try {
      received = body_->finish();
    } catch (const RequestRefused& refused) {
      return dispatch_failure(shared_.parts, std::move(request), refused.status);
    } catch (const BadRequest& refused) {
      log_info("form refused", {{"request", request.id}, {"error", refused.what()}});
      return dispatch_failure(shared_.parts, std::move(request), 400);
    }
    request.form = std::move(received.form);
    return dispatch(shared_.parts, std::move(request));  // the uploads' files go when it returns
  }

  void fail_body(const std::exception_ptr& failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const RequestRefused& refused) {
      fail(refused.status);
    } catch (const BadRequest&) {
      fail(400);
    } catch (const std::exception& broken) {
      log_error("reading a form failed",
                {{"request", incoming_.request.id}, {"error", broken.what()}});
      fail(500);
    }
  }

  /// A page in the layout for a request whose body is not (wholly) read.
  void fail(int status) {
    last_ = true;
    body_.reset();
    work([status](StreamConnection& connection) {
      return dispatch_failure(connection.shared_.parts, std::move(connection.incoming_.request),
                              status);
    });
  }

  // The answer.

  template <typename Answer>
  void work(Answer answer) {
    phase_ = Phase::work;
    WorkerPool::Work work = [self = self(), answer]() mutable {
      Response response;
      OpenFile file;
      try {
        response = answer(*self);
        if (!response.file.empty()) file = OpenFile(response.file);
      } catch (const std::exception& failure) {
        log_error("answering failed", {{"error", failure.what()}});
        response = plain_error(500, "", self->shared_.https);
      }
      self->body_.reset();
      auto& connection = *self;
      asio::post(connection.stream_.get_executor(), [self = std::move(self), file = std::move(file),
                                                     response = std::move(response)]() mutable {
        if (self->phase_ == Phase::closed) return;
        self->send(std::move(response), std::move(file));
      });
    };
    if (shared_.workers.offer(work)) return;
    shared_.metrics.count_rejected();
    body_.reset();
    send(plain_error(503, incoming_.request.id, shared_.https), {});
  }

  /// A mistake of framing, or something that must not reach the pages: answered without them, then
  /// closed.
  void refuse(int status) {
    if (timed_out_ && phase_ == Phase::idle) return close();
    begun_ = std::chrono::steady_clock::now();
    timed_out_ = false;
    last_ = true;
    body_.reset();
    send(plain_error(status, shared_.next_request_id(), shared_.https), {});
  }

  void send(Response response, OpenFile file) {
    using std::chrono::duration_cast;
    enter(Phase::write, shared_.options.timeouts.write);
    shared_.metrics.count_request(response.status,
                                  duration_cast<std::chrono::microseconds>(entered_ - begun_));
    last_ = last_ || shared_.metrics.draining;
    response_ = std::move(response);
    file_ = std::move(file);
    const std::string_view body = body_of(response_);
    const bool from_file = file_.open();
    head_ = response_head(response_, from_file ? file_.size() : body.size(), !last_);
    const bool without_body = incoming_.head_only || response_.status == 304 || from_file;
    const std::array<asio::const_buffer, 2> bytes{
        asio::buffer(head_),
        without_body ? asio::const_buffer() : asio::buffer(body.data(), body.size())};
    write(bytes, [](StreamConnection& connection) {
      if (connection.file_.open() && !connection.incoming_.head_only) {
        connection.file_left_ = connection.file_.size();
        return connection.send_file();
      }
      connection.answered();
    });
  }

  template <typename Buffers, typename Next>
  void write(const Buffers& buffers, Next next) {
    const auto progress = [connection = this](error_code error, std::size_t) -> std::size_t {
      connection->deadline_ =
          std::chrono::steady_clock::now() + steady(connection->shared_.options.timeouts.write);
      return error ? 0 : piece_size;
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
    busy_with_file_ = true;
    WorkerPool::Work work = [self = self()]() mutable {
      self->file_.read(self->piece_, std::min<std::size_t>(file_piece_size, self->file_left_));
      auto& connection = *self;
      asio::post(connection.stream_.get_executor(), [self = std::move(self)] {
        self->busy_with_file_ = false;
        if (self->phase_ == Phase::closed) return;
        if (self->piece_.empty()) return self->close();  // shorter than promised
        self->file_left_ -= self->piece_.size();
        self->write(asio::buffer(self->piece_),
                    [](StreamConnection& connection) { connection.send_file(); });
      });
    };
    if (!shared_.files.offer(work)) close();
  }

  void answered() {
    response_ = {};
    file_ = {};
    piece_ = {};
    if (last_) return linger();
    if (buffer_.capacity() > piece_size / 4) buffer_.shrink_to_fit();
    parser_.reset();
    scanner_.reset();
    incoming_ = {};
    enter(Phase::idle, shared_.options.timeouts.idle);
    read_head();
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
    socket().async_read_some(buffer_.prepare(piece_size),
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
  SteadyTime begun_;  // when the head was complete
  bool timed_out_ = false;
  bool busy_with_file_ = false;
  bool last_ = false;  // closed after this answer
  std::size_t requests_ = 0;

  beast::flat_buffer buffer_;
  HeadScanner scanner_;
  std::optional<BodyParser> parser_;
  Incoming incoming_;
  std::optional<BodyReader> body_;
  RefuseExtensions refuse_extensions_;
  std::size_t body_bytes_ = 0;
  std::size_t raw_bytes_ = 0;
  std::string piece_;
  std::string head_;
  Response response_;
  OpenFile file_;
  std::uint64_t file_left_ = 0;
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
