// The jobs table: periodic work, each row a name, the setting that says when, and a function. Every
// job may be run by hand
// (`cstims job run NAME`), twice, late, or on two instances at once: a lease keeps them apart, and
// each is safe without it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "app/installation.h"

namespace cstims {

struct Job {
  std::string_view name;
  std::string_view setting;  // key of its time of day
  std::string_view help;
  std::string (*run)(Installation&);  // returns its outcome in a few words; throws when it failed
};

std::span<const Job> jobs_table();

struct JobStatus {
  std::string name, when, help;
  std::string last_started_at, last_finished_at, last_outcome, done_through;
};
std::vector<JobStatus> list_jobs(Installation& installation);

/// Runs the job now, whatever its time; throws UsageError for an unknown name, Refused when another
/// instance is running it.
std::string run_job(Installation& installation, std::string_view name);

/// Runs every job whose time of today has come and that has not run today; a missed day is made up
/// on the first look.
void run_due_jobs(Installation& installation);

/// Looks once a minute until stopped.
class JobRunner {
 public:
  explicit JobRunner(Installation& installation) : installation_(installation) {}
  ~JobRunner() { stop(); }
  void start();
  void stop();

 private:
  Installation& installation_;
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace cstims
