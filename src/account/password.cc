#include "account/password.h"

#include <crypt.h>
#include <sodium.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <future>
#include <memory>

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

std::string argon2(std::string_view password) {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), passes, memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw Overload("no memory to hash a password", 10, false);
  }
  return text.data();
}

/// Of the calling thread only (Linux keeps one per thread).
void yield_to_pages() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 10);
}

}  // namespace

PasswordHasher::PasswordHasher() : PasswordHasher(Options{}) {}

PasswordHasher::PasswordHasher(Options options) : options_(options) {
  start_cryptography();
  if (options_.parallel <= 0) {
    options_.parallel = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  }
}

PasswordHasher::~PasswordHasher() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

std::string PasswordHasher::hash(std::string_view password) {
  std::string hash;
  run([&] { hash = argon2(password); });
  return hash;
}

bool PasswordHasher::matches(std::string_view hash, std::string_view password) {
  bool matches = false;
  run([&] {
    const std::string stored(hash.empty() ? nobodys_hash : hash);
    matches =
        is_bcrypt(stored) ? matches_bcrypt(stored, password) : matches_argon2(stored, password);
  });
  return matches && !hash.empty();
}

void PasswordHasher::run(std::function<void()> work) {
  // Shared, since the pool may still be leaving it when the caller goes on.
  const auto task = std::make_shared<std::packaged_task<void()>>(std::move(work));
  auto done = task->get_future();
  {
    const std::lock_guard lock(mutex_);
    const auto ahead = static_cast<int>(waiting_.size()) + busy_;
    if (ahead >= options_.parallel + options_.queue) {
      throw Overload("too many passwords to check at once", 2, false);
    }
    waiting_.emplace_back([task] { (*task)(); });
    if (threads_.size() < static_cast<std::size_t>(options_.parallel)) {
      threads_.emplace_back([this] { this->work(); });
    }
  }
  changed_.notify_one();
  done.get();
}

void PasswordHasher::work() {
  yield_to_pages();
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto next = std::move(waiting_.front());
    waiting_.pop_front();
    ++busy_;
    lock.unlock();
    next();
    lock.lock();
    --busy_;
  }
}

bool is_outdated_hash(std::string_view hash) {
  const std::string stored(hash);
  return !hash.starts_with("$argon2id$") ||
         crypto_pwhash_str_needs_rehash(stored.c_str(), passes, memory_bytes) != 0;
}

}  // namespace cstims
