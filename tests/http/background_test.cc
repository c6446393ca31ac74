#include "http/background.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>

#include "base/failure.h"
#include "support/sentence.h"

namespace cstims::test {
namespace {

SENTENCE(background, "work goes on after its request and is waited for") {
  std::atomic<int> done = 0;
  Background background;
  background.start("adding", [&](const std::stop_token&) { ++done; });
  background.start("failing", [](const std::stop_token&) { throw std::runtime_error("no"); });
  background.wait();
  EXPECT_EQ(done, 1);
}

SENTENCE(background, "stopping tells the work so, and nothing starts any more") {
  Background background;
  std::latch begun(1);
  std::atomic<bool> told = false;
  background.start("waiting", [&](const std::stop_token& stop) {
    begun.count_down();
    while (!stop.stop_requested()) std::this_thread::yield();
    told = true;
  });
  begun.wait();
  background.stop();
  EXPECT_TRUE(told);
  EXPECT_THROW(background.start("late", [](const std::stop_token&) {}), Overload);
}

SENTENCE(background, "no more than a few go on at once") {
  Background background;
  std::latch end(1);
  for (int n = 0; n < 4; ++n) {
    background.start("waiting", [&](const std::stop_token&) { end.wait(); });
  }
  EXPECT_THROW(background.start("fifth", [](const std::stop_token&) {}), Overload);
  end.count_down();
  background.wait();
  background.start("sixth", [](const std::stop_token&) {});
}

}  // namespace
}  // namespace cstims::test
