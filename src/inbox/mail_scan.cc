#include "inbox/mail_scan.h"

namespace cstims {

Scanned scan_files(const InboxParts& parts, const ReceivedMail& mail) {
  if (parts.scanner == nullptr) return {};
  for (const MailFile& file : mail.files) {
    // One that cannot be scanned tells of the scanner: the others would only take their time.
    Scanned scanned = parts.scanner->scan(file.bytes);
    if (scanned.verdict != ScanVerdict::clean) return scanned;
  }
  return {};
}

ReceivedInbound wait_for_scanner(const InboxParts& parts, InboundMailId mail) {
  const std::string why = "its files wait for the virus scanner";
  parts.database.write([&](Transaction& tx) { update_reason_to_wait(tx, mail, why); });
  return {.mail = mail, .verdict = InboundVerdict::arrived, .reason = why};
}

}  // namespace cstims
