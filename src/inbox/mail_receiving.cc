#include "inbox/mail_receiving.h"

#include <fmt/format.h>

#include <deque>
#include <set>

#include "account/user_store.h"
#include "base/failure.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "db/batches.h"
#include "inbox/mail_judge.h"
#include "inbox/raw_mails.h"

namespace cstims {
namespace {

InboundFacts facts_of(const OpenedMail& opened) {
  const ReceivedMail& mail = opened.mail;
  InboundFacts facts{.sender = mail.from ? mail.from->key() : "",
                     .sender_name = single_line(mail.from_name),
                     .subject = single_line(mail.subject),
                     .message_id = clean_message_id(mail.message_id),
                     .mail_key = "",
                     .thread = read_outlook_thread(opened.mime.top.header)};
  if (!mail.message_id.empty()) {
    const std::string_view date = opened.mime.top.header.value("date");
    facts.mail_key = sha256_hex(fmt::format("{}\n{}\n{}", mail.message_id, facts.sender, date));
  }
  return facts;
}

/// Strangers' files stay in their mails.
bool has_account(Transaction& tx, const OpenedMail& opened) {
  if (!opened.mail.from) return false;
  const auto user = find_user_by_email(tx, *opened.mail.from);
  return user && user->may_sign_in();
}

ReceivedInbound outcome(InboundMailId mail, const Judgement& judgement) {
  return {.mail = mail, .verdict = judgement.verdict, .reason = judgement.reason};
}

ReceivedInbound outcome_in_row(const InboxParts& parts, InboundMailId mail) {
  const auto row =
      parts.database.read([&](Transaction& tx) { return require_inbound_mail(tx, mail); });
  return {.mail = mail, .verdict = row.verdict, .reason = row.reason};
}

std::optional<Judgement> judge_once(const InboxParts& parts, const MailToJudge& mail) {
  auto judged = parts.database.write([&](Transaction& tx) { return judge_mail(tx, parts, mail); });
  if (judged) return *judged;
  return parts.database.write([&](Transaction& tx) -> std::optional<Judgement> {
    if (!claim_arrived(tx, mail.id)) return std::nullopt;
    return hold_refused_mail(tx, parts, mail, judged.error());
  });
}

/// The same mail by another way, judged at the same moment, got the key first.
bool is_same_mail(const ConstraintViolation& violation) {
  return violation.constraint == "inbound_mails_mail" ||
         violation.constraint.find("mail_key") != std::string::npos;
}

ReceivedInbound mark_failed(const InboxParts& parts, InboundMailId mail, const std::string& why) {
  log_error("a mail could not be judged", {{"mail", mail.text()}, {"error", why}});
  const Judgement judgement{.verdict = InboundVerdict::failed, .reason = why};
  parts.database.write([&](Transaction& tx) {
    if (claim_arrived(tx, mail)) update_judgement(tx, mail, judgement);
  });
  return outcome(mail, judgement);
}

// ---- several --------------------------------------------------------------------------------

struct KeptMail {
  InboundMailId id;
  std::string_view raw;
};

/// A ticket's verb refused: what the transaction did for the others must not go with it.
class RefusedAmongOthers : public Failure {
 public:
  using Failure::Failure;
};

class JudgedTogether {
 public:
  JudgedTogether(const InboxParts& parts, const std::vector<KeptMail>& mails) : parts_(parts) {
    for (const KeptMail& kept : mails) open(mails_.emplace_back(kept));
    keep_files();
  }

  /// Whatever goes wrong, the work is no more than twice that of judging each alone: a failure
  /// makes one mail stand alone, and what stood before it is done again.
  void judge() {
    for (std::size_t first = 0; first < mails_.size();) {
      std::size_t end = first;
      while (end < mails_.size() && !mails_[end].alone) ++end;
      if (end <= first + 1) {
        Mail& mail = mails_[first++];
        mail.to_judge.reset();  // it is opened anew: not twice in the memory
        mail.opened.reset();
        judge_kept(parts_, mail.kept.id, mail.kept.raw, "", Patience::waits_for_scanner);
      } else if (judge_together(first, end)) {
        first = end;
      }
    }
  }

 private:
  struct Mail {
    explicit Mail(const KeptMail& mail) : kept(mail) {}
    KeptMail kept;
    bool alone = false;  // its fault is then told as that of any mail
    std::optional<OpenedMail> opened = {};
    std::optional<MailToJudge> to_judge = {};
  };

  /// Files that are scanned may take their time: such a mail keeps nobody waiting but itself.
  void open(Mail& mail) const {
    try {
      mail.opened.emplace(open_mail(mail.kept.raw));
      mail.to_judge.emplace(MailToJudge{.id = mail.kept.id,
                                        .opened = *mail.opened,
                                        .facts = facts_of(*mail.opened),
                                        .envelope_recipient = "",
                                        .files = {}});
      const bool scans = parts_.scanner != nullptr && parts_.scanner->is_on();
      mail.alone = scans && !mail.opened->mail.files.empty();
    } catch (const std::exception&) {
      mail.alone = true;
    }
  }

  void keep_files() {
    try {
      const auto known = with_account();
      BytesToKeep bytes(parts_.files);
      for (Mail* mail : known) mail->to_judge->files = take_files(bytes, mail->opened->mail);
      bytes.keep();
    } catch (const DatabaseError&) {
      throw;
    } catch (const Overload&) {
      throw;
    } catch (const std::exception&) {
      for (Mail& mail : mails_) mail.alone = true;
    }
  }

  std::vector<Mail*> with_account() {
    return parts_.database.read([&](Transaction& tx) {
      std::vector<Mail*> known;
      for (Mail& mail : mails_) {
        if (!mail.alone && has_account(tx, *mail.opened)) known.push_back(&mail);
      }
      return known;
    });
  }

  /// False: one of them, or each, must be judged alone.
  bool judge_together(std::size_t first, std::size_t end) {
    std::size_t at = first;
    try {
      parts_.database.write([&](Transaction& tx) {
        for (at = first; at < end; ++at) {
          const auto judged = judge_mail(tx, parts_, *mails_[at].to_judge);
          if (!judged) throw RefusedAmongOthers(judged.error().items.front().message.english());
        }
      });
      return true;
    } catch (const std::exception& error) {
      log_info("mails are judged apart", {{"reason", error.what()}});
    }
    require_answer(parts_.database);
    // At the end: the commit failed, or what was posted before it, and nobody knows whose it is.
    for (std::size_t i = at < end ? at : first; i < std::min(at + 1, end); ++i) {
      mails_[i].alone = true;
    }
    return false;
  }

  const InboxParts& parts_;
  std::deque<Mail> mails_;
};

std::vector<Arrival> keep_files_of(const InboxParts& parts, const std::vector<std::string>& raws,
                                   const std::string& source) {
  FileStore mails = raw_mails(parts.files);
  BytesToKeep bytes(mails);
  std::vector<Arrival> arrivals;
  for (const std::string& raw : raws) {
    arrivals.push_back({.source = source,
                        .envelope_recipient = "",
                        .size = static_cast<std::int64_t>(raw.size()),
                        .sha256 = bytes.add(raw)});
  }
  bytes.keep();
  return arrivals;
}

}  // namespace

ReceivedInbound judge_kept(const InboxParts& parts, InboundMailId id, std::string_view raw,
                           const std::string& envelope_recipient, Patience patience) {
  try {
    const OpenedMail opened = open_mail(raw);
    MailToJudge mail{.id = id,
                     .opened = opened,
                     .facts = facts_of(opened),
                     .envelope_recipient = envelope_recipient,
                     .files = {}};
    const bool known =
        parts.database.read([&](Transaction& tx) { return has_account(tx, opened); });
    if (known) {
      mail.scanned = scan_files(parts, opened.mail);
      if (mail.scanned.verdict == ScanVerdict::unknown && patience == Patience::waits_for_scanner) {
        return wait_for_scanner(parts, id);
      }
      if (mail.scanned.verdict == ScanVerdict::clean) {
        mail.files = take_files(parts.files, opened.mail);
      }
    }
    std::optional<Judgement> judgement;
    try {
      judgement = judge_once(parts, mail);
    } catch (const ConstraintViolation& violation) {
      if (!is_same_mail(violation)) throw;
      judgement = judge_once(parts, mail);  // now it finds the other
    }
    return judgement ? outcome(id, *judgement) : outcome_in_row(parts, id);
  } catch (const ConstraintViolation& error) {
    return mark_failed(parts, id, error.what());
  } catch (const DatabaseError&) {
    throw;  // not the mail's fault: it waits
  } catch (const Overload&) {
    throw;
  } catch (const std::exception& error) {
    return mark_failed(parts, id, error.what());
  }
}

ReceivedInbound receive_mail(const InboxParts& parts, std::string_view raw,
                             const std::string& source, const std::string& envelope_recipient) {
  FileStore mails = raw_mails(parts.files);
  const Arrival arrival{.source = source,
                        .envelope_recipient = shorten(single_line(envelope_recipient), 320),
                        .size = static_cast<std::int64_t>(raw.size()),
                        .sha256 = keep_bytes(mails, raw)};
  const StoredArrival stored =
      parts.database.write([&](Transaction& tx) { return insert_arrival(tx, arrival); });
  if (stored.verdict == InboundVerdict::duplicate) return outcome_in_row(parts, stored.mail);
  return judge_kept(parts, stored.mail, raw, arrival.envelope_recipient,
                    Patience::waits_for_scanner);
}

void receive_mails(const InboxParts& parts, const std::vector<std::string>& raws,
                   const std::string& source) {
  const std::vector<Arrival> arrivals = keep_files_of(parts, raws, source);
  std::set<std::string_view> digests;
  std::vector<std::size_t> first;
  std::vector<std::size_t> again;  // duplicates of what is judged here, so they come after it
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    (digests.insert(arrivals[i].sha256).second ? first : again).push_back(i);
  }
  const auto to_judge = parts.database.write([&](Transaction& tx) {
    std::vector<KeptMail> arrived;
    for (const std::size_t i : first) {
      const StoredArrival stored = insert_arrival(tx, arrivals[i]);
      if (stored.verdict == InboundVerdict::arrived) arrived.push_back({stored.mail, raws[i]});
    }
    return arrived;
  });
  if (to_judge.size() == 1) {
    judge_kept(parts, to_judge.front().id, to_judge.front().raw, "", Patience::waits_for_scanner);
  } else {
    JudgedTogether(parts, to_judge).judge();
  }
  if (again.empty()) return;
  parts.database.write([&](Transaction& tx) {
    for (const std::size_t i : again) insert_arrival(tx, arrivals[i]);
  });
}

}  // namespace cstims
