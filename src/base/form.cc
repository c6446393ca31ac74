#include "base/form.h"

#include <algorithm>

#include "base/failure.h"
#include "base/text.h"

namespace cstims {
namespace {

Message fill_this_in() {
  return message("Fill this in.");
}

bool are_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

const std::string* FormData::find(std::string_view name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? nullptr : &found->second;
}

std::string FormData::value(std::string_view name) const {
  const auto* found = find(name);
  return found ? *found : std::string();
}

std::string FormReader::line(std::string_view field, Limits limits) {
  const auto* typed = take(field);
  std::string value(typed ? trim(*typed) : "");
  if (has_controls(value, true)) {
    refuse(field, message("One line only, without control characters."));
    return value;
  }
  return within(field, std::move(value), limits);
}

std::string FormReader::lines(std::string_view field, Limits limits) {
  const auto* typed = take(field);
  auto value = replace_all(replace_all(typed ? *typed : "", "\r\n", "\n"), "\r", "\n");
  if (has_controls(value, false)) {
    refuse(field, message("Text only, without control characters."));
    return value;
  }
  return within(field, std::move(value), limits);
}

std::string FormReader::secret(std::string_view field, Limits limits) {
  const auto* typed = take(field);
  const auto value = typed ? *typed : std::string();
  if (limits.required && value.empty()) {
    refuse(field, fill_this_in());
  } else {
    check_count(field, value, limits);
  }
  return value;
}

bool FormReader::checked(std::string_view field) {
  const auto* typed = take(field);
  return typed && !typed->empty() && *typed != "0";
}

std::optional<Date> FormReader::date(std::string_view field, bool required) {
  return parsed<Date>(field, required, [](std::string_view text) { return Date::parse(text); });
}

std::optional<Money> FormReader::money(std::string_view field, Currency currency, bool required) {
  return parsed<Money>(field, required,
                       [&](std::string_view text) { return Money::parse(text, currency); });
}

std::optional<Decimal> FormReader::decimal(std::string_view field, bool required) {
  return parsed<Decimal>(field, required,
                         [](std::string_view text) { return Decimal::parse(text); });
}

std::optional<EmailAddress> FormReader::email(std::string_view field, bool required) {
  return parsed<EmailAddress>(field, required,
                              [](std::string_view text) { return EmailAddress::parse(text); });
}

std::optional<std::int64_t> FormReader::number(std::string_view field, bool required) {
  const auto parse = [](std::string_view text) -> Result<std::int64_t> {
    if (text == "0") return 0;
    if (const auto number = parse_id_number(text)) return *number;
    return cstims::refuse("", are_digits(text) && text.front() != '0'
                                  ? message("This number is too large.")
                                  : message("Write a whole number, digits only."));
  };
  return parsed<std::int64_t>(field, required, parse);
}

std::string FormReader::choice(std::string_view field, const std::vector<std::string>& allowed,
                               bool required) {
  const auto* typed = take(field);
  if (!typed || typed->empty()) {
    if (required) refuse(field, message("Choose one of the list."));
    return {};
  }
  if (std::ranges::find(allowed, *typed) != allowed.end()) return *typed;
  refuse(field, message("Choose one of the list."));
  return {};
}

std::vector<Upload> FormReader::uploads(std::string_view field) {
  take(field);
  std::vector<Upload> found;
  for (const auto& upload : form_.uploads) {
    if (upload.field != field) continue;
    if (upload.file.empty()) {
      refuse(field,
             message("“{}” is larger than 10 MiB.", {shorten(single_line(upload.name), 100)}));
    } else {
      found.push_back(upload);
    }
  }
  return found;
}

std::vector<std::string> FormReader::names(std::string_view prefix) {
  std::vector<std::string> found;
  for (auto at = form_.fields.lower_bound(prefix);
       at != form_.fields.end() && at->first.starts_with(prefix); ++at) {
    found.push_back(at->first);
    read_.push_back(at->first);
  }
  return found;
}

const std::string* FormReader::take(std::string_view field) {
  read_.emplace_back(field);
  return form_.find(field);
}

/// A text of nothing but invisible characters is no text.
std::string FormReader::within(std::string_view field, std::string value, Limits limits) {
  if (single_line(value).empty()) {
    if (limits.required) refuse(field, fill_this_in());
    return {};
  }
  check_count(field, value, limits);
  return value;
}

void FormReader::check_count(std::string_view field, std::string_view value, Limits limits) {
  const auto count = count_characters(value);
  if (count > limits.longest) {
    refuse(field, message("At most {} characters.", {std::to_string(limits.longest)}));
  } else if (count > 0 && count < limits.shortest) {
    refuse(field, message("At least {} characters.", {std::to_string(limits.shortest)}));
  }
}

void FormReader::refuse_all(std::string_view field, const Refusal& refusal) {
  for (const auto& item : refusal.items) refuse(field, item.message);
}

void FormReader::check_all_read() const {
  const auto was_read = [this](std::string_view field) {
    return field == "csrf" || std::ranges::find(read_, field) != read_.end();
  };
  const auto fail = [](std::string_view field) {
    throw BadRequest("unknown field '" + shorten(single_line(field), 60) + "' in the form");
  };
  for (const auto& [name, value] : form_.fields) {
    if (!was_read(name)) fail(name);
  }
  for (const auto& upload : form_.uploads) {
    if (!was_read(upload.field)) fail(upload.field);
  }
}

void require_no_fields(const FormData& form) {
  FormReader reader(form);
  (void)reader.finish(true);
}

}  // namespace cstims
