// What mail servers say about mail of ours that they could not deliver (RFC 3464, and the texts of
// those that do not follow it).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mail/mime_part.h"

namespace cstims {

struct FailedRecipient {
  std::string recipient;   // an address, as far as the report names one
  std::string action;      // "failed", "delayed", "delivered", …; empty: not said
  std::string status;      // "5.1.1"; empty: not said
  std::string diagnostic;  // what the other server answered
};

/// Of a message/delivery-status: blocks of fields, the first about the message, then one for each
/// recipient.
std::vector<FailedRecipient> parse_delivery_status(std::string_view text);

struct DeliveryReport {
  std::vector<FailedRecipient> recipients;
  /// Message-IDs in what came back of the original, in order.
  std::vector<std::string> original_ids;
};
/// Of a report with such a part, or of a bounce in plain words.
DeliveryReport read_delivery_report(const MimeMessage& mail);

/// "RCPT: 550 5.1.1 No such user" → "5.1.1"; without such a code 5.0.0 for a refusal, else empty.
std::string status_in_reply(std::string_view reply);

/// The address is wrong for good: 5.1.x, or "user unknown" in other words.
bool says_unknown_user(const FailedRecipient& failed);

}  // namespace cstims
