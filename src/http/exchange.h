// One request of a connection from its first byte to its answer, without any socket: takes bytes,
// says what to do next. For connection.cc only.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>

#include "http/body.h"
#include "http/head.h"
#include "http/incoming.h"
#include "http/shared.h"

namespace cstims {

enum class Next {
  read,        // more bytes are needed
  invite,      // say "100 Continue", then read
  store,       // call store() where waiting for the disk is allowed, then advance() again
  answer_now,  // answer() does not wait for anything
  answer,      // call answer() on a worker
};

/// A chunk's size is hexadecimal digits and nothing else: nobody needs extensions, but readers
/// disagree about them.
struct RefuseExtensions {
  void operator()(std::uint64_t, boost::beast::string_view extensions,
                  boost::system::error_code& error) const {
    if (!extensions.empty()) error = boost::beast::http::error::bad_chunk_extension;
  }
};

class Exchange {
 public:
  Exchange(Shared& shared, const std::string& peer) : shared_(shared), peer_(peer) {}

  /// Takes what it can use of the buffer.
  Next advance(boost::beast::flat_buffer& buffer);
  void store() noexcept;
  Response answer() noexcept;
  /// To be answered with a plain page instead; the connection ends.
  void refuse(int status);

  bool in_body() const { return state_ == State::body; }
  std::size_t body_bytes() const { return body_bytes_; }
  bool head_only() const { return incoming_.head_only; }
  /// Only POST changes anything (RFC 9110 §9.2.1).
  bool may_write() const { return incoming_.request.method == "POST"; }
  bool ends_connection() const { return ends_connection_; }
  const std::string& id() const { return id_; }

 private:
  enum class State { head, body, complete };

  Next advance_head(boost::beast::flat_buffer& buffer);
  int judge_head(std::string_view head);
  Next route(boost::beast::flat_buffer& buffer);
  bool begin_body(const Route& route);
  Next advance_body(boost::beast::flat_buffer& buffer);
  bool take_body(boost::beast::flat_buffer& buffer);
  Next refused(int status);
  Next failed(int status);
  Next failed(const std::exception_ptr& failure);
  Response answer_form();

  Shared& shared_;
  const std::string& peer_;
  State state_ = State::head;
  std::string id_;
  HeadScanner scanner_;
  std::optional<BodyParser> parser_;
  Incoming incoming_;
  std::optional<BodyReader> body_;
  RefuseExtensions refuse_extensions_;
  std::string piece_;  // decoded bytes of the body
  std::size_t piece_bytes_ = 0;
  std::exception_ptr store_failure_;
  std::size_t body_bytes_ = 0;  // decoded
  std::size_t raw_bytes_ = 0;   // as they came
  bool ends_connection_ = false;
  int plain_status_ = 0;    // answered without the pages
  int failure_status_ = 0;  // answered with the page of that failure
};

}  // namespace cstims
