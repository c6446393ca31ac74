#include "app/progress.h"

#include "support/sentence.h"

namespace cstims::test {
namespace {

using namespace std::chrono_literals;

SENTENCE(progress, "it says how much is done and how long the rest will take") {
  EXPECT_EQ(progress_text("clients", 12'000, 60'000, 30s),
            "12,000 of 60,000 clients, 20 %, 2:00 left");
  EXPECT_EQ(progress_text("clients", 60'000, 60'000, 30s), "60,000 of 60,000 clients, 100 %");
  EXPECT_EQ(progress_text("clients", 0, 60'000, 1s), "0 of 60,000 clients, 0 %");
}

SENTENCE(progress, "as long as nobody knows how much there is it only counts") {
  EXPECT_EQ(progress_text("invoices", 1'500, 0, 30s), "1,500 invoices");
}

SENTENCE(progress, "what is short says nothing") {
  testing::internal::CaptureStderr();
  {
    Progress progress("clients", Progress::Form::bar);
    for (int n = 0; n < 100; ++n) progress.show(n, 100);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace cstims::test
