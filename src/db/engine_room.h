// What the schema's tools may do that transactions may not. For db/ only.
#pragma once

#include <memory>

#include "db/connection.h"
#include "db/database.h"

namespace cstims {

class EngineRoom {
 public:
  /// A connection of its own, outside the pool: for migrations and copies, which last.
  static std::unique_ptr<Connection> connect(Database& database, bool writer);
};

}  // namespace cstims
