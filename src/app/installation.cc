#include "app/installation.h"

#include <filesystem>

#include "base/failure.h"
#include "db/schema.h"

namespace cstims {
namespace {

DatabaseOptions database_options(const Settings& settings) {
  const std::string& url = settings.text("database.url");
  if (url.starts_with("sqlite:")) {
    const auto folder = std::filesystem::path(url.substr(7)).parent_path();
    if (!folder.empty() && std::filesystem::create_directories(folder)) {
      std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    }
  }
  return {.url = url, .connections = static_cast<int>(settings.number("database.connections"))};
}

}  // namespace

Installation::Installation(const Settings& settings, const Clock& clock)
    : settings_(settings),
      site_(make_site(settings)),
      database_(database_options(settings), clock, site_.zone),
      files_(settings.text("files.folder")) {}

Installation::~Installation() = default;

const Renderer& Installation::renderer() {
  if (!renderer_) {
    renderer_ = std::make_unique<Renderer>(Renderer::Options{.locale = site_.locale, .zone = site_.zone});
  }
  return *renderer_;
}

const Mailer& Installation::mailer() {
  if (!mailer_) mailer_ = std::make_unique<Mailer>(Mailer{renderer(), site_, [this] { wake_(); }});
  return *mailer_;
}

const Services& Installation::services() {
  if (!services_) {
    services_ = std::make_unique<Services>(Services{database_, renderer(), site_, files_, mailer()});
  }
  return *services_;
}

void Installation::require_schema() {
  if (const auto complaint = schema_complaint(database_); !complaint.empty()) throw Refused(complaint);
}

}  // namespace cstims
