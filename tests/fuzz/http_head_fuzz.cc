// A head that our strict check lets through must mean the same to the parser behind it, however its
// bytes were cut.
#include <boost/asio/buffer.hpp>
#include <cstdint>
#include <cstdlib>

#include "base/failure.h"
#include "base/text.h"
#include "http/head.h"
#include "http/incoming.h"

namespace {

using namespace cstims;

void require(bool holds) {
  if (!holds) std::abort();
}

void compare_cuts(std::string_view bytes, const HeadScanner::Progress& whole) {
  HeadScanner scanner;
  HeadScanner::Progress last;
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    last = scanner.scan(bytes.substr(0, size));
    if (last.refused != 0 || last.size != 0) break;
  }
  require(last.size == whole.size);
  // A long line that also holds a control is refused for either reason, whichever byte comes first.
  require((last.refused != 0) == (whole.refused != 0));
}

void compare_parser(std::string_view head) {
  BodyParser parser;
  parser.header_limit(128 * 1024);
  parser.body_limit(boost::none);
  boost::system::error_code error;
  const std::size_t used = parser.put(boost::asio::buffer(head.data(), head.size()), error);
  if (error) return;  // it also judges fields that frame nothing, such as Connection
  require(used == head.size() && parser.is_header_done());
  require(!(parser.chunked() && parser.content_length()));
  require(parser.get().count("Host") == 1);
  require(parser.get().count("Transfer-Encoding") == (parser.chunked() ? 1 : 0));
  require(parser.get().count("Content-Length") == (parser.content_length() ? 1 : 0));
  try {
    const Incoming incoming = read_incoming(parser, "127.0.0.1", AddressRanges());
    require(incoming.request.path.starts_with('/') && is_utf8(incoming.request.path));
    require(incoming.request.path.find("/../") == std::string::npos);
  } catch (const BadRequest&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto progress = HeadScanner().scan(bytes);
  compare_cuts(bytes, progress);
  if (progress.size == 0) return 0;
  const std::string_view head = bytes.substr(0, progress.size);
  if (check_head(head) == 0) compare_parser(head);
  return 0;
}
