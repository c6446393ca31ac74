#include "http/worker_pool.h"

namespace cstims {

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
    lock.lock();
  }
}

}  // namespace cstims
