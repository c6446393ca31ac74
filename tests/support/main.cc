#include <gtest/gtest.h>

#include "base/log.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  cstims::log_quietly();
  return RUN_ALL_TESTS();
}
