// The options of a service that a client chooses from and a formula prices, one a line:
//
//     cpu: vCPU = 1, 2, 3, 4
//     ram: RAM (GB) = 0.5, 1, 2, 4, 8
//     ssd: SSD (GB) = 5..30 step 5
//
// An order keeps what was chosen in the same notation, with one value a line.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/refusal.h"
#include "service/formula.h"

namespace cstims {

class TextCursor;

struct ServiceOption {
  std::string key;              // lower-case letters, digits, _; a letter first
  std::string label;            // "RAM (GB)"
  std::vector<Decimal> values;  // as offered, none twice
  std::string range;            // "5..30 step 5" when written so; else empty

  std::string text() const;  // its line
  /// "RAM (GB) 4": label and the one value of a chosen option.
  std::string show_chosen() const;
};

class ServiceOptions {
 public:
  static constexpr std::size_t most_options = 20;
  static constexpr std::size_t most_values = 100;   // of one option
  static constexpr std::size_t longest_label = 60;  // characters

  ServiceOptions() = default;
  /// Strict; empty lines are skipped. Refuses (field "options") with line, place of the fault and
  /// an example.
  static Result<ServiceOptions> parse(std::string_view text);
  static ServiceOptions stored(std::string_view text);  // throws DatabaseError

  /// Canonical: parse(text()).text() == text(). No line break at the end.
  std::string text() const;
  const std::vector<ServiceOption>& list() const { return list_; }
  bool empty() const { return list_.empty(); }
  const ServiceOption* find(std::string_view key) const;

  /// `chosen`: a text for each key, as it came with the form. Refuses (field "option.KEY") what is
  /// missing or not on the list; a key that is no option is refused too. The result has one value
  /// for each option.
  Result<ServiceOptions> choose(
      const std::map<std::string, std::string, std::less<>>& chosen) const;
  /// The first value of every option: what a form shows before anything is chosen.
  ServiceOptions first_choice() const;
  /// The first or only value of each option, by key, for a formula.
  OptionValues values() const;
  /// "vCPU 2, RAM (GB) 4" of a chosen list; empty when there is no option.
  std::string show_chosen() const;

 private:
  std::vector<ServiceOption> list_;
};

}  // namespace cstims
