#include "account/password.h"

#include <crypt.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <thread>

#include "base/failure.h"
#include "base/secret.h"

namespace cstims {
namespace {

// OWASP ASVS 5.0 appendix C: argon2id t=2, m>=19 MiB, p=1.
constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = std::size_t{19456} * 1024;

/// Of no password anybody knows, with the costs above.
constexpr std::string_view nobodys_hash =
    "$argon2id$v=19$m=19456,t=2,p=1$PmGgixkRWCd0qC9GvtoDzQ$U3qsRzONX+abTVVCnwlfcfkLytr3qLFDLMyv++"
    "R6LRM";

bool is_bcrypt(std::string_view hash) {
  return hash.starts_with("$2y$") || hash.starts_with("$2b$") || hash.starts_with("$2a$");
}

bool matches_bcrypt(const std::string& hash, std::string_view password) {
  if (password.find('\0') != std::string_view::npos) return false;  // bcrypt would stop there
  const auto room = std::make_unique<crypt_data>();
  const std::string typed(password);
  const char* computed = crypt_r(typed.c_str(), hash.c_str(), room.get());
  return computed != nullptr && equal_in_constant_time(computed, hash);
}

bool matches_argon2(const std::string& hash, std::string_view password) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace

/// Holds one of the parallel places.
class PasswordHasher::Turn {
 public:
  explicit Turn(PasswordHasher& hasher) : hasher_(hasher) {
    std::unique_lock lock(hasher_.mutex_);
    const auto is_free = [this] { return hasher_.running_ < hasher_.options_.parallel; };
    if (!is_free() || hasher_.waiting_ > 0) {
      if (hasher_.waiting_ >= hasher_.options_.queue) {
        throw Overload("too many passwords to check at once", 2, false);
      }
      ++hasher_.waiting_;
      hasher_.freed_.wait(lock, is_free);
      --hasher_.waiting_;
    }
    ++hasher_.running_;
  }
  ~Turn() {
    {
      const std::lock_guard lock(hasher_.mutex_);
      --hasher_.running_;
    }
    hasher_.freed_.notify_one();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  PasswordHasher& hasher_;
};

PasswordHasher::PasswordHasher() : PasswordHasher(Options{}) {}

PasswordHasher::PasswordHasher(Options options) : options_(options) {
  start_cryptography();
  if (options_.parallel <= 0) {
    options_.parallel = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  }
}

std::string PasswordHasher::hash(std::string_view password) {
  const Turn turn(*this);
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), passes, memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw Overload("no memory to hash a password", 10, false);
  }
  return text.data();
}

bool PasswordHasher::matches(std::string_view hash, std::string_view password) {
  const Turn turn(*this);
  if (hash.empty()) {
    matches_argon2(std::string(nobodys_hash), password);
    return false;
  }
  const std::string stored(hash);
  return is_bcrypt(hash) ? matches_bcrypt(stored, password) : matches_argon2(stored, password);
}

bool is_outdated_hash(std::string_view hash) {
  const std::string stored(hash);
  return !hash.starts_with("$argon2id$") ||
         crypto_pwhash_str_needs_rehash(stored.c_str(), passes, memory_bytes) != 0;
}

}  // namespace cstims
