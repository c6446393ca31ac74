// Bytes of foreign mail as UTF-8: charsets by their labels, and what a label wrongly says.
#pragma once

#include <string>
#include <string_view>

namespace cstims {

/// `bytes` in the charset `label` as well-formed UTF-8; what cannot be read becomes U+FFFD, never
/// less text. Bytes that are UTF-8 with more than ASCII in them are taken as such whatever the
/// label says; labels stand for their usual supersets (iso-8859-1 is windows-1252); an unknown
/// label is windows-1252.
std::string to_utf8(std::string_view bytes, std::string_view label);

/// The same, then line ends LF, without NUL and other controls but TAB: the text of a body.
std::string body_to_utf8(std::string_view bytes, std::string_view label);

}  // namespace cstims
