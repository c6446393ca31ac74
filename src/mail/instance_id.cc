#include "base/secret.h"
#include "base/text.h"
#include "mail/outbox_store.h"

namespace cstims {

constexpr Statement insert_instance_id{"insert instance id", R"(
  insert into installation (name, value)
  values ('instance id', :value)
  on conflict (name) do nothing)"};
constexpr Statement find_instance_id{"instance id", R"(
  select value
  from installation
  where name = 'instance id')"};

std::string require_instance_id(Transaction& tx) {
  return tx.once("instance id", [&] {
    if (const auto row = tx.find(find_instance_id)) return row->text("value");
    tx.execute(insert_instance_id, {{"value", hex(random_bytes(12))}});
    return tx.require(find_instance_id).text("value");
  });
}

}  // namespace cstims
