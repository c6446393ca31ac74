#include "inbox/mail_fetching.h"

#include <fmt/format.h>

#include <future>
#include <set>

#include "base/failure.h"
#include "base/log.h"
#include "base/text.h"
#include "db/lease.h"
#include "inbox/mail_receiving.h"
#include "mail/outbox.h"
#include "mail/received_mail.h"

namespace cstims {
namespace {

constexpr std::int64_t most_failures = 3;

// Mails on their way together: as many as share one commit, and no more than fit the memory. Of
// those there are two lots at a time, one that is fetched and one that is judged.
constexpr std::size_t most_together = 50;
constexpr std::size_t most_bytes_together = 8 * 1024 * 1024;

struct Fetched {
  std::vector<ListedMail> mails;
  std::vector<std::string> raws;
  std::size_t bytes = 0;
};

constexpr Statement count_failure{"fetching failed", R"(
  insert into fetch_failures (mailbox, generation, uid, failures, last_error, last_at)
  values (:mailbox, :generation, :uid, 1, :error, :now)
  on conflict (mailbox, generation, uid) do update
  set failures = fetch_failures.failures + 1,
      last_error = excluded.last_error,
      last_at = excluded.last_at
  returning failures)"};
constexpr Statement list_failures{"failures of a mailbox", R"(
  select uid
  from fetch_failures
  where mailbox = :mailbox
    and generation = :generation)"};
constexpr Statement forget_failures{"forget failures of a mail", R"(
  delete from fetch_failures
  where mailbox = :mailbox
    and generation = :generation
    and uid = :uid)"};

class Fetcher {
 public:
  Fetcher(const InboxParts& parts, Mailbox& mailbox, const std::string& name,
          const FetchFolders& folders)
      : parts_(parts),
        mailbox_(mailbox),
        name_(name),
        folders_(folders),
        lease_(parts.database, "fetch " + name, std::chrono::seconds(0),
               "Another program is fetching mail."),
        generation_(mailbox.generation()),
        renewed_at_(parts.database.clock().now()) {
    const Parameters parameters{{"mailbox", name_}, {"generation", generation_}};
    for (const Row& row : parts.database.read(
             [&](Transaction& tx) { return tx.select(list_failures, parameters); })) {
      failed_before_.insert(row.number("uid"));
    }
  }

  FetchSummary fetch_all(const std::atomic<bool>* stop) {
    // As long as mails leave the inbox, others may stand behind them.
    while (fetch_listed(stop)) {
    }
    return summary_;
  }

 private:
  int moved() const { return summary_.taken + summary_.oversize + summary_.given_up; }

  /// Whether there may be more. While some are judged the next are fetched: the mail server and the
  /// database do not wait for each other.
  bool fetch_listed(const std::atomic<bool>* stop) {
    const int before = moved();
    bool stopped = false;
    for (const ListedMail& mail : mailbox_.list()) {
      stopped = stop && *stop;
      if (stopped) break;
      if (failed_now_.contains(mail.uid)) continue;
      renew_lease();
      if (!has_room_for(mail)) hand_over();
      fetch_one(mail);
    }
    hand_over();
    finish();
    return !stopped && moved() > before;
  }

  /// A mail larger than that goes alone.
  bool has_room_for(const ListedMail& mail) const {
    return fetched_.mails.size() < most_together &&
           fetched_.bytes + static_cast<std::size_t>(mail.size) <= most_bytes_together;
  }

  void hand_over() {
    finish();
    if (fetched_.mails.empty()) return;
    judged_ = std::exchange(fetched_, {});
    judging_ =
        std::async(std::launch::async, [this] { receive_mails(parts_, judged_.raws, "imap"); });
  }

  /// They leave the inbox once they are safe, and not before.
  void finish() {
    if (!judging_.valid()) return;
    judging_.get();
    judged_.raws.clear();
    if (judged_.mails.size() == 1 || !move_together()) {
      for (const ListedMail& mail : judged_.mails) move_alone(mail);
    }
  }

  /// Now and then: it lasts for minutes, a mail for milliseconds.
  void renew_lease() {
    const Instant now = parts_.database.clock().now();
    if (now < renewed_at_.plus(Lease::length / 5)) return;
    parts_.database.write([&](Transaction& tx) { lease_.renew(tx); });
    renewed_at_ = now;
  }

  /// What befalls one mail is noted, and the next has its turn.
  template <typename Do>
  void watched(const ListedMail& mail, const Do& act) {
    try {
      act();
    } catch (const MailboxUnreachable&) {
      throw;
    } catch (const DatabaseError&) {
      throw;
    } catch (const Overload&) {
      throw;
    } catch (const std::exception& error) {
      note_failure(mail, error.what());
    }
  }

  void fetch_one(const ListedMail& mail) {
    watched(mail, [&] {
      if (mail.size > static_cast<std::int64_t>(largest_mail)) {
        set_aside_oversize(mail);
        return;
      }
      std::string raw = mailbox_.fetch(mail.uid);
      if (raw.empty()) throw MailError("the mail is empty");
      fetched_.bytes += raw.size();
      fetched_.raws.push_back(std::move(raw));
      fetched_.mails.push_back(mail);
    });
  }

  bool move_together() {
    std::vector<std::uint32_t> uids;
    for (const ListedMail& mail : judged_.mails) uids.push_back(mail.uid);
    try {
      mailbox_.move(uids, folders_.done);
    } catch (const MailboxUnreachable&) {
      throw;
    } catch (const MailError& error) {
      log_warning("mails are moved one by one", {{"error", error.what()}});
      return false;
    }
    for (const ListedMail& mail : judged_.mails) forget_failures_of(mail);
    summary_.taken += static_cast<int>(uids.size());
    return true;
  }

  void move_alone(const ListedMail& mail) {
    renew_lease();
    watched(mail, [&] {
      move_to(mail, folders_.done);
      ++summary_.taken;
    });
  }

  void set_aside_oversize(const ListedMail& mail) {
    log_warning("a mail is too large",
                {{"uid", std::to_string(mail.uid)}, {"size", std::to_string(mail.size)}});
    refuse_oversize(parts_, mailbox_.fetch_header(mail.uid));
    move_to(mail, folders_.oversize);
    ++summary_.oversize;
  }

  void move_to(const ListedMail& mail, const std::string& folder) {
    mailbox_.move({mail.uid}, folder);
    forget_failures_of(mail);
  }

  void forget_failures_of(const ListedMail& mail) {
    if (!failed_before_.contains(mail.uid)) return;
    parts_.database.write([&](Transaction& tx) { tx.execute(forget_failures, key_of(mail)); });
  }

  Parameters key_of(const ListedMail& mail) const {
    return {{"mailbox", name_}, {"generation", generation_}, {"uid", std::int64_t{mail.uid}}};
  }

  void note_failure(const ListedMail& mail, const std::string& error) {
    log_error("a mail could not be fetched", {{"uid", std::to_string(mail.uid)}, {"error", error}});
    const auto failures = parts_.database.write([&](Transaction& tx) {
      Parameters parameters = key_of(mail);
      parameters.push_back({"error", shorten(single_line(error), 500)});
      parameters.push_back({"now", tx.now()});
      return tx.require(count_failure, parameters).number("failures");
    });
    failed_before_.insert(mail.uid);
    failed_now_.insert(mail.uid);
    ++summary_.failed;
    if (failures < most_failures) return;
    try {
      tell_operator(mail, error);
      move_to(mail, folders_.failed);
      ++summary_.given_up;
    } catch (const MailboxUnreachable&) {
      throw;
    } catch (const MailError& again) {
      log_error("a failed mail could not be moved", {{"error", again.what()}});
    }
  }

  void tell_operator(const ListedMail& mail, const std::string& error) {
    const Viewer system = Viewer::of_system("inbox");
    parts_.database.write([&](Transaction& tx) {
      Act act{tx, system, parts_.mailer, parts_.site};
      queue_mail(act,
                 {.kind = "mail not fetched",
                  .view = "mail_not_fetched",
                  .event = fmt::format("mail {} {} {} not fetched", name_, generation_, mail.uid),
                  .to = parts_.site.mail_admin,
                  .fill = [&](Dictionary& values) {
                    values.set("UID", std::int64_t{mail.uid});
                    values.set("FOLDER", folders_.failed);
                    values.set("ERROR", error);
                  }});
    });
  }

  const InboxParts& parts_;
  Mailbox& mailbox_;
  std::string name_;
  FetchFolders folders_;
  Lease lease_;
  std::string generation_;
  Instant renewed_at_;
  std::set<std::int64_t> failed_before_;
  std::set<std::int64_t> failed_now_;  // not tried again in this pass
  FetchSummary summary_;
  Fetched fetched_;            // not kept yet
  Fetched judged_;             // kept and judged, by another thread while `judging_` lasts
  std::future<void> judging_;  // the last: it ends before what it uses
};

}  // namespace

FetchSummary fetch_mails(const InboxParts& parts, Mailbox& mailbox, const std::string& name,
                         const FetchFolders& folders, const std::atomic<bool>* stop) {
  return Fetcher(parts, mailbox, name, folders).fetch_all(stop);
}

}  // namespace cstims
