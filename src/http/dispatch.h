// From a decoded request to a finished answer: route, who it is, who may, csrf, handler, failures,
// headers. A pure function of the request (and the database), so tests call it without a socket.
#pragma once

#include <functional>
#include <string>

#include "http/addresses.h"
#include "http/context.h"
#include "http/request.h"
#include "http/router.h"

namespace cstims {

struct Identity {
  Viewer viewer;
  SessionInfo session;
};

struct ErrorPage {
  int status;
  Message title;     // "Not found"
  Message sentence;  // one sentence for the person: what now
  std::string request_id;
};

/// What app/ gives to the server. Must outlive it.
struct Parts {
  const Services& services;
  Router router;
  AddressRanges trusted_proxies;  // may read /metrics
  /// Who asks: looks up the session cookie. Its token may be empty or an unknown one: then the
  /// visitor is nobody.
  std::function<Identity(const Request&)> identify;
  std::function<Response(const Context&, std::string_view view, const Message& title, const Fill&,
                         int status)>
      frame;
  /// Draws a page in the layout; when it throws, a plain page is sent.
  std::function<Response(const Context&, const ErrorPage&)> error_page;
  /// Addresses of the predecessor ("/viewticket.php?id=3"): the path of ours to send people to
  /// (301), or empty.
  std::function<std::string(const Request&)> moved_to;
};

/// Never throws. `request.path_values` is filled here.
Response dispatch(const Parts& parts, Request request);

/// The page for a request that cannot be answered otherwise (a body too large …). Never throws.
Response dispatch_failure(const Parts& parts, Request request, int status);

/// A page without layout and database, for framing mistakes and overload. Has the security headers.
Response plain_error(int status, std::string_view request_id, bool https);

}  // namespace cstims
