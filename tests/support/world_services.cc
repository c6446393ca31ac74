// Apart from world.cc so that the tests of db/ do not load any view.
#include "support/world.h"

namespace cstims::test {

const Renderer& World::renderer() {
  static const Renderer renderer({.locale = "en", .zone = madrid(), .strict = true});
  return renderer;
}

FileStore& World::files() {
  if (!files_) files_ = std::make_unique<FileStore>(folder_ / "files");
  return *files_;
}

const Mailer& World::mailer() {
  static const Languages languages(renderer());
  if (!mailer_) mailer_.reset(new Mailer{renderer(), site_, [this] { ++wakes_; }, &languages});
  return *mailer_;
}

const Services& World::services() {
  if (!services_) {
    services_.reset(new Services{database_, renderer(), site_, files(), mailer()});
    services_->background = &background_;
  }
  return *services_;
}

void World::scan_with(const FileScanner& scanner) {
  services();
  services_->scanner = &scanner;
}

}  // namespace cstims::test
