#include "http/media_type.h"

#include "base/failure.h"
#include "base/text.h"

namespace cstims {
namespace {

std::string take_quoted(std::string_view& rest) {
  std::string value;
  rest.remove_prefix(1);
  while (!rest.empty() && rest.front() != '"') {
    const bool escape = rest.size() > 1 && rest[0] == '\\' && (rest[1] == '"' || rest[1] == '\\');
    if (escape) rest.remove_prefix(1);
    value += rest.front();
    rest.remove_prefix(1);
  }
  if (rest.empty()) throw BadRequest("a quoted value without end");
  rest.remove_prefix(1);
  return value;
}

std::string take_plain(std::string_view& rest) {
  const auto end = std::min(rest.find_first_of("; \t"), rest.size());
  const std::string value(rest.substr(0, end));
  if (value.empty() || value.find_first_of("\"\\,()<>@[]") != std::string::npos) {
    throw BadRequest("a parameter's value is malformed");
  }
  rest.remove_prefix(end);
  return value;
}

}  // namespace

MediaType parse_media_type(std::string_view field) {
  MediaType parsed;
  const auto end = std::min(field.find(';'), field.size());
  parsed.type = lower_ascii(trim(field.substr(0, end)));
  if (parsed.type.empty() || parsed.type.find_first_of(" \t\",=") != std::string::npos) {
    throw BadRequest("a media type is malformed");
  }
  std::string_view rest = field.substr(end);
  while (!(rest = trim(rest)).empty()) {
    if (rest.front() != ';') throw BadRequest("a parameter is malformed");
    rest = trim(rest.substr(1));
    if (rest.empty()) break;
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) throw BadRequest("a parameter without value");
    const std::string name = lower_ascii(rest.substr(0, equals));
    if (name.empty() || name.find_first_of("; \t\",") != std::string::npos) {
      throw BadRequest("a parameter's name is malformed");
    }
    rest.remove_prefix(equals + 1);
    std::string value = rest.starts_with('"') ? take_quoted(rest) : take_plain(rest);
    if (!parsed.parameters.emplace(name, std::move(value)).second) {
      throw BadRequest("a parameter that comes twice");
    }
  }
  return parsed;
}

}  // namespace cstims
