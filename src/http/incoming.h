// A request's head as Beast read it, turned into the Request that pages see. For connection.cc
// only.
#pragma once

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "http/addresses.h"
#include "http/request.h"

namespace cstims {

using BodyParser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;

struct Incoming {
  Request request;
  std::string authority;   // of the absolute form; else the Host field
  bool head_only = false;  // HEAD: answered like GET, without the body
  bool has_body = false;
  std::optional<std::uint64_t> content_length;
};

/// Throws BadRequest. The parser must have read the whole head.
Incoming read_incoming(const BodyParser& parser, const std::string& peer,
                       const AddressRanges& trusted_proxies);

}  // namespace cstims
