#include "account/codes.h"

#include "base/secret.h"

namespace cstims {
namespace {

using namespace std::chrono_literals;

constexpr int most_an_hour = 3;

constexpr Statement count_codes_since{"mailed codes since", R"(
  select count(*) as mailed
  from mailed_codes
  where user_id = :user
    and created_at > :since)"};

constexpr Statement void_codes_of_purpose{"mailed codes void purpose", R"(
  update mailed_codes
  set used_at = :now
  where user_id = :user
    and purpose = :purpose
    and used_at is null)"};

constexpr Statement void_codes_of_user{"mailed codes void", R"(
  update mailed_codes
  set used_at = :now
  where user_id = :user
    and used_at is null)"};

constexpr Statement insert_code{"mailed code insert", R"(
  insert into mailed_codes (user_id, purpose, code_hash, email, created_at, expires_at)
  values (:user, :purpose, :hash, :email, :now, :expires)
  returning id)"};

constexpr Statement find_code_by_hash{"mailed code by hash", R"(
  select user_id, email
  from mailed_codes
  where code_hash = :hash
    and purpose = :purpose
    and used_at is null
    and expires_at > :now)"};

constexpr Statement take_code_by_hash{"mailed code take", R"(
  update mailed_codes
  set used_at = :now
  where code_hash = :hash
    and purpose = :purpose
    and used_at is null
    and expires_at > :now
  returning user_id, email)"};

constexpr Statement delete_expired_codes{"mailed codes delete expired", R"(
  delete from mailed_codes
  where expires_at < :since)"};

std::string_view text(CodePurpose purpose) {
  switch (purpose) {
    case CodePurpose::verify:
      return "verify";
    case CodePurpose::reset:
      return "reset";
    case CodePurpose::email:
      return "email";
  }
  return "";
}

std::chrono::seconds lifetime(CodePurpose purpose) {
  return purpose == CodePurpose::reset ? std::chrono::seconds(30min) : std::chrono::seconds(24h);
}

/// The purpose is part of what is hashed: a code of one never matches another, whatever the query
/// says.
std::string hash_of(CodePurpose purpose, std::string_view code) {
  return sha256_hex(std::string(text(purpose)) + ":" + std::string(code));
}

std::optional<CodeHolder> holder(const std::optional<Row>& row) {
  if (!row) return std::nullopt;
  return CodeHolder{row->id<User>("user_id"), EmailAddress::stored(row->text("email"))};
}

}  // namespace

std::optional<MailedCode> make_code(Transaction& tx, UserId user, CodePurpose purpose,
                                    const EmailAddress& address) {
  const auto mailed =
      tx.require(count_codes_since, {{"user", user}, {"since", tx.now().plus(-1h)}});
  if (mailed.number("mailed") >= most_an_hour) return std::nullopt;

  const auto code = random_token();
  tx.execute(void_codes_of_purpose,
             {{"now", tx.now()}, {"user", user}, {"purpose", text(purpose)}});
  const auto row = tx.require(insert_code, {{"user", user},
                                            {"purpose", text(purpose)},
                                            {"hash", hash_of(purpose, code)},
                                            {"email", address.text()},
                                            {"now", tx.now()},
                                            {"expires", tx.now().plus(lifetime(purpose))}});
  return MailedCode{code, "code " + std::to_string(row.number("id"))};
}

std::optional<CodeHolder> find_code(Transaction& tx, CodePurpose purpose, std::string_view code) {
  return holder(
      tx.find(find_code_by_hash,
              {{"hash", hash_of(purpose, code)}, {"purpose", text(purpose)}, {"now", tx.now()}}));
}

std::optional<CodeHolder> take_code(Transaction& tx, CodePurpose purpose, std::string_view code) {
  return holder(
      tx.find(take_code_by_hash,
              {{"hash", hash_of(purpose, code)}, {"purpose", text(purpose)}, {"now", tx.now()}}));
}

void void_codes(Transaction& tx, UserId user) {
  tx.execute(void_codes_of_user, {{"now", tx.now()}, {"user", user}});
}

std::int64_t delete_stale_codes(Transaction& tx) {
  return tx.execute(delete_expired_codes, {{"since", tx.now().plus(-24h)}});
}

}  // namespace cstims
