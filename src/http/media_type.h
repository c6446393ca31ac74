// "type/subtype; name=value; name=\"quoted value\"" of Content-Type and Content-Disposition fields.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace cstims {

struct MediaType {
  std::string type;  // lower case: "multipart/form-data"; of a disposition "form-data"
  std::map<std::string, std::string, std::less<>> parameters;  // names in lower case
};

/// Throws BadRequest for what is not well-formed and for a parameter that comes twice. In quoted
/// values only `\"` and
/// `\\` are escapes: browsers leave other backslashes in file names alone.
MediaType parse_media_type(std::string_view field);

}  // namespace cstims
