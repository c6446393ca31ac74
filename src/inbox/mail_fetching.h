// Emptying a mailbox, some mails at a time: they are fetched, kept, judged and then moved out of
// the inbox. Whatever stops this between two steps, they are met again and known again.
#pragma once

#include <atomic>
#include <string>

#include "inbox/inbox_actions.h"
#include "inbox/mailbox.h"

namespace cstims {

struct FetchFolders {
  std::string done = "Done";
  std::string failed = "Failed";
  std::string oversize = "Oversize";
};

struct FetchSummary {
  int taken = 0;     // kept, whatever they were judged to be
  int failed = 0;    // to be tried again
  int given_up = 0;  // moved to Failed
  int oversize = 0;
};

/// `name` says which mailbox it is, for its failures and its lease: of two programs at once the
/// second throws Refused. A mail that fails never stops the next; the third time it is moved aside
/// and the operator told. Throws MailboxUnreachable, or what the
/// database and the disk throw.
FetchSummary fetch_mails(const InboxParts& parts, Mailbox& mailbox, const std::string& name,
                         const FetchFolders& folders, const std::atomic<bool>* stop = nullptr);

}  // namespace cstims
