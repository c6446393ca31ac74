#include "app/inbox_worker.h"

#include "app/post.h"
#include "base/failure.h"
#include "base/log.h"

namespace cstims {

InboxParts inbox_parts(Installation& installation) {
  return {installation.database(), installation.files(), installation.mailer(), installation.site(),
          &installation.scanner()};
}

std::unique_ptr<Mailbox> make_mailbox(const Settings& settings) {
  const std::string& url = settings.text("imap.url");
  if (url.empty()) return nullptr;
  ImapOptions options;
  options.encrypted = imap_is_encrypted(url);
  options.url = url;
  options.username = settings.text("imap.username");
  options.password = read_password_file(settings, "imap.password_file");
  options.ca_file = settings.text("imap.ca_file");
  options.inbox = settings.text("imap.inbox");
  return imap_mailbox(std::move(options));
}

FetchSummary fetch_once(Installation& installation, Mailbox& mailbox,
                        const std::atomic<bool>* stop) {
  const Settings& settings = installation.settings();
  const FetchFolders folders{.done = settings.text("imap.done"),
                             .failed = settings.text("imap.failed"),
                             .oversize = settings.text("imap.oversize")};
  const std::string name = settings.text("imap.username") + " " + settings.text("imap.url") + " " +
                           settings.text("imap.inbox");
  return fetch_mails(inbox_parts(installation), mailbox, name, folders, stop);
}

InboxWorker::InboxWorker(Installation& installation)
    : installation_(installation),
      mailbox_(make_mailbox(installation.settings())),
      pause_(std::max<std::int64_t>(1, installation.settings().number("imap.seconds"))) {}

void InboxWorker::start() {
  thread_ = std::thread([this] { run(); });
}

void InboxWorker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void InboxWorker::run() {
  while (!stopping_) {
    look();
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, pause_, [this] { return stopping_.load(); });
  }
}

void InboxWorker::look() {
  try {
    const int left = judge_left_over(inbox_parts(installation_));
    if (left > 0) log_info("mail that was left is judged", {{"mails", std::to_string(left)}});
    if (!mailbox_) return;
    const FetchSummary summary = fetch_once(installation_, *mailbox_, &stopping_);
    if (summary.taken > 0) log_info("mail fetched", {{"mails", std::to_string(summary.taken)}});
  } catch (const Refused&) {
    // Another instance is at it.
  } catch (const std::exception& error) {
    log_error("mail could not be fetched", {{"error", error.what()}});
  }
}

}  // namespace cstims
