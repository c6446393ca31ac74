// Threads for work that may wait (database, disk), with a bounded queue in front.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace cstims {

class WorkerPool {
 public:
  using Work = std::move_only_function<void()>;

  WorkerPool(int threads, std::size_t queue_limit);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// False when the queue is full or the pool stops. Work must not throw.
  bool offer(Work& work);
  /// Finishes what is queued, then ends the threads.
  void stop();
  std::size_t queued() const { return queued_.load(std::memory_order_relaxed); }

 private:
  void run();

  const std::size_t queue_limit_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Work> queue_;
  std::atomic<std::size_t> queued_ = 0;
  int waiting_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace cstims
