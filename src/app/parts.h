// What the web server is made of in this program: the routes table, who is asking, the frame, old
// addresses.
#pragma once

#include <string>

#include "app/installation.h"
#include "http/dispatch.h"

namespace cstims {

/// `installation` must outlive it.
Parts make_parts(Installation& installation);

/// Where an address of the predecessor leads: "/viewticket.php?id=3" to "/tickets/3", "/login.php"
/// to "/login"; empty for any other.
std::string address_of_predecessor(const Request& request);

}  // namespace cstims
