// Sends what waits in the outbox. Several processes may do so at once: rows are leased, and a
// worker that was frozen past its lease changes nothing.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/id.h"
#include "db/database.h"
#include "mail/composer.h"
#include "mail/transport.h"

namespace cstims {

/// "invoice 12" → its stored PDF, the same bytes each time. Throws when it is not there (yet): the
/// mail waits and is tried again.
using DocumentResolver = std::function<MailDocument(std::string_view reference)>;

struct Sending {
  Database& database;
  MailTransport& transport;
  DocumentResolver documents;
};

struct SendSummary {
  int sent = 0;
  int retried = 0;  // tried, and waiting for a later try
  int dead = 0;
  bool queue_waits = false;  // the server refuses us: the operator must act
  bool unreachable = false;  // no session with the server
  std::string reason;        // of the last two
};

/// One pass over all that is due. Ends early when the server cannot be reached, when it refuses us
/// (then no mail's attempts are counted), or when `stop` becomes true.
SendSummary send_waiting(const Sending& sending, const std::atomic<bool>* stop = nullptr);

/// Before the next try: 1, 2, 4 … minutes, at most four hours, and up to a quarter more, so that a
/// crowd of mails does not come back in the same second. `attempts` counts those that failed.
std::chrono::seconds retry_delay(int attempts, MessageId message);

/// A thread that sends whenever it is woken, and looks by itself now and then (for mail that
/// another process queued, and for retries that fall due).
class OutboxWorker {
 public:
  OutboxWorker(Database& database, std::unique_ptr<MailTransport> transport,
               DocumentResolver documents);
  ~OutboxWorker();
  OutboxWorker(const OutboxWorker&) = delete;
  OutboxWorker& operator=(const OutboxWorker&) = delete;

  void start();
  void wake();  // from any thread
  /// Returns when the message under way is done or given up, within about five seconds.
  void stop();

 private:
  void run();
  SendSummary pass();
  std::chrono::seconds pause_after(const SendSummary& summary);
  void rest(std::chrono::seconds pause, bool may_be_woken);

  std::unique_ptr<MailTransport> transport_;
  Sending sending_;
  std::atomic<bool> stopping_ = false;
  bool woken_ = false;
  int refusals_ = 0;  // passes in a row that ended with queue_waits
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace cstims
