#include "http/exchange.h"

#include <algorithm>

#include "base/failure.h"
#include "base/log.h"
#include "base/text.h"
#include "http/error_pages.h"
#include "http/request_refused.h"
#include "http/static_files.h"

namespace cstims {

namespace beast = boost::beast;
using boost::system::error_code;

namespace {

constexpr std::size_t piece_size = 64 * 1024;

std::string_view text_of(const beast::flat_buffer& buffer) {
  return {static_cast<const char*>(buffer.cdata().data()), buffer.size()};
}

}  // namespace

Next Exchange::advance(beast::flat_buffer& buffer) {
  if (store_failure_) return failed(store_failure_);
  switch (state_) {
    case State::head:
      return advance_head(buffer);
    case State::body:
      return advance_body(buffer);
    default:
      return Next::answer;
  }
}

Next Exchange::advance_head(beast::flat_buffer& buffer) {
  const auto progress = scanner_.scan(text_of(buffer));
  if (progress.refused != 0) return refused(progress.refused);
  if (progress.size == 0) return Next::read;
  const int status = judge_head(text_of(buffer).substr(0, progress.size));
  buffer.consume(progress.size);
  return status != 0 ? refused(status) : route(buffer);
}

/// 0, or the status to refuse the request with.
int Exchange::judge_head(std::string_view head) {
  if (const int status = check_head(head)) return status;
  parser_.emplace();
  parser_->header_limit(128 * 1024);
  parser_->body_limit(boost::none);
  error_code error;
  const std::size_t used = parser_->put(boost::asio::buffer(head.data(), head.size()), error);
  if (error || used != head.size() || !parser_->is_header_done()) return 400;
  try {
    incoming_ = read_incoming(*parser_, peer_, shared_.options.trusted_proxies);
  } catch (const BadRequest&) {
    return 400;
  }
  incoming_.request.id = id_ = shared_.next_request_id();
  ends_connection_ = !parser_->keep_alive();
  if (!is_host(incoming_.authority)) return 400;
  const bool ours = shared_.hosts.contains(incoming_.request.header("host")) &&
                    shared_.hosts.contains(incoming_.authority);
  return ours ? 0 : 421;
}

Next Exchange::route(beast::flat_buffer& buffer) {
  const Request& request = incoming_.request;
  if (!is_known_method(request.method)) return refused(501);
  const std::string expects = request.header("expect");
  if (!expects.empty() && lower_ascii(expects) != "100-continue") return refused(417);
  const Route* route = request.method == "POST" && incoming_.has_body
                           ? shared_.parts.router.find("POST", request.path).route
                           : nullptr;
  if (route != nullptr) {
    const bool invite = !expects.empty() && buffer.size() == 0;
    return begin_body(*route) ? (invite ? Next::invite : advance_body(buffer)) : Next::answer;
  }
  // A body that nobody wants is not read: it must never become the next request.
  ends_connection_ = ends_connection_ || incoming_.has_body;
  state_ = State::complete;
  return is_static_path(request.path) ? Next::answer_now : Next::answer;
}

/// False when it is refused already.
bool Exchange::begin_body(const Route& route) {
  try {
    body_.emplace(incoming_.request.header("content-type"), route.body,
                  shared_.options.upload_folder);
  } catch (...) {
    failed(std::current_exception());
    return false;
  }
  const auto length = incoming_.content_length;
  if (length && *length > body_->limit()) {
    failed(413);
    return false;
  }
  parser_->eager(true);
  parser_->body_limit(body_->limit());
  parser_->on_chunk_header(refuse_extensions_);
  state_ = State::body;
  piece_.resize(length ? std::min<std::size_t>(piece_size, *length) : piece_size);
  return true;
}

Next Exchange::advance_body(beast::flat_buffer& buffer) {
  while (!parser_->is_done()) {
    const std::size_t before = buffer.size();
    if (!take_body(buffer)) return Next::answer;
    if (piece_bytes_ > 0 && body_->may_wait()) return Next::store;
    store();
    if (store_failure_) return failed(store_failure_);
    if (buffer.size() > 0 && buffer.size() < before) continue;
    if (parser_->is_done()) break;
    return buffer.size() >= piece_size ? failed(400) : Next::read;
  }
  piece_ = {};
  state_ = State::complete;
  return Next::answer;
}

/// Decodes the next piece; false when the body was refused.
bool Exchange::take_body(beast::flat_buffer& buffer) {
  piece_bytes_ = 0;
  if (buffer.size() == 0) return true;
  auto& part = parser_->get().body();
  part.data = piece_.data();
  part.size = piece_.size();
  part.more = true;
  error_code error;
  const std::size_t used = parser_->put(buffer.cdata(), error);
  buffer.consume(used);
  raw_bytes_ += used;
  piece_bytes_ = piece_.size() - part.size;
  body_bytes_ += piece_bytes_;
  // Chunks of one byte cost six on the wire: their wrapping is limited as well.
  const std::size_t limit = body_->limit();
  const bool too_large = error == beast::http::error::body_limit || body_bytes_ > limit ||
                         raw_bytes_ > 8 * limit + piece_size;
  const bool waits =
      error == beast::http::error::need_buffer || error == beast::http::error::need_more;
  if (!too_large && (!error || waits)) return true;
  failed(too_large ? 413 : 400);
  return false;
}

void Exchange::store() noexcept {
  if (piece_bytes_ == 0) return;
  try {
    body_->feed({piece_.data(), piece_bytes_});
  } catch (...) {
    store_failure_ = std::current_exception();
  }
  piece_bytes_ = 0;
}

void Exchange::refuse(int status) {
  if (id_.empty()) id_ = shared_.next_request_id();
  plain_status_ = status;
  ends_connection_ = true;
  state_ = State::complete;
  body_.reset();
}

Next Exchange::refused(int status) {
  refuse(status);
  return Next::answer_now;
}

Next Exchange::failed(int status) {
  failure_status_ = status;
  ends_connection_ = true;
  state_ = State::complete;
  body_.reset();
  return Next::answer;
}

Next Exchange::failed(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const RequestRefused& found) {
    log_info("form refused", {{"request", id_}, {"error", found.what()}});
    return failed(found.status);
  } catch (const BadRequest& found) {
    log_info("form refused", {{"request", id_}, {"error", found.what()}});
    return failed(400);
  } catch (const std::exception& found) {
    log_error("reading a form failed", {{"request", id_}, {"error", found.what()}});
    return failed(500);
  }
}

Response Exchange::answer() noexcept {
  try {
    if (plain_status_ != 0) return plain_error(plain_status_, id_, shared_.https);
    if (failure_status_ != 0) {
      return dispatch_failure(shared_.parts, std::move(incoming_.request), failure_status_);
    }
    return body_ ? answer_form() : dispatch(shared_.parts, std::move(incoming_.request));
  } catch (const std::exception& failure) {
    log_error("answering failed", {{"error", failure.what()}});
    return plain_error(500, "", shared_.https);
  }
}

/// The uploads' files go when this returns.
Response Exchange::answer_form() {
  ReceivedForm received;
  try {
    received = body_->finish();
  } catch (const Failure&) {
    failed(std::current_exception());
    return dispatch_failure(shared_.parts, std::move(incoming_.request), failure_status_);
  }
  incoming_.request.form = std::move(received.form);
  Response response = dispatch(shared_.parts, std::move(incoming_.request));
  body_.reset();
  return response;
}

}  // namespace cstims
