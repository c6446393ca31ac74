#include "app/days_setting.h"

#include "app/settings.h"
#include "base/failure.h"
#include "support/sentence.h"

namespace cstims::test {
namespace {

using Days = std::vector<int>;

SENTENCE(days_setting, "a number of days up to a year, or off") {
  EXPECT_EQ(read_days("0"), 0);
  EXPECT_EQ(read_days("365"), 365);
  for (const auto* text : {"off", "", "366", "-1", "1.5", "x", "0001", " 3"}) {
    EXPECT_FALSE(read_days(text)) << text;
  }
}

SENTENCE(days_setting, "a list of different days, in any order, or off") {
  EXPECT_EQ(read_days_list("14, 1,7"), (Days{1, 7, 14}));
  EXPECT_EQ(read_days_list("off"), Days{});
  for (const auto* text : {"", "1,", "0", "1,1", "366", "1;2", "1,2,3,4,5,6,7,8,9"}) {
    EXPECT_FALSE(read_days_list(text)) << text;
  }
}

SENTENCE(days_setting, "the site takes them over, and what is wrong is said at start") {
  const auto site = [](const std::vector<std::string>& assignments) {
    return make_site(Settings::load("/dev/null", assignments, {})).dunning;
  };
  EXPECT_EQ(site({}).reminder_days_before, 3);
  EXPECT_EQ(site({}).overdue_days, (Days{1, 7, 14}));
  EXPECT_FALSE(site({}).suspend_days);
  const auto changed = site(
      {"billing.reminder_days_before=off", "billing.overdue_days=off", "billing.suspend_days=30"});
  EXPECT_FALSE(changed.reminder_days_before);
  EXPECT_EQ(changed.overdue_days, Days{});
  EXPECT_EQ(changed.suspend_days, 30);
  for (const auto* wrong : {"billing.suspend_days=soon", "billing.overdue_days=1,1",
                            "billing.reminder_days_before=-3"}) {
    EXPECT_THROW(site({wrong}), UsageError) << wrong;
  }
}

}  // namespace
}  // namespace cstims::test
