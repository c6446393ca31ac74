#include <fmt/format.h>

#include "app/bench_load.h"
#include "app/command_functions.h"
#include "base/failure.h"

namespace cstims {

int load_bench(Invocation& run) {
  const auto clients = parse_id_number(run.require("--clients"));
  if (!clients || *clients > 1'000'000)
    throw UsageError("--clients: write a number from 1 to 1000000");
  auto& installation = run.installation();
  load_bench_data(installation.database(), installation.site(), static_cast<int>(*clients),
                  [](const std::string& what) { fmt::print(stderr, "{}\n", what); });
  return 0;
}

}  // namespace cstims
