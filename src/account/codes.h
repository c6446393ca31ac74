// Codes in mailed links: 256 random bits, only a hash stored, bound to purpose, user and address,
// used once, confirmed by a button (mail scanners open every link). A new one voids the earlier
// ones of its purpose.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "account/user.h"
#include "db/database.h"

namespace cstims {

enum class CodePurpose {
  verify,  // the address given at registration; 24 hours
  reset,   // a forgotten password; 30 minutes
  email    // a new address; 24 hours
};

struct MailedCode {
  std::string code;   // for the link: the only time anybody sees it
  std::string event;  // names the row, for the outbox
};
/// Absent when this user was mailed three codes within the hour: then no mail goes out.
std::optional<MailedCode> make_code(Transaction& tx, UserId user, CodePurpose purpose,
                                    const EmailAddress& address);

struct CodeHolder {
  UserId user;
  EmailAddress address;  // the code was mailed there
};
/// Looks, takes nothing. Absent for a code that is unknown, used, voided, expired or of another
/// purpose.
std::optional<CodeHolder> find_code(Transaction& tx, CodePurpose purpose, std::string_view code);
/// As find_code, and the code is used now: of two at once one gets it.
std::optional<CodeHolder> take_code(Transaction& tx, CodePurpose purpose, std::string_view code);
/// All of this user, whatever the purpose.
void void_codes(Transaction& tx, UserId user);
/// Expired for a day; the number of rows.
std::int64_t delete_stale_codes(Transaction& tx);

}  // namespace cstims
