#include "app/days_setting.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace cstims {

std::optional<int> read_days(std::string_view text) {
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (text.empty() || text.size() > 3 || !digits) return std::nullopt;
  const int days = std::stoi(std::string(text));
  return days <= 365 ? std::optional(days) : std::nullopt;
}

std::optional<std::vector<int>> read_days_list(std::string_view text) {
  constexpr std::size_t most_steps = 8;
  std::vector<int> list;
  if (trim(text) == "off") return list;
  for (const auto word : split(text, ',')) {
    const auto days = read_days(trim(word));
    if (!days || *days == 0 || std::ranges::count(list, *days) > 0) return std::nullopt;
    list.push_back(*days);
  }
  std::ranges::sort(list);
  return list.size() <= most_steps ? std::optional(list) : std::nullopt;
}

}  // namespace cstims
