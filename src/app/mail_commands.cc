#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "app/command_functions.h"
#include "app/inbox_worker.h"
#include "base/failure.h"
#include "inbox/mail_receiving.h"
#include "mail/mail_class.h"
#include "mail/mail_key_store.h"

namespace cstims {
namespace {

using Json = nlohmann::ordered_json;

/// A mail a little over the limit is read no further than that.
std::string read_standard_input() {
  std::string raw;
  std::array<char, 65536> room{};
  while (raw.size() <= largest_mail && std::cin) {
    std::cin.read(room.data(), room.size());
    raw.append(room.data(), static_cast<std::size_t>(std::cin.gcount()));
  }
  return raw;
}

Json described(const OpenedMail& opened, const Judged& judged) {
  const ReceivedMail& mail = opened.mail;
  Json json;
  json["class"] = text(judged.kind);
  json["from"] = mail.from ? mail.from->text() : "";
  json["from_name"] = mail.from_name;
  json["subject"] = mail.subject;
  json["message_id"] = mail.message_id;
  json["in_reply_to"] = mail.in_reply_to.empty() ? "" : mail.in_reply_to.front();
  json["references"] = mail.references;
  json["date"] = mail.date ? Json(mail.date->text()) : Json();
  json["text"] = mail.text;
  json["quoted"] = mail.quoted;
  json["attachments"] = Json::array();
  for (const MailFile& file : mail.files) {
    json["attachments"].push_back(
        {{"name", file.name}, {"type", file.type}, {"size", file.bytes.size()}});
  }
  json["useless_parts"] = mail.useless_parts;
  json["bounces"] = Json::array();
  if (judged.kind == MailClass::bounce) {
    for (const FailedRecipient& failed : read_delivery_report(opened.mime).recipients) {
      json["bounces"].push_back(
          {{"recipient", failed.recipient}, {"status", failed.status}, {"action", failed.action}});
    }
  }
  json["problems"] = mail.problems;
  return json;
}

}  // namespace

int inspect_mail_command(Invocation& run) {
  const std::string raw = read_standard_input();
  if (raw.size() > largest_mail) throw Refused("The mail is over 25 MiB.");
  const Site site = make_site(run.settings());
  const OwnMail own{
      .instance = {},
      .addresses = {site.mail_from, site.mail_admin, site.mail_helpdesk, site.mail_accounting}};
  const OpenedMail opened = open_mail(raw);
  // Message-IDs are the only text that is shown as it came.
  fmt::print(
      "{}\n",
      described(opened, classify(opened, own)).dump(2, ' ', false, Json::error_handler_t::replace));
  return 0;
}

// Exit codes of sysexits.h, which mail servers know: 0 only when the mail is safe, 65 for what no
// later try would make better, 75 for every fault of ours: the mail server keeps it and tries
// again.
int receive_mail_command(Invocation& run) {
  constexpr int bad_input = 65;
  constexpr int try_again = 75;
  try {
    const std::string raw = read_standard_input();
    if (raw.empty() || raw.size() > largest_mail) {
      fmt::print(stderr, "cstims: {}\n",
                 raw.empty() ? "there is no mail" : "the mail is over 25 MiB");
      return bad_input;
    }
    auto& installation = run.installation();
    const auto received =
        receive_mail(inbox_parts(installation), raw, "pipe", run.value("--recipient").value_or(""));
    fmt::print("mail {}: {}{}{}\n", received.mail.number(), text(received.verdict),
               received.reason.empty() ? "" : ", ", received.reason);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "cstims: {}\n", error.what());
    return try_again;
  }
}

int fetch_mail_command(Invocation& run) {
  auto& installation = run.installation();
  const auto mailbox = make_mailbox(installation.settings());
  if (!mailbox) throw UsageError("imap.url: write imaps://HOST to fetch mail from there");
  const int left = judge_left_over(inbox_parts(installation));
  const FetchSummary summary = fetch_once(installation, *mailbox);
  if (run.json()) {
    print_object({{"taken", std::int64_t{summary.taken}},
                  {"failed", std::int64_t{summary.failed}},
                  {"given_up", std::int64_t{summary.given_up}},
                  {"oversize", std::int64_t{summary.oversize}},
                  {"left_over", std::int64_t{left}}});
  } else {
    fmt::print("{} fetched, {} failed, {} given up, {} too large\n", summary.taken, summary.failed,
               summary.given_up, summary.oversize);
  }
  return summary.failed > 0 ? 1 : 0;
}

int rotate_mail_key_command(Invocation& run) {
  run.installation().database().write([](Transaction& tx) { rotate_mail_key(tx); });
  fmt::print(
      "New mails carry codes of a new key. Those of the key before stay good; of older ones "
      "no more.\n");
  return 0;
}

}  // namespace cstims
