#include "http/worker_pool.h"

#include <sched.h>

namespace cstims {

namespace {

/// Who sends the answers interrupts nobody (server.cc). Where no core is free it would wait until
/// the kernel takes one away, which may be several milliseconds: after so many answers it is its
/// turn. Fewer cost more changes of thread, more let answers wait.
constexpr int answers_in_a_row = 3;

}  // namespace

WorkerPool::WorkerPool(int threads, std::size_t queue_limit) : queue_limit_(queue_limit) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() {
  stop();
}

bool WorkerPool::offer(Work& work) {
  bool somebody_waits = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= queue_limit_) return false;
    queue_.push_back(std::move(work));
    queued_.store(queue_.size(), std::memory_order_relaxed);
    somebody_waits = waiting_ > 0;
  }
  if (somebody_waits) arrived_.notify_one();
  return true;
}

void WorkerPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void WorkerPool::run() {
  int in_a_row = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    while (queue_.empty() && !stopping_) {
      ++waiting_;
      arrived_.wait(lock);
      --waiting_;
    }
    if (queue_.empty()) return;
    Work work = std::move(queue_.front());
    queue_.pop_front();
    queued_.store(queue_.size(), std::memory_order_relaxed);
    lock.unlock();
    work();
    work = nullptr;
    if (++in_a_row == answers_in_a_row) {
      in_a_row = 0;
      sched_yield();
    }
    lock.lock();
  }
}

}  // namespace cstims
