#include "http/background.h"

#include <exception>

#include "base/failure.h"
#include "base/log.h"

namespace cstims {

void Background::start(std::string name, std::function<void(std::stop_token)> work) {
  const std::lock_guard lock(mutex_);
  std::erase_if(jobs_, [](const Job& job) { return job.finished; });  // joins what has ended
  if (stopped_ || jobs_.size() >= most) throw Overload(name + ": too much is under way", 60, false);
  Job& job = jobs_.emplace_back();
  job.thread = std::jthread(
      [this, &job, name = std::move(name), work = std::move(work)](const std::stop_token& stop) {
        try {
          work(stop);
        } catch (const std::exception& error) {
          log_error("background work failed", {{"work", name}, {"error", error.what()}});
        }
        const std::lock_guard done(mutex_);
        job.finished = true;
      });
}

void Background::wait() {
  std::list<Job> jobs;
  {
    const std::lock_guard lock(mutex_);
    jobs.swap(jobs_);  // the nodes, which the threads point to, stay where they are
  }
  for (auto& job : jobs) job.thread.join();
}

void Background::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (auto& job : jobs_) job.thread.request_stop();
  }
  wait();
}

}  // namespace cstims
