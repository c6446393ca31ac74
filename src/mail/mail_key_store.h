// The keys of mail codes, kept in the database and shown to nobody.
#pragma once

#include "db/database.h"
#include "mail/mail_codes.h"

namespace cstims {

/// Makes the first key when there is none, which needs a transaction that writes.
MailKeys require_mail_keys(Transaction& tx);
/// A new key makes the codes from now on; those of the one before it stay good until the next
/// rotation.
void rotate_mail_key(Transaction& tx);

}  // namespace cstims
