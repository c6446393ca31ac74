// Random tokens, digests, comparison in constant time (libsodium, OpenSSL).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cstims {

/// Must run once before the others (idempotent, thread-safe). Throws std::runtime_error.
void start_cryptography();
std::string random_bytes(std::size_t count);
/// URL-safe text of `bytes` random bytes (base64url, no padding); 32 bytes by default.
std::string random_token(std::size_t bytes = 32);
std::string sha256(std::string_view bytes);                             // 32 raw bytes
std::string sha256_hex(std::string_view bytes);                         // 64 digits, lower case
std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 raw bytes
/// False for different lengths.
bool equal_in_constant_time(std::string_view one, std::string_view other);

}  // namespace cstims
