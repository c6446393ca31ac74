#include "http/form_keys.h"

#include <chrono>

#include "base/secret.h"
#include "base/text.h"

namespace cstims {

namespace {

constexpr Statement claim_key{"claim form key", R"(
  insert into form_keys (form_key, digest, used_at)
  values (:key, :digest, :now)
  on conflict (form_key) do nothing)"};

constexpr Statement find_key{"form key", R"(
  select digest, coalesce(location, '') as location
  from form_keys
  where form_key = :key)"};

constexpr Statement set_location{"location of form key", R"(
  update form_keys
  set location = :location
  where form_key = :key)"};

constexpr Statement delete_old{"forget form keys", R"(
  delete from form_keys
  where used_at < :before)"};

constexpr std::size_t longest_key = 64;

bool is_key(std::string_view text) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.size() <= longest_key && text.find_first_not_of(letters) == std::string_view::npos;
}

/// Names and values cannot run into each other: each is written with its length.
std::string digest_of(const FormData& form) {
  std::string all;
  const auto add = [&](std::string_view text) {
    all += std::to_string(text.size()) + ":";
    all += text;
  };
  for (const auto& [name, value] : form.fields) {
    add(name);
    add(value);
  }
  for (const auto& upload : form.uploads) {
    add(upload.field);
    add(upload.sha256);
  }
  return sha256_hex(all);
}

}  // namespace

FormKey take_form_key(Request& request, std::string_view session_token) {
  auto& fields = request.form.fields;
  const auto found = fields.find("once");
  if (found == fields.end()) return {};
  const std::string key = found->second;
  fields.erase(found);
  if (key.empty()) return {};
  if (!is_key(key)) throw BadRequest("the field once is no key of a form");
  return {sha256_hex(std::string(session_token) + "|" + request.path + "|" + key),
          digest_of(request.form)};
}

void claim_form_key(Transaction& tx, const FormKey& key) {
  const auto claimed =
      tx.execute(claim_key, {{"key", key.key}, {"digest", key.digest}, {"now", tx.now()}});
  if (claimed == 1) return;
  throw FormRepeated(tx.require(find_key, {{"key", key.key}}).text("digest") != key.digest);
}

void remember_form_location(Transaction& tx, const FormKey& key, const std::string& location) {
  tx.execute(set_location, {{"location", location}, {"key", key.key}});
}

std::string find_form_location(Transaction& tx, const FormKey& key) {
  const auto row = tx.find(find_key, {{"key", key.key}});
  return row ? row->text("location") : std::string();
}

std::int64_t forget_form_keys(Transaction& tx) {
  return tx.execute(delete_old, {{"before", tx.now().plus(-std::chrono::hours(48))}});
}

}  // namespace cstims
