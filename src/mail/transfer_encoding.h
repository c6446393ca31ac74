// Content-Transfer-Encodings as they are met, not as they should be (RFC 2045 §6).
#pragma once

#include <string>
#include <string_view>

namespace cstims {

/// Skips what is no base64; a "=" ends a piece, and the next one begins: some programs encode in
/// pieces.
std::string decode_base64(std::string_view text);
/// An "=" that begins nothing sensible stays.
std::string decode_quoted_printable(std::string_view text);
/// "base64", "quoted-printable" in any case; anything else is taken as it is.
std::string decode_transfer(std::string_view text, std::string_view encoding);

}  // namespace cstims
