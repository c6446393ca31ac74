#include "db/connection.h"

namespace cstims {

std::vector<std::int64_t> Connection::run_each(std::string_view name, std::string_view text,
                                               const std::vector<Parameters>& all,
                                               const EachRowOf& each) {
  std::vector<std::int64_t> touched;
  touched.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    touched.push_back(run(name, text, true, all[i], [&](Row&& row) {
      if (each) each(i, std::move(row));
      return true;
    }));
  }
  return touched;
}

}  // namespace cstims
