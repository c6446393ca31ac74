#include <optional>

#include "app/bench_load.h"
#include "app/command_functions.h"
#include "app/progress.h"
#include "base/failure.h"

namespace cstims {

int load_bench(Invocation& run) {
  const auto clients = parse_id_number(run.require("--clients"));
  if (!clients || *clients > 1'000'000)
    throw UsageError("--clients: write a number from 1 to 1000000");
  const auto replies = parse_id_number(run.value("--replies").value_or("10"));
  if (!replies || *replies > 100) throw UsageError("--replies: write a number from 1 to 100");
  std::optional<Progress> progress;
  std::string done_with;
  auto& installation = run.installation();
  load_bench_data(
      installation.database(), installation.site(), static_cast<int>(*clients),
      [&](const std::string& what, std::int64_t done, std::int64_t total) {
        if (!progress || done_with != what) progress.emplace(done_with = what);
        progress->show(done, total);
      },
      static_cast<int>(*replies));
  return 0;
}

}  // namespace cstims
