// Stricter than the parser behind it: what two readers could understand differently is refused,
// before anything is believed (request smuggling; RFC 9112 §2.2, §3, §5, §6.1, §11). Works on the
// raw bytes of a request's head.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace cstims {

struct HeadLimits {
  std::size_t request_line = 8 * 1024;  // longer: 414
  std::size_t fields = 32 * 1024;       // longer: 431
  std::size_t field_count = 100;        // more: 431
};

/// Finds the end of a head while its bytes arrive, and refuses early what cannot become one.
class HeadScanner {
 public:
  explicit HeadScanner(HeadLimits limits = {}) : limits_(limits) {}
  void reset() { *this = HeadScanner(limits_); }

  struct Progress {
    std::size_t size = 0;  // of the complete head with its empty line; 0: more is needed
    int refused = 0;       // status: 400, 414, 431
  };
  /// `received` is everything since the beginning of the head.
  Progress scan(std::string_view received);

 private:
  HeadLimits limits_;
  std::size_t position_ = 0;
  std::size_t line_ = 0;  // where the current line begins
  std::size_t request_line_ = 0;
  std::size_t fields_ = 0;
};

/// Judges a complete head: 0 when it is sound, else the status to refuse it with (400, 501, 505).
/// After a refusal the connection must be closed.
int check_head(std::string_view head);

/// "host", "host:port", "[v6]:port": nothing else may stand in a Host field (RFC 9110 §7.2).
bool is_host(std::string_view text);

}  // namespace cstims
