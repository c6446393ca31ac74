#include "inbox/staff_commands.h"

#include <algorithm>

#include "base/text.h"

namespace cstims {
namespace {

bool is_command(std::string_view line) {
  return line.size() > 1 && line.front() == '#' && std::ranges::all_of(line.substr(1), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

void add_command(StaffCommands& commands, const std::string& word) {
  if (word == "#close") {
    commands.closes = TicketStatus::closed;
  } else if (word == "#nofix") {
    commands.closes = TicketStatus::nofix;
  } else if (word == "#take") {
    commands.takes = true;
  } else if (word == "#note") {
    commands.is_note = true;
  } else if (commands.unknown.empty()) {
    commands.unknown = shorten(word, 40);
  }
}

}  // namespace

StaffCommands read_staff_commands(std::string_view text) {
  StaffCommands commands;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    if (!line.empty() && !is_command(line)) break;
    if (!line.empty()) add_command(commands, lower_ascii(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  commands.text = std::string(text);
  return commands;
}

}  // namespace cstims
