#pragma once

#include "http/route.h"

namespace cstims {

/// The one table of addresses (routes.cc).
Routes routes_table();

}  // namespace cstims
