// A thread that looks for mail: in the mailbox of the settings, if there is one, and for mail that
// arrived by a program which died before it was judged.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "app/installation.h"
#include "inbox/mail_fetching.h"

namespace cstims {

InboxParts inbox_parts(Installation& installation);
/// Absent when no mailbox is set. Throws UsageError when the settings contradict each other.
std::unique_ptr<Mailbox> make_mailbox(const Settings& settings);
/// One pass over the mailbox. Throws as fetch_mails does.
FetchSummary fetch_once(Installation& installation, Mailbox& mailbox,
                        const std::atomic<bool>* stop = nullptr);

class InboxWorker {
 public:
  explicit InboxWorker(Installation& installation);
  ~InboxWorker() { stop(); }
  void start();
  void stop();

 private:
  void run();
  void look();

  Installation& installation_;
  std::unique_ptr<Mailbox> mailbox_;
  std::chrono::seconds pause_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable stopped_;
  std::thread thread_;
};

}  // namespace cstims
