#include "html/operator_text.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/embedded.h"
#include "base/failure.h"

namespace cstims {
namespace {

std::string text_of(const Site& site, const std::string& name) {
  if (!site.pages_folder.empty()) {
    std::ifstream file(std::filesystem::path(site.pages_folder) / name);
    if (file) {
      std::ostringstream content;
      content << file.rdbuf();
      return content.str();
    }
  }
  for (const auto& view : embedded_views()) {
    if (view.path == "page/" + name) return std::string(view.content);
  }
  throw NotFound("no page " + name);
}

std::string without_client_links(std::string text) {
  for (const std::string_view target : {"](/client)", "](/openticket)", "](/order)"}) {
    for (auto end = text.find(target); end != std::string::npos; end = text.find(target)) {
      const auto begin = text.rfind('[', end);
      text.erase(end, target.size());
      if (begin != std::string::npos) text.erase(begin, 1);
    }
  }
  return text;
}

}  // namespace

std::string operator_text(const Site& site, const std::string& name, bool for_staff) {
  auto text = text_of(site, name);
  return for_staff ? without_client_links(std::move(text)) : text;
}

}  // namespace cstims
