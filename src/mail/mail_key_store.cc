#include "mail/mail_key_store.h"

#include "base/failure.h"
#include "base/secret.h"
#include "base/text.h"

namespace cstims {

namespace {

constexpr std::string_view present = "mail key";
constexpr std::string_view former = "mail key before";

std::string new_key() {
  return base64(random_bytes(32));
}

}  // namespace

constexpr Statement find_mail_keys{"mail keys", R"(
  select name, value
  from installation
  where name in ('mail key', 'mail key before')
  order by name)"};
constexpr Statement insert_mail_key{"first mail key", R"(
  insert into installation (name, value)
  values (:name, :value)
  on conflict (name) do nothing)"};
constexpr Statement put_mail_key{"mail key", R"(
  insert into installation (name, value)
  values (:name, :value)
  on conflict (name) do update
  set value = excluded.value)"};

MailKeys require_mail_keys(Transaction& tx) {
  auto rows = tx.select(find_mail_keys);
  if (rows.empty()) {
    tx.execute(insert_mail_key, {{"name", present}, {"value", new_key()}});
    rows = tx.select(find_mail_keys);
  }
  MailKeys keys;
  for (const Row& row : rows) {
    auto key = parse_base64(row.text("value"));
    if (!key || key->size() != 32) throw DatabaseError("the key of mail codes is none");
    keys.keys.push_back(std::move(*key));
  }
  return keys;
}

void rotate_mail_key(Transaction& tx) {
  const std::string before = base64(require_mail_keys(tx).keys.front());
  tx.execute(put_mail_key, {{"name", former}, {"value", before}});
  tx.execute(put_mail_key, {{"name", present}, {"value", new_key()}});
}

}  // namespace cstims
