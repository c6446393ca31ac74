// How mail leaves this installation: the transport of the settings, and the documents that mails
// name.
#pragma once

#include <memory>

#include "app/installation.h"
#include "mail/outbox_worker.h"

namespace cstims {

/// The password in the file that a setting names; empty when it names none. Throws UsageError.
std::string read_password_file(const Settings& settings, std::string_view key);

/// Throws UsageError when the mail settings contradict each other or the password file cannot be
/// read.
std::unique_ptr<MailTransport> make_transport(const Settings& settings, const Site& site);

/// "invoice 12" → its PDF, drawn now if it has not been yet.
DocumentResolver document_source(Installation& installation);

}  // namespace cstims
