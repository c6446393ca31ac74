#include "html/chart_view.h"

#include "support/world.h"

namespace cstims::test {
namespace {

SENTENCE(chart, "the scale ends at the next round number") {
  EXPECT_EQ(rounded_up_scale(0), 1);
  EXPECT_EQ(rounded_up_scale(1), 1);
  EXPECT_EQ(rounded_up_scale(3), 5);
  EXPECT_EQ(rounded_up_scale(51), 100);
  EXPECT_EQ(rounded_up_scale(123'456), 200'000);
}

}  // namespace
}  // namespace cstims::test
