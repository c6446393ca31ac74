#include "service/service_options.h"

#include "base/failure.h"
#include "support/sentence.h"

using namespace cstims;

namespace {

constexpr std::string_view three =
    "cpu: vCPU = 1, 2, 3, 4\n"
    "ram: RAM (GB) = 0.5, 1, 2, 4, 8\n"
    "ssd: SSD (GB) = 5..30 step 5";

ServiceOptions options(std::string_view text) {
  return ServiceOptions::parse(text).value();
}

std::string refusal(std::string_view text) {
  const auto parsed = ServiceOptions::parse(text);
  return parsed ? "taken as " + parsed->text() : parsed.error().english();
}

}  // namespace

SENTENCE(service_options, "options are printed as they are written") {
  EXPECT_EQ(options(three).text(), three);
  EXPECT_EQ(options("").text(), "");
  EXPECT_EQ(options("\r\n cpu :vCPU=1,2.50 ,3\r\n\r\n").text(), "cpu: vCPU = 1, 2.5, 3");
  EXPECT_EQ(options(options("a:x=1..3 step 0.5").text()).text(), "a: x = 1..3 step 0.5");
}

SENTENCE(service_options, "a range offers every step with both ends") {
  const auto parsed = options(three);
  const auto& values = parsed.find("ssd")->values;
  ASSERT_EQ(values.size(), 6u);
  EXPECT_EQ(values.front().text(), "5");
  EXPECT_EQ(values.back().text(), "30");
}

SENTENCE(service_options, "a wrong line is refused with its place and an example") {
  EXPECT_EQ(refusal("cpu: vCPU = 1\nram RAM = 1"),
            "options: Line 2, character 5: : is expected. Example: ram: RAM (GB) = 0.5, 1, 2, 4");
  EXPECT_EQ(refusal("ssd: SSD = 5..30 step 7"),
            "options: Line 1, character 15: the steps must lead from the first to the last value. "
            "Example: ssd: SSD (GB) = 5..30 step 5");
  EXPECT_EQ(refusal("cpu: vCPU = 1, 1.0"), "options: Line 1, character 16: 1 stands there twice.");
  EXPECT_EQ(refusal("cpu: a = 1\ncpu: b = 2"), "options: Line 2: the key cpu is there already.");
  for (const std::string text :
       {"CPU: x = 1", "1a: x = 1", "or: x = 1", "free: x = 1", "_a: x = 1", "cpu: = 1",
        "cpu: x =", "cpu: x = a", "cpu: x = -1", "cpu: x = 1,", "cpu: x = 1 2",
        "cpu: x = 5..5 step 1", "cpu: x = 5..1 step 1", "cpu: x = 1..5 step 0", "cpu: x = 1..5",
        "cpu: x = 1..200 step 1", "cpu: x = 1000001", "cpu: x = 1.1234567", "cpu: x\ty = 1"}) {
    EXPECT_FALSE(ServiceOptions::parse(text)) << text;
  }
  EXPECT_TRUE(ServiceOptions::parse("cpu: x = 1..100 step 1"));
  EXPECT_FALSE(ServiceOptions::parse("cpu: x = 0..100 step 1"));
}

SENTENCE(service_options, "what is chosen must be on the list") {
  const auto offered = options(three);
  const auto chosen = offered.choose({{"cpu", "2"}, {"ram", "0.50"}, {"ssd", "30"}});
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->text(), "cpu: vCPU = 2\nram: RAM (GB) = 0.5\nssd: SSD (GB) = 30");
  EXPECT_EQ(chosen->show_chosen(), "vCPU 2, RAM (GB) 0.5, SSD (GB) 30");
  EXPECT_EQ(chosen->values().at("ssd").text(), "30");
  EXPECT_EQ(offered.choose({{"cpu", "5"}, {"ram", "1"}, {"ssd", "5"}}).error().english(),
            "option.cpu: Choose one of the list.");
  EXPECT_EQ(offered.choose({{"cpu", "1"}, {"ram", "1"}}).error().english(),
            "option.ssd: Choose one of the list.");
  EXPECT_EQ(
      offered.choose({{"cpu", "1"}, {"ram", "1"}, {"ssd", "6"}, {"gpu", "1"}}).error().english(),
      "option.ssd: Choose one of the list.; option.gpu: This service has no such option.");
  EXPECT_FALSE(offered.choose({{"cpu", "1e0"}, {"ram", "1"}, {"ssd", "5"}}));
  EXPECT_TRUE(ServiceOptions().choose({}));
}

SENTENCE(service_options, "the first choice is the first value of each") {
  EXPECT_EQ(options(three).first_choice().show_chosen(), "vCPU 1, RAM (GB) 0.5, SSD (GB) 5");
}

SENTENCE(service_options, "stored text that is no list of options is a failure") {
  EXPECT_THROW(ServiceOptions::stored("nonsense"), DatabaseError);
}
