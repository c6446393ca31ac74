// Files compiled into the program, served under the checksum of their content and cached for ever
// by browsers. app.css may lie in several pieces (static/css/*.css): they are joined in order of
// their names. Pictures that a style sheet carries as data: addresses are lifted out into files of
// their own, because the content security policy allows none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"

namespace cstims {

/// "/static/0123456789abcdef/app.css"; throws std::logic_error when there is no such file.
std::string static_address(std::string_view name);
bool has_static_file(std::string_view name);

/// An address that only files have: static_response never waits for anything.
bool is_static_path(std::string_view path);

/// The answer for addresses below /static/ and for /favicon.ico and /robots.txt; absent for all
/// others. An unknown name or an old checksum is a 404. Security headers are not added yet.
std::optional<Response> static_response(const Request& request);

}  // namespace cstims
