// The fields of a delivery report, and bounces in plain words.
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "mail/delivery_report.h"

using namespace cstims;

namespace {

void check(const FailedRecipient& failed) {
  if (failed.status.size() > 9 || has_controls(failed.diagnostic, true)) std::abort();
  says_unknown_user(failed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& failed : parse_delivery_status(text)) check(failed);
  for (const auto& failed : read_delivery_report(read_mime(text)).recipients) check(failed);
  return 0;
}
