#include "http/incoming.h"

#include <charconv>

#include "base/text.h"
#include "http/form_fields.h"

namespace cstims {

Incoming read_incoming(const BodyParser& parser, const std::string& peer,
                       const AddressRanges& trusted_proxies) {
  const auto& message = parser.get();
  Incoming incoming;
  Request& request = incoming.request;
  const auto target = std::string_view(message.target().data(), message.target().size());
  Target parsed = parse_target(target);
  request.method.assign(message.method_string().data(), message.method_string().size());
  incoming.head_only = request.method == "HEAD";
  if (incoming.head_only) request.method = "GET";
  request.path = std::move(parsed.path);
  request.query = std::move(parsed.query);
  for (const auto& field : message) {
    const std::string_view value(field.value().data(), field.value().size());
    if (!is_utf8(value)) continue;  // means nothing to us in another encoding
    const std::string name = lower_ascii({field.name_string().data(), field.name_string().size()});
    const auto [header, added] = request.headers.emplace(name, value);
    // RFC 9110 §5.2: a list in several lines; cookies are joined by semicolons.
    if (!added) header->second.append(name == "cookie" ? "; " : ", ").append(value);
  }
  request.cookies = parse_cookies(request.header("cookie"));
  request.peer = client_address(peer, request.header("x-forwarded-for"), trusted_proxies);
  incoming.authority =
      parsed.authority.empty() ? request.header("host") : std::string(parsed.authority);
  const auto length = message.find(boost::beast::http::field::content_length);
  if (length != message.end()) {
    std::uint64_t number = 0;  // check_head has seen that it is one
    const auto digits = length->value();
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    incoming.content_length = number;
  }
  incoming.has_body = parser.chunked() || incoming.content_length.value_or(0) > 0;
  return incoming;
}

}  // namespace cstims
