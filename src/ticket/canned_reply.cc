#include "ticket/canned_reply.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "base/text.h"

namespace cstims {
namespace {

constexpr std::size_t longest_name = 80;
constexpr std::size_t longest_category = 40;
constexpr std::size_t longest_body = 10'000;

struct Variable {
  std::string_view name;
  std::string CannedValues::*value;
};
constexpr std::array variables{
    Variable{"client", &CannedValues::client},   Variable{"ticket", &CannedValues::ticket},
    Variable{"subject", &CannedValues::subject}, Variable{"service", &CannedValues::service},
    Variable{"staff", &CannedValues::staff},     Variable{"site", &CannedValues::site}};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// The name in the braces that `text` begins with; absent when that is no variable.
std::optional<std::string_view> variable_at(std::string_view text) {
  const auto end = text.find('}');
  if (!text.starts_with('{') || end == std::string_view::npos || end == 1) return std::nullopt;
  const auto name = text.substr(1, end - 1);
  return std::ranges::all_of(name, is_letter) ? std::optional(name) : std::nullopt;
}

/// The body with each variable replaced by what `value` says of its name.
std::string replaced(std::string_view body,
                     const std::function<std::string(std::string_view)>& value) {
  std::string text;
  for (std::size_t at = 0; at < body.size();) {
    const auto brace = body.find('{', at);
    text += body.substr(at, brace - at);
    if (brace == std::string_view::npos) break;
    const bool of_shell = brace > 0 && body[brace - 1] == '$';
    const auto name = of_shell ? std::nullopt : variable_at(body.substr(brace));
    text += name ? value(*name) : std::string("{");
    at = brace + (name ? name->size() + 2 : 1);
  }
  return text;
}

const Variable* find_variable(std::string_view name) {
  const auto* const found = std::ranges::find(variables, name, &Variable::name);
  return found == variables.end() ? nullptr : found;
}

std::string in_braces(std::string_view name) {
  return "{" + std::string(name) + "}";
}

}  // namespace

std::string known_variables() {
  std::string all;
  for (const auto& variable : variables) {
    all += (all.empty() ? "" : ", ") + in_braces(variable.name);
  }
  return all;
}

Result<CannedReplyEdit> parse_canned_reply(FormReader& reader) {
  CannedReplyEdit reply{
      .name = single_line(reader.line("name", {.required = true, .longest = longest_name})),
      .category = single_line(reader.line("category", {.longest = longest_category})),
      .body = reader.lines("body", {.required = true, .longest = longest_body})};
  std::string unknown;
  replaced(reply.body, [&](std::string_view name) {
    if (!find_variable(name) && unknown.empty()) unknown = in_braces(name);
    return std::string();
  });
  if (!unknown.empty()) {
    reader.refuse("body", message("There is no variable {}. These can be used: {}.",
                                  {unknown, known_variables()}));
  }
  return reader.finish(std::move(reply));
}

std::string fill_in(std::string_view body, const CannedValues& values) {
  return replaced(body, [&](std::string_view name) {
    const auto* const variable = find_variable(name);
    return variable ? values.*(variable->value) : in_braces(name);
  });
}

}  // namespace cstims
