// Work that a request starts and does not wait for. It is told to stop, and waited for, when the
// server ends: what it does must be safe to stop between any two transactions.
#pragma once

#include <functional>
#include <list>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace cstims {

class Background {
 public:
  /// Throws Overload when too much is under way. What `work` throws is logged under `name`.
  void start(std::string name, std::function<void(std::stop_token)> work);
  /// Waits for all that is under way.
  void wait();
  /// Tells all of it to stop and waits; nothing can be started any more.
  void stop();
  ~Background() { stop(); }

 private:
  static constexpr std::size_t most = 4;
  struct Job {
    std::jthread thread;
    bool finished = false;
  };
  std::mutex mutex_;
  bool stopped_ = false;
  std::list<Job> jobs_;
};

}  // namespace cstims
