// The log: JSON lines on standard error, one event a line, controls escaped, UTC with milliseconds.
// Never a secret.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace cstims {

using LogFields = std::initializer_list<std::pair<std::string_view, std::string>>;

void log_info(std::string_view event, LogFields fields = {});
void log_warning(std::string_view event, LogFields fields = {});
void log_error(std::string_view event, LogFields fields = {});
/// Nothing below warnings (commands, tests).
void log_quietly();

}  // namespace cstims
