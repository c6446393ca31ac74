// Mail comes in: kept first, then judged, once, in a transaction with all that follows from it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inbox/inbox_actions.h"
#include "inbox/mail_scan.h"

namespace cstims {

/// When it returns, the mail is safe: its bytes and row are there, even if judging failed. Throws
/// only where the database or the disk fail; then whoever brought the mail tries again.
ReceivedInbound receive_mail(const InboxParts& parts, std::string_view raw,
                             const std::string& source, const std::string& envelope_recipient);

/// The same for several, in their order: their files become durable together, their rows commit
/// together, and what is made of them commits together. One that cannot be judged with the others
/// is judged alone, after those before it and before those behind it.
void receive_mails(const InboxParts& parts, const std::vector<std::string>& raws,
                   const std::string& source);

/// A mail whose bytes and row are there.
ReceivedInbound judge_kept(const InboxParts& parts, InboundMailId id, std::string_view raw,
                           const std::string& envelope_recipient, Patience patience);

}  // namespace cstims
