#include "mail/outbox_worker.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "base/secret.h"
#include "mail/delivery_report.h"
#include "mail/delivery_store.h"
#include "mail/outbox_store.h"

namespace cstims {

namespace {

using Outcome = SendResult::Outcome;

constexpr int batch = 20;
constexpr std::chrono::minutes leased_for{10};
/// More than the transports' time-outs allow one message to take: with less left of the lease,
/// another worker might take the row over while we still send it.
constexpr std::chrono::minutes longest_send{7};

SendResult try_to_send(const Sending& sending, const ClaimedMail& claimed) {
  try {
    std::vector<MailDocument> documents;
    for (const std::string& reference : claimed.documents) {
      documents.push_back(sending.documents(reference));
    }
    const std::string message = compose_message(claimed.mail, documents);
    return sending.transport.send(claimed.mail.envelope_from, claimed.mail.to, message);
  } catch (const std::exception& error) {
    // One bad row must not stop the others: it is tried again, and dies in the end.
    return {.outcome = Outcome::retry, .reply = fmt::format("not sent: {}", error.what())};
  }
}

Attempt judged(const ClaimedMail& claimed, const SendResult& result, Instant now) {
  Attempt attempt{.state = OutboxState::waiting,
                  .reply = result.reply,
                  .next_attempt_at = now.plus(retry_delay(claimed.attempts, claimed.mail.id))};
  if (result.outcome == Outcome::sent) attempt.state = OutboxState::sent;
  if (result.outcome == Outcome::dead) attempt.state = OutboxState::dead;
  if (result.outcome == Outcome::retry && now >= claimed.give_up_at) {
    attempt.state = OutboxState::dead;
    attempt.reply = "given up after three days: " + result.reply;
  }
  return attempt;
}

void tell(const ClaimedMail& claimed, const Attempt& attempt, bool marked) {
  const std::string id = claimed.mail.id.text();
  if (!marked) {
    log_warning("mail sent after its lease ended", {{"mail", id}});
  } else if (attempt.state == OutboxState::dead) {
    log_error("mail cannot be delivered",
              {{"mail", id}, {"recipient", claimed.mail.to.text()}, {"reply", attempt.reply}});
  } else if (attempt.state == OutboxState::waiting) {
    log_warning("mail waits for another try", {{"mail", id}, {"reply", attempt.reply}});
  }
}

/// A server that refuses the address at once says the same as one that returns the mail.
void note_refusal(Transaction& tx, const ClaimedMail& claimed, const std::string& reply) {
  const FailedRecipient failed{.recipient = claimed.mail.to.text(),
                               .action = "failed",
                               .status = status_in_reply(reply),
                               .diagnostic = reply};
  // 5.7 is about us or our words, whatever else it says.
  if (failed.status.starts_with("5.7") || !says_unknown_user(failed)) return;
  const SentMail mail{.id = claimed.mail.id, .recipient = claimed.mail.to, .ticket = {}};
  if (note_wrong_address(tx, mail, reply)) {
    log_warning("an address cannot be reached", {{"address", claimed.mail.to.text()}});
  }
}

void mark(const Sending& sending, const ClaimedMail& claimed, const MailLease& lease,
          const SendResult& result, SendSummary& summary) {
  std::optional<Attempt> attempt;
  const bool marked = sending.database.write([&](Transaction& tx) {
    attempt = judged(claimed, result, tx.now());
    const bool ours = mark_attempt(tx, claimed.mail.id, lease, *attempt);
    if (ours && attempt->state == OutboxState::dead) note_refusal(tx, claimed, attempt->reply);
    return ours;
  });
  tell(claimed, *attempt, marked);
  if (!marked) return;
  if (attempt->state == OutboxState::sent) ++summary.sent;
  if (attempt->state == OutboxState::dead) ++summary.dead;
  if (attempt->state == OutboxState::waiting) ++summary.retried;
}

enum class BatchEnd { all_tried, lease_short, stop };

BatchEnd send_batch(const Sending& sending, const std::vector<ClaimedMail>& mails,
                    const MailLease& lease, SendSummary& summary, const std::atomic<bool>* stop) {
  for (const ClaimedMail& claimed : mails) {
    if (stop && *stop) return BatchEnd::stop;
    if (sending.database.clock().now().plus(longest_send) > lease.until) {
      return BatchEnd::lease_short;
    }
    const SendResult result = try_to_send(sending, claimed);
    if (result.outcome == Outcome::queue_wait) {
      summary.queue_waits = true;
      summary.reason = result.reply;
      log_error("mail server refuses us, all mail waits", {{"reply", result.reply}});
      return BatchEnd::stop;
    }
    mark(sending, claimed, lease, result, summary);
    if (result.outcome == Outcome::retry && !result.reached) {
      summary.unreachable = true;
      summary.reason = result.reply;
      return BatchEnd::stop;
    }
  }
  return BatchEnd::all_tried;
}

}  // namespace

SendSummary send_waiting(const Sending& sending, const std::atomic<bool>* stop) {
  SendSummary summary;
  BatchEnd end = BatchEnd::all_tried;
  while (end != BatchEnd::stop) {
    MailLease lease{.token = random_token(16), .until = Instant(0)};
    const auto mails = sending.database.write([&](Transaction& tx) {
      lease.until = tx.now().plus(leased_for);
      return claim_mails(tx, lease, batch);
    });
    if (mails.empty()) break;
    end = send_batch(sending, mails, lease, summary, stop);
    if (end == BatchEnd::all_tried) continue;
    sending.database.write([&](Transaction& tx) { release_mails(tx, lease); });
  }
  return summary;
}

std::chrono::seconds retry_delay(int attempts, MessageId message) {
  constexpr std::int64_t longest = 4 * 60 * 60;
  const std::int64_t delay = std::min(longest, std::int64_t{60} << std::clamp(attempts, 0, 10));
  // Knuth's multiplicative hash spreads neighbouring ids; chance itself would make tests guess.
  const auto spread = static_cast<std::uint32_t>(message.number() + attempts) * 2654435761U;
  return std::chrono::seconds(delay + delay * (spread >> 24) / (4 * 256));
}

OutboxWorker::OutboxWorker(Database& database, std::unique_ptr<MailTransport> transport,
                           DocumentResolver documents)
    : transport_(std::move(transport)), sending_{database, *transport_, std::move(documents)} {}

OutboxWorker::~OutboxWorker() {
  stop();
}

void OutboxWorker::start() {
  thread_ = std::thread([this] { run(); });
}

void OutboxWorker::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void OutboxWorker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  sending_.transport.hurry();
  if (thread_.joinable()) thread_.join();
}

void OutboxWorker::run() {
  while (!stopping_) {
    const SendSummary summary = pass();
    // Knocking again at once, with every mail that is queued, would only get us locked out.
    const bool may_be_woken = !summary.queue_waits && !summary.unreachable;
    rest(pause_after(summary), may_be_woken);
  }
}

SendSummary OutboxWorker::pass() {
  try {
    return send_waiting(sending_, &stopping_);
  } catch (const std::exception& error) {
    log_error("sending mail failed", {{"error", error.what()}});
    SendSummary failed;
    failed.unreachable = true;
    return failed;
  }
}

std::chrono::seconds OutboxWorker::pause_after(const SendSummary& summary) {
  refusals_ = summary.queue_waits ? refusals_ + 1 : 0;
  if (refusals_ > 0) return std::chrono::minutes(1 << std::min(refusals_ - 1, 4));
  return std::chrono::seconds(summary.unreachable ? 30 : 5);
}

void OutboxWorker::rest(std::chrono::seconds pause, bool may_be_woken) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, pause, [&] { return stopping_ || (may_be_woken && woken_); });
  woken_ = false;
}

}  // namespace cstims
