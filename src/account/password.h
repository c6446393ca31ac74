// Storing and checking passwords: argon2id by libsodium; bcrypt hashes of imported accounts are
// accepted and replaced when their owner signs in.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>

namespace cstims {

/// At most `parallel` hashes at once, each 19 MiB and some 40 ms of a core, and at most `queue`
/// callers waiting for their turn; more get Overload (503). Thread-safe. Never call it inside a
/// transaction: that would hold the database.
class PasswordHasher {
 public:
  struct Options {
    int parallel = 0;  // 0: as many as the machine has cores
    int queue = 50;    // keep below the server's threads, so that sign-ins never take them all
  };
  PasswordHasher();
  explicit PasswordHasher(Options options);

  /// "$argon2id$v=19$m=19456,t=2,p=1$…" with a new salt.
  std::string hash(std::string_view password);
  /// False also for a hash of an unknown kind. An empty hash (nobody of that name) takes as long as
  /// any other.
  bool matches(std::string_view hash, std::string_view password);

 private:
  class Turn;
  Options options_;
  std::mutex mutex_;
  std::condition_variable freed_;
  int running_ = 0;
  int waiting_ = 0;
};

/// Not argon2id, or weaker than what `hash` makes today.
bool is_outdated_hash(std::string_view hash);

}  // namespace cstims
