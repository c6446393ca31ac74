// Storing and checking passwords: argon2id by libsodium; bcrypt hashes of imported accounts are
// accepted and replaced when their owner signs in.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cstims {

/// A small pool of threads of low priority, so that a flood of sign-ins takes neither the memory
/// nor the processors that pages need. At most `parallel` hashes at once, each 19 MiB and some 40
/// ms of a core, and at most `queue` callers waiting for their turn; more get Overload (503).
/// Thread-safe; the threads start with the first hash. Never call it inside a transaction: that
/// would hold the database.
class PasswordHasher {
 public:
  struct Options {
    int parallel = 0;  // 0: as many as the machine has cores
    int queue =
        50;  // with `parallel` below the server's threads, so that sign-ins never take them all
  };
  PasswordHasher();
  explicit PasswordHasher(Options options);
  ~PasswordHasher();
  PasswordHasher(const PasswordHasher&) = delete;
  PasswordHasher& operator=(const PasswordHasher&) = delete;

  /// "$argon2id$v=19$m=19456,t=2,p=1$…" with a new salt.
  std::string hash(std::string_view password);
  /// False also for a hash of an unknown kind. An empty hash (nobody of that name) takes as long as
  /// any other.
  bool matches(std::string_view hash, std::string_view password);

 private:
  /// Runs `work` in the pool and waits for it; what it throws arrives here.
  void run(std::function<void()> work);
  void work();

  Options options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  int busy_ = 0;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

/// Not argon2id, or weaker than what `hash` makes today.
bool is_outdated_hash(std::string_view hash);

}  // namespace cstims
