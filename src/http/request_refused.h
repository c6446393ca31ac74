// A request that HTTP itself refuses with a status that base/failure.h has no name for: 413, 415,
// 507.
#pragma once

#include <string>

#include "base/failure.h"

namespace cstims {

class RequestRefused : public Failure {
 public:
  RequestRefused(int status, const std::string& what) : Failure(what), status(status) {}
  int status;
};

}  // namespace cstims
