// The routes table's row. app/routes.cc holds the one table; a duplicate row does not compile.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "http/context.h"

namespace cstims {

enum class Who {
  anyone,
  signed_in,
  client,
  helpdesk,    // and admin
  accountant,  // and admin
  staff,       // helpdesk, accountant, admin
  admin,
  trusted_address,  // loopback or server.trusted_proxies: /metrics
};

bool may(Who who, const Viewer& viewer);
/// As the routes table spells it: "signed_in".
std::string_view text(Who who);

using Handler = Response (*)(Context&);

/// Forms are at most 256 KiB unless the route takes files (25 MiB, multipart).
enum class Body { none, form, files };

struct Route {
  std::string_view method;  // "GET" or "POST"
  std::string_view path;    // "/tickets/{ticket}/replies"; each {…} is one segment
  Who who;
  Handler handler;
  Body body = Body::none;
  bool checks_secret = false;  // throttled: sign-in, codes, passwords
};

using Routes = std::span<const Route>;

}  // namespace cstims
