#include "base/log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>

#include "base/date.h"
#include "base/text.h"

namespace cstims {
namespace {

std::atomic<bool> quiet = false;

std::string timestamp() {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  auto text = Instant(second.time_since_epoch().count()).text();
  text.pop_back();
  return fmt::format("{}.{:03}Z", text, (now - second).count());
}

/// RFC 8259 §7, and every other character that could forge a line or move a terminal's cursor.
void append_json(std::string& line, std::string_view text) {
  line += '"';
  while (!text.empty()) {
    const auto next = first_code_point(text);
    if (!next) {
      line += "\\ufffd";
      text.remove_prefix(1);
      continue;
    }
    if (next->value == U'"' || next->value == U'\\') {
      line += '\\';
      line += text.front();
    } else if (is_control(next->value)) {
      line += fmt::format("\\u{:04x}", static_cast<unsigned>(next->value));
    } else {
      line += text.substr(0, next->bytes);
    }
    text.remove_prefix(next->bytes);
  }
  line += '"';
}

void append_field(std::string& line, std::string_view name, std::string_view value) {
  line += line.empty() ? '{' : ',';
  append_json(line, name);
  line += ':';
  append_json(line, value);
}

/// One write a line, so that lines of different threads never mix. A log that cannot be written is
/// no reason to stop.
void write_line(std::string_view line) {
  while (!line.empty()) {
    const auto written = ::write(STDERR_FILENO, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

void log(std::string_view level, std::string_view event, LogFields fields) {
  std::string line;
  append_field(line, "time", timestamp());
  append_field(line, "level", level);
  append_field(line, "event", event);
  for (const auto& [name, value] : fields) append_field(line, name, value);
  write_line(line += "}\n");
}

}  // namespace

void log_info(std::string_view event, LogFields fields) {
  if (!quiet) log("info", event, fields);
}

void log_warning(std::string_view event, LogFields fields) {
  log("warning", event, fields);
}

void log_error(std::string_view event, LogFields fields) {
  log("error", event, fields);
}

void log_quietly() {
  quiet = true;
}

}  // namespace cstims
