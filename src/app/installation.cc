#include "app/installation.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "base/failure.h"
#include "base/secret.h"
#include "base/text.h"
#include "db/schema.h"

namespace cstims {
namespace {

int cores() {
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

DatabaseOptions database_options(const Settings& settings) {
  const std::string& url = settings.text("database.url");
  if (url.starts_with("sqlite:")) {
    const auto folder = std::filesystem::path(url.substr(7)).parent_path();
    if (!folder.empty() && std::filesystem::create_directories(folder)) {
      std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    }
  }
  // A worker that has to wait for a connection costs more than the connection.
  const auto set = static_cast<int>(settings.number("database.connections"));
  return {.url = url, .connections = set > 0 ? set : page_threads(settings) + form_threads() + 4};
}

/// Some threads are always left for forms without a password.
PasswordHasher::Options hasher_options() {
  return {.parallel = cores(), .queue = std::clamp(form_threads() - cores() - 4, 1, 50)};
}

AddressRanges parse_proxies(const Settings& settings) {
  auto ranges = AddressRanges::parse(settings.list("server.trusted_proxies"));
  if (!ranges) throw UsageError("server.trusted_proxies: " + ranges.error().english());
  return *ranges;
}

const std::string& scanner_address(const Settings& settings) {
  const std::string& address = settings.text("files.scanner");
  if (const auto wrong = fault_of_scanner_address(address); !wrong.empty()) {
    throw UsageError("files.scanner: " + wrong);
  }
  return address;
}

constexpr Statement find_key{"installation key", R"(
  select value from installation where name = 'key')"};

constexpr Statement insert_key{"make the installation key", R"(
  insert into installation (name, value) values ('key', :key)
  on conflict (name) do nothing)"};

}  // namespace

int page_threads(const Settings& settings) {
  const auto set = static_cast<int>(settings.number("server.threads"));
  if (set > 0) return set;
  return settings.text("database.url").starts_with("sqlite:") ? std::max(2, cores()) : 8 * cores();
}

int form_threads() {
  return std::max(16, 2 * cores());
}

Installation::Installation(const Settings& settings, const Clock& clock)
    : settings_(settings),
      site_(make_site(settings)),
      database_(database_options(settings), clock, site_.zone),
      files_(settings.text("files.folder")),
      scanner_(scanner_address(settings)),
      trusted_proxies_(parse_proxies(settings)),
      hasher_(hasher_options()) {}

Installation::~Installation() = default;

const Renderer& Installation::renderer() {
  if (!renderer_) {
    renderer_ =
        std::make_unique<Renderer>(Renderer::Options{.locale = site_.locale, .zone = site_.zone});
  }
  return *renderer_;
}

const Mailer& Installation::mailer() {
  if (!mailer_) {
    languages_ = std::make_unique<Languages>(renderer());
    mailer_ =
        std::make_unique<Mailer>(Mailer{renderer(), site_, [this] { wake_(); }, languages_.get()});
  }
  return *mailer_;
}

const Services& Installation::services() {
  if (!services_) {
    services_ =
        std::make_unique<Services>(Services{database_, renderer(), site_, files_, mailer()});
    services_->hasher = &hasher_;
    services_->scanner = &scanner_;
    services_->secret = key();
  }
  return *services_;
}

void Installation::set_metrics(Metrics& metrics) {
  services();
  services_->metrics = &metrics;
}

void Installation::set_background(Background& background) {
  services();
  services_->background = &background;
}

const std::string& Installation::key() {
  if (!key_.empty()) return key_;
  auto found = database_.read([](Transaction& tx) { return tx.find(find_key); });
  if (!found) {
    found = database_.write([](Transaction& tx) {
      tx.execute(insert_key, {{"key", base64(random_bytes(32))}});
      return tx.find(find_key);
    });
  }
  key_ = parse_base64(found.value().text("value")).value();
  return key_;
}

void Installation::require_schema() {
  if (const auto complaint = schema_complaint(database_); !complaint.empty())
    throw Refused(complaint);
}

}  // namespace cstims
