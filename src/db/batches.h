// Work on many things, several in one transaction for speed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <span>
#include <type_traits>
#include <vector>

#include "base/failure.h"
#include "db/database.h"

namespace cstims {

/// Throws when the database does not answer (any more): that is no item's fault.
inline void require_answer(Database& database) {
  constexpr Statement ask{"does it answer", "select 1 as answer"};
  database.read([&](Transaction& tx) { tx.require(ask); });
}

/// Calls `act(tx, item)` for each, `size` items in one write transaction, and after its commit
/// `done` with what each returned. When one throws, each of its batch gets a transaction of its
/// own, so that one item's fault stops no other; `fault(item, error)` is told. Throws what is no
/// item's fault: what was committed stays. `act` may run several times for an item and be rolled
/// back: it has no effect outside the transaction.
template <typename Item, typename Do, typename Done, typename Fault>
void in_batches(Database& database, std::span<const Item> items, std::size_t size, const Do& act,
                const Done& done, const Fault& fault) {
  using Value = std::invoke_result_t<Do, Transaction&, const Item&>;
  for (std::size_t start = 0; start < items.size(); start += size) {
    const auto batch = items.subspan(start, std::min(size, items.size() - start));
    std::vector<Value> values;
    try {
      values = database.write([&](Transaction& tx) {
        std::vector<Value> made;
        for (const auto& item : batch) made.push_back(act(tx, item));
        return made;
      });
    } catch (const std::exception& error) {
      if (dynamic_cast<const Overload*>(&error) != nullptr) throw;
      require_answer(database);
      if (batch.size() == 1) {
        fault(batch.front(), error);
      } else {
        in_batches(database, batch, 1, act, done, fault);
      }
    }
    for (const auto& value : values) done(value);
  }
}

}  // namespace cstims
