// Settings that are numbers of days, or "off".
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace cstims {

/// "7", at most a year. Absent for anything else, "off" too.
std::optional<int> read_days(std::string_view text);
/// "1,7,14", ascending; "off" is none. Absent when it is no list of up to eight different days.
std::optional<std::vector<int>> read_days_list(std::string_view text);

}  // namespace cstims
