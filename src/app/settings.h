// The settings table: every key with its type, default and meaning. A file (TOML), then the
// environment, then --set; unknown keys are errors and all mistakes are reported at once. There are
// no global settings: app/ hands each part what it needs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/site.h"

namespace cstims {

/// `days` and `days_list` may be "off".
enum class SettingKind { text, lines, number, flag, list, percent, time_of_day, days, days_list };

struct Setting {
  std::string_view key;
  SettingKind kind;
  std::string_view
      standard;  // the default, as written in the environment (a list: separated by commas)
  std::string_view sentence;
};

std::span<const Setting> settings_table();

class Settings {
 public:
  /// `file`: absent means ./cstims.conf if there is one. `assignments` are "key=value" of --set.
  /// Throws UsageError that lists every mistake, one a line.
  static Settings load(const std::optional<std::string>& file,
                       const std::vector<std::string>& assignments,
                       const std::map<std::string, std::string>& environment);

  const std::string& text(std::string_view key) const;
  std::int64_t number(std::string_view key) const;
  bool flag(std::string_view key) const;
  std::vector<std::string> list(std::string_view key) const;
  std::optional<int> days(std::string_view key) const;     // absent: off
  std::vector<int> days_list(std::string_view key) const;  // ascending; empty: off

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// The process's CSTIMS_* variables.
std::map<std::string, std::string> environment_settings();

/// What the parts may know of the installation. Throws UsageError that lists every mistake.
Site make_site(const Settings& settings);

/// A complete commented example file, with the defaults.
std::string describe_settings();

}  // namespace cstims
