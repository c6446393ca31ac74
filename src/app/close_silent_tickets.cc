#include <fmt/format.h>

#include "app/job_functions.h"
#include "base/failure.h"
#include "base/log.h"
#include "ticket/ticket_auto_close.h"

namespace cstims {

std::string close_silent_tickets(Installation& installation) {
  const auto run =
      attend_silent_tickets(installation.database(), installation.mailer(), installation.site());
  for (const auto& fault : run.faults) log_error("silent ticket", {{"fault", fault}});
  if (!run.faults.empty()) {
    throw Failure(fmt::format("{} clients told, {} tickets closed, {} could not be: {}", run.warned,
                              run.closed, run.faults.size(), run.faults.front()));
  }
  return fmt::format("{} clients told, {} tickets closed", run.warned, run.closed);
}

}  // namespace cstims
