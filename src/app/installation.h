// What commands, jobs and the server of one process share: made from the settings, in the order
// they need each other.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "account/password.h"
#include "app/settings.h"
#include "base/clock.h"
#include "db/file_scanner.h"
#include "http/addresses.h"
#include "http/context.h"

namespace cstims {

/// Threads that answer pages. Those of SQLite are all work and no waiting: more threads than cores
/// only get in each other's way. Those of PostgreSQL wait for the server most of the time.
int page_threads(const Settings& settings);
/// Threads that answer forms: they hash passwords, wait for their turn to write and for the disk.
int form_threads();

class Installation {
 public:
  /// Opens the database; does not look at its schema. Throws UsageError for settings that
  /// contradict each other.
  Installation(const Settings& settings, const Clock& clock);
  ~Installation();

  const Settings& settings() const { return settings_; }
  const Site& site() const { return site_; }
  Database& database() { return database_; }
  const Renderer& renderer();  // loads the views when first asked
  FileStore& files() { return files_; }
  const FileScanner& scanner() const { return scanner_; }
  const Mailer& mailer();
  const Services& services();
  /// For /healthz and /metrics: only the server counts.
  void set_metrics(Metrics& metrics);
  /// For pages that start long work: only the server has it.
  void set_background(Background& background);
  /// 32 random bytes made once for this database; csrf tokens and flash messages are made with it.
  const std::string& key();
  const AddressRanges& trusted_proxies() const { return trusted_proxies_; }

  /// Throws Refused with one sentence when the schema is older or newer than the program.
  void require_schema();
  /// Runs `act` in a write transaction as the system ("command", "job"): `name` is for the log and
  /// the history.
  template <typename Verb>
  auto act(const std::string& name, Verb&& verb) {
    const Viewer viewer = Viewer::of_system(name);
    const Mailer& post = mailer();
    return database_.write([&](Transaction& tx) {
      Act act{tx, viewer, post, site_};
      return verb(act);
    });
  }
  /// Called after a commit that queued mail; the server sets it to wake its worker.
  void on_mail(std::function<void()> wake) { wake_ = std::move(wake); }

 private:
  Settings settings_;
  Site site_;
  Database database_;
  FileStore files_;
  FileScanner scanner_;
  AddressRanges trusted_proxies_;
  std::string key_;
  std::unique_ptr<Renderer> renderer_;
  std::unique_ptr<Languages> languages_;
  std::unique_ptr<Mailer> mailer_;
  PasswordHasher hasher_;
  std::unique_ptr<Services> services_;
  std::function<void()> wake_ = [] {};
};

}  // namespace cstims
