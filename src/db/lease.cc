#include "db/lease.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <thread>

#include "base/failure.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"

namespace cstims {
namespace {

constexpr std::chrono::milliseconds between_looks{100};

constexpr Statement find_lease{"lease", R"(
  select token, holder, since, until
  from leases
  where name = :name)"};

constexpr Statement claim_lease{"lease claim", R"(
  insert into leases (name, token, holder, since, until)
  values (:name, :token, :holder, :now, :until)
  on conflict (name) do update
  set token = excluded.token,
      holder = excluded.holder,
      since = excluded.since,
      until = excluded.until
  where leases.until < excluded.since
    or leases.token = :abandoned)"};

constexpr Statement renew_lease{"lease renew", R"(
  update leases
  set until = :until
  where name = :name
    and token = :token)"};

constexpr Statement end_lease{"lease end",
                              "delete from leases where name = :name and token = :token"};

/// When a process began, so that another one of the same number is told apart.
std::string start_of_process(const std::string& process) {
  std::ifstream file("/proc/" + process + "/stat");
  const std::string line{std::istreambuf_iterator<char>(file), {}};
  // The program's name stands in parentheses and may hold anything.
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return {};
  const auto words = split(std::string_view(line).substr(name_end), ' ');
  return words.size() > 20 ? std::string(words[20]) : std::string();
}

/// Machine and process space: where process numbers mean the same.
std::string this_machine() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  std::array<char, 64> space{};
  const auto length = ::readlink("/proc/self/ns/pid", space.data(), space.size() - 1);
  return std::string(name.data()) + ' ' +
         std::string(space.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
}

/// "machine space process start".
std::string this_process() {
  const auto number = std::to_string(::getpid());
  return this_machine() + ' ' + number + ' ' + start_of_process(number);
}

bool is_dead(const std::string& holder) {
  const auto words = split(holder, ' ');
  if (words.size() != 4) return false;
  if (std::string(words[0]) + ' ' + std::string(words[1]) != this_machine()) return false;
  const auto start = start_of_process(std::string(words[2]));
  return start != words[3];
}

}  // namespace

Lease::Lease(Database& database, std::string name, std::chrono::seconds patience,
             const std::string& busy)
    : database_(database), name_(std::move(name)), token_(random_token(16)) {
  const auto looks = patience / between_looks;
  for (std::chrono::seconds::rep look = 0; !claim(); ++look) {
    if (look >= looks) throw Refused(busy);
    std::this_thread::sleep_for(between_looks);
  }
}

/// Looks first: a waiting program must not get into the way of the one that works.
bool Lease::claim() {
  const auto held = database_.read([&](Transaction& tx) -> std::optional<std::string> {
    const auto row = tx.find(find_lease, {{"name", name_}});
    if (!row) return "";
    const bool over = row->instant("until") < tx.now() || is_dead(row->text("holder"));
    return over ? std::optional(row->text("token")) : std::nullopt;
  });
  if (!held) return false;
  return database_.write([&](Transaction& tx) {
    return tx.execute(claim_lease, {{"name", name_},
                                    {"token", token_},
                                    {"holder", this_process()},
                                    {"now", tx.now()},
                                    {"until", tx.now().plus(length)},
                                    {"abandoned", *held}});
  }) == 1;
}

Lease::~Lease() {
  try {
    database_.write([&](Transaction& tx) {
      tx.execute(end_lease, {{"name", name_}, {"token", token_}});
    });
  } catch (const std::exception& error) {
    log_error("a lease could not be given back; it ends by itself",
              {{"lease", name_}, {"error", error.what()}});
  }
}

void Lease::renew(Transaction& tx) const {
  const auto renewed = tx.execute(
      renew_lease, {{"until", tx.now().plus(length)}, {"name", name_}, {"token", token_}});
  if (renewed != 1) {
    throw Conflict(fmt::format("{}: another program took over while this one stood still", name_));
  }
}

}  // namespace cstims
