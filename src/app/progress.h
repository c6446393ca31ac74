// How far a long command is, on standard error: a bar where that is a terminal, otherwise a line
// every few seconds. Nothing is said in the first moment, so short commands stay silent.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cstims {

/// "12,000 of 60,000 clients, 20 %, 1:30 left": what both forms say.
std::string progress_text(const std::string& what, std::int64_t done, std::int64_t total,
                          std::chrono::milliseconds elapsed);

class Progress {
 public:
  enum class Form { bar, lines, none };
  /// `what`: "clients". `silent`: nothing is ever said (--json).
  explicit Progress(std::string what, bool silent = false);
  Progress(std::string what, Form form) : what_(std::move(what)), form_(form) {}
  ~Progress() { hide(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `total` may be 0 as long as it is unknown.
  void show(std::int64_t done, std::int64_t total);
  /// Takes the bar away, so that a line can be printed in its place; the next `show` brings it
  /// back.
  void hide();

 private:
  void draw_bar(std::int64_t done, std::int64_t total, std::chrono::milliseconds elapsed);

  std::string what_;
  Form form_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point said_ = started_;
  bool drawn_ = false;
};

}  // namespace cstims
