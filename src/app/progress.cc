#include "app/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace cstims {
namespace {

using namespace std::chrono_literals;

constexpr auto silent_at_first = 500ms;
constexpr auto between_bars = 100ms;
constexpr auto between_lines = 5s;
constexpr int bar_width = 30;

std::string grouped(std::int64_t number) {
  std::string digits = fmt::format_int(number).str();
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return digits;
}

std::string rest_of(std::int64_t done, std::int64_t total, std::chrono::milliseconds elapsed) {
  if (done == 0 || done >= total) return "";
  const auto seconds = elapsed.count() * (total - done) / done / 1000;
  return fmt::format(", {}:{:02} left", seconds / 60, seconds % 60);
}

}  // namespace

std::string progress_text(const std::string& what, std::int64_t done, std::int64_t total,
                          std::chrono::milliseconds elapsed) {
  if (total <= 0) return fmt::format("{} {}", grouped(done), what);
  return fmt::format("{} of {} {}, {} %{}", grouped(done), grouped(total), what, done * 100 / total,
                     rest_of(done, total, elapsed));
}

Progress::Progress(std::string what, bool silent)
    : Progress(std::move(what), silent                       ? Form::none
                                : isatty(STDERR_FILENO) != 0 ? Form::bar
                                                             : Form::lines) {}

void Progress::show(std::int64_t done, std::int64_t total) {
  if (form_ == Form::none) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - started_ < silent_at_first) return;
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - started_);
  if (form_ == Form::bar) {
    if (drawn_ && done < total && now - said_ < between_bars) return;
    draw_bar(done, total, elapsed);
  } else {
    if (now - said_ < between_lines) return;
    fmt::print(stderr, "{}\n", progress_text(what_, done, total, elapsed));
  }
  said_ = now;
}

void Progress::draw_bar(std::int64_t done, std::int64_t total, std::chrono::milliseconds elapsed) {
  std::string bar;
  const auto full = total > 0 ? done * bar_width / total : 0;
  for (int n = 0; n < bar_width; ++n) bar += n < full ? "█" : "░";
  fmt::print(stderr, "\r{} {}\x1b[K", bar, progress_text(what_, done, total, elapsed));
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::hide() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace cstims
