#include "service/service_options.h"

#include <algorithm>
#include <set>

#include "base/failure.h"
#include "base/text.h"
#include "service/text_cursor.h"

namespace cstims {
namespace {

constexpr std::string_view example = "ram: RAM (GB) = 0.5, 1, 2, 4";
/// Words of the notation of prices, which a formula could not tell from a key.
constexpr std::string_view reserved[] = {"free", "or", "once", "setup", "in", "arrears"};

bool is_key(std::string_view word) {
  return !word.empty() && word.size() <= 20 && word.front() >= 'a' && word.front() <= 'z' &&
         word == lower_ascii(word) && std::ranges::find(reserved, word) == std::end(reserved);
}

void read_key(TextCursor& cursor, ServiceOption& option) {
  const auto place = cursor.mark();
  const auto word = cursor.peek_word();
  if (!is_key(word)) {
    cursor.fail_at(
        place,
        message("Line {}, character {}: a key of lower-case letters is expected. Example: {}",
                {std::string(example)}));
    return;
  }
  option.key = word;
  cursor.take_word(word);
  if (!cursor.take(":")) {
    cursor.fail(
        message("Line {}, character {}: {} is expected. Example: {}", {":", std::string(example)}));
  }
}

void read_label(TextCursor& cursor, ServiceOption& option) {
  const auto place = cursor.mark();
  const auto label = cursor.take_until('=');
  const bool good = !label.empty() && count_characters(label) <= ServiceOptions::longest_label &&
                    !has_controls(label, true);
  if (!good) {
    cursor.fail_at(
        place,
        message("Line {}, character {}: a name of at most {} characters is expected. Example: {}",
                {std::to_string(ServiceOptions::longest_label), std::string(example)}));
  }
  option.label = label;
  if (!cursor.take("=")) {
    cursor.fail(
        message("Line {}, character {}: {} is expected. Example: {}", {"=", std::string(example)}));
  }
}

Decimal read_value(TextCursor& cursor) {
  const auto place = cursor.mark();
  const auto value = Decimal::parse(cursor.take_number());
  if (value && *value <= Decimal::whole(1'000'000)) return *value;
  cursor.fail_at(place, message("Line {}, character {}: a number up to 1000000 with at most six "
                                "decimals is expected. Example: {}",
                                {std::string(example)}));
  return Decimal::whole(0);
}

void too_many(TextCursor& cursor, std::size_t place) {
  cursor.fail_at(place, message("Line {}, character {}: at most {} values.",
                                {std::to_string(ServiceOptions::most_values)}));
}

void read_range(TextCursor& cursor, ServiceOption& option, const Decimal& first) {
  const auto place = cursor.mark();
  const Decimal last = read_value(cursor);
  if (!cursor.take_word("step")) {
    cursor.fail(message("Line {}, character {}: “step” is expected. Example: {}",
                        {"ssd: SSD (GB) = 5..30 step 5"}));
  }
  const Decimal step = read_value(cursor);
  if (cursor.failed()) return;
  const auto width = last.millionths() - first.millionths();
  if (width <= 0 || step.millionths() == 0 || width % step.millionths() != 0) {
    cursor.fail_at(place, message("Line {}, character {}: the steps must lead from the first to "
                                  "the last value. Example: {}",
                                  {"ssd: SSD (GB) = 5..30 step 5"}));
    return;
  }
  if (width / step.millionths() >= static_cast<std::int64_t>(ServiceOptions::most_values)) {
    return too_many(cursor, place);
  }
  option.values.clear();
  for (Decimal value = first; value <= last; value = value + step) option.values.push_back(value);
  option.range = first.text() + ".." + last.text() + " step " + step.text();
}

void read_values(TextCursor& cursor, ServiceOption& option) {
  do {
    const auto place = cursor.mark();
    const Decimal value = read_value(cursor);
    if (cursor.failed()) return;
    if (option.values.empty() && cursor.take("..")) return read_range(cursor, option, value);
    if (std::ranges::find(option.values, value) != option.values.end()) {
      cursor.fail_at(place,
                     message("Line {}, character {}: {} stands there twice.", {value.text()}));
    }
    if (option.values.size() == ServiceOptions::most_values) return too_many(cursor, place);
    option.values.push_back(value);
  } while (cursor.take(","));
}

Result<ServiceOption> read_option(std::string_view line, std::size_t number) {
  TextCursor cursor(line, number);
  ServiceOption option;
  read_key(cursor, option);
  read_label(cursor, option);
  read_values(cursor, option);
  if (!cursor.at_end()) {
    cursor.fail(
        message("Line {}, character {}: a comma or the end of the line is expected. Example: {}",
                {std::string(example)}));
  }
  if (cursor.failed()) return refuse("options", *cursor.fault());
  return option;
}

/// A copy with one value.
ServiceOption with_value(const ServiceOption& option, const Decimal& value) {
  return {.key = option.key, .label = option.label, .values = {value}, .range = {}};
}

}  // namespace

std::string ServiceOption::text() const {
  std::string text = key + ": " + label + " = ";
  if (!range.empty()) return text + range;
  for (const Decimal& value : values) {
    if (&value != &values.front()) text += ", ";
    text += value.text();
  }
  return text;
}

std::string ServiceOption::show_chosen() const {
  return label + ' ' + values.at(0).text();
}

Result<ServiceOptions> ServiceOptions::parse(std::string_view text) {
  ServiceOptions options;
  const std::string lines = normal_lines(text);
  std::size_t number = 0;
  for (const auto line : split(lines, '\n')) {
    ++number;
    if (trim(line).empty()) continue;
    auto option = read_option(trim(line), number);
    if (!option) return std::unexpected(option.error());
    if (options.find(option->key)) {
      return refuse("options", message("Line {}: the key {} is there already.",
                                       {std::to_string(number), option->key}));
    }
    options.list_.push_back(*std::move(option));
  }
  if (options.list_.size() > most_options) {
    return refuse("options", message("At most {} options.", {std::to_string(most_options)}));
  }
  return options;
}

ServiceOptions ServiceOptions::stored(std::string_view text) {
  auto options = parse(text);
  if (!options) throw DatabaseError("stored options: " + options.error().english());
  return *std::move(options);
}

std::string ServiceOptions::text() const {
  std::vector<std::string> lines;
  for (const ServiceOption& option : list_) lines.push_back(option.text());
  return join(lines, "\n");
}

const ServiceOption* ServiceOptions::find(std::string_view key) const {
  const auto found = std::ranges::find(list_, key, &ServiceOption::key);
  return found == list_.end() ? nullptr : &*found;
}

Result<ServiceOptions> ServiceOptions::choose(
    const std::map<std::string, std::string, std::less<>>& chosen) const {
  ServiceOptions choice;
  Refusal refusal;
  for (const ServiceOption& option : list_) {
    const auto given = chosen.find(option.key);
    const auto value = given == chosen.end()
                           ? Result<Decimal>(refuse("", message("Choose one of the list.")))
                           : Decimal::parse(given->second);
    if (value && std::ranges::find(option.values, *value) != option.values.end()) {
      choice.list_.push_back(with_value(option, *value));
    } else {
      refusal.add("option." + option.key, message("Choose one of the list."));
    }
  }
  for (const auto& [key, value] : chosen) {
    if (!find(key)) refusal.add("option." + key, message("This service has no such option."));
  }
  if (!refusal.items.empty()) return std::unexpected(std::move(refusal));
  return choice;
}

ServiceOptions ServiceOptions::first_choice() const {
  ServiceOptions choice;
  for (const ServiceOption& option : list_) {
    choice.list_.push_back(with_value(option, option.values.front()));
  }
  return choice;
}

OptionValues ServiceOptions::values() const {
  OptionValues values;
  for (const ServiceOption& option : list_) values.emplace(option.key, option.values.front());
  return values;
}

std::string ServiceOptions::show_chosen() const {
  std::vector<std::string> pieces;
  for (const ServiceOption& option : list_) pieces.push_back(option.show_chosen());
  return join(pieces, ", ");
}

}  // namespace cstims
