#include "base/secret.h"

#include <sodium.h>

#include <stdexcept>

#include "base/text.h"

namespace cstims {
namespace {

/// An empty view may have no address, which the libraries must not be given.
const unsigned char* unsigned_bytes(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.empty() ? "" : bytes.data());
}

unsigned char* unsigned_bytes(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace

void start_cryptography() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start: no random numbers");
}

std::string random_bytes(std::size_t count) {
  start_cryptography();
  std::string bytes(count, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

std::string random_token(std::size_t bytes) {
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  const auto secret = random_bytes(bytes);
  std::string token(sodium_base64_encoded_len(secret.size(), variant), '\0');
  sodium_bin2base64(token.data(), token.size(), unsigned_bytes(secret), secret.size(), variant);
  token.pop_back();  // the terminator
  return token;
}

std::string sha256(std::string_view bytes) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(unsigned_bytes(digest), unsigned_bytes(bytes), bytes.size());
  return digest;
}

std::string sha256_hex(std::string_view bytes) {
  return hex(sha256(bytes));
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, unsigned_bytes(key), key.size());
  crypto_auth_hmacsha256_update(&state, unsigned_bytes(bytes), bytes.size());
  std::string code(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_final(&state, unsigned_bytes(code));
  return code;
}

bool equal_in_constant_time(std::string_view one, std::string_view other) {
  return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace cstims
