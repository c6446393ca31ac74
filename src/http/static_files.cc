#include "http/static_files.h"

#include <array>
#include <functional>
#include <map>
#include <stdexcept>

#include "base/embedded.h"
#include "base/secret.h"
#include "base/text.h"
#include "http/headers.h"

namespace cstims {
namespace {

constexpr std::string_view folder = "/static/";

struct StaticFile {
  std::string content;
  std::string compressed;  // empty when that is no gain
  std::string_view type;
  std::string address;
  std::string tag;
};

using StaticFiles = std::map<std::string, StaticFile, std::less<>>;

std::string_view media_type(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> types{{
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"},
  }};
  for (const auto& [suffix, type] : types) {
    if (name.ends_with(suffix)) return type;
  }
  throw std::logic_error("no media type for the static file " + std::string(name));
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      decoded += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

class Table {
 public:
  Table() {
    std::map<std::string, std::string, std::less<>> sources;
    for (const EmbeddedFile& file : embedded_static()) {
      const bool piece = file.path.starts_with("css/");
      sources[piece ? "app.css" : std::string(file.path)] +=
          std::string(file.content) + (piece ? "\n" : "");
    }
    for (auto& [name, content] : sources) {
      add(name, name.ends_with(".css") ? lift_pictures(content) : std::move(content));
    }
  }

  const StaticFile* find(std::string_view name) const {
    const auto found = files_.find(name);
    return found == files_.end() ? nullptr : &found->second;
  }

 private:
  const StaticFile& add(const std::string& name, std::string content) {
    const std::string digest = sha256_hex(content).substr(0, 16);
    StaticFile file{std::move(content), {}, media_type(name), {}, '"' + digest + '"'};
    file.address = std::string(folder) + digest + "/" + name;
    const bool text = file.type.find("charset") != std::string_view::npos || name.ends_with(".svg");
    if (text) file.compressed = gzip(file.content, 9);
    if (file.compressed.size() + 100 > file.content.size()) file.compressed.clear();
    return files_.insert_or_assign(name, std::move(file)).first->second;
  }

  std::string lift_pictures(std::string_view css) {
    constexpr std::string_view begin = "url(\"data:image/svg+xml,";
    std::string lifted;
    while (true) {
      const auto found = css.find(begin);
      const auto end =
          found == std::string_view::npos ? found : css.find("\")", found + begin.size());
      if (end == std::string_view::npos) return lifted.append(css);
      const std::string picture =
          percent_decoded(css.substr(found + begin.size(), end - found - begin.size()));
      const StaticFile& file = add("picture-" + sha256_hex(picture).substr(0, 8) + ".svg", picture);
      lifted.append(css.substr(0, found)).append("url(\"").append(file.address).append("\")");
      css.remove_prefix(end + 2);
    }
  }

  StaticFiles files_;
};

const Table& table() {
  static const Table files;
  return files;
}

Response answer(const Request& request, const StaticFile& file, std::string_view cache_control) {
  Response response;
  response.add("Cache-Control", cache_control);
  response.add("ETag", file.tag);
  if (!file.compressed.empty()) response.add("Vary", "Accept-Encoding");
  if (tag_matches(request.header("if-none-match"), file.tag)) {
    response.status = 304;
    return response;
  }
  response.add("Content-Type", file.type);
  if (!file.compressed.empty() && accepts_gzip(request)) {
    response.add("Content-Encoding", "gzip");
    response.static_body = file.compressed;
  } else {
    response.static_body = file.content;
  }
  return response;
}

}  // namespace

std::string static_address(std::string_view name) {
  const StaticFile* file = table().find(name);
  if (file == nullptr) throw std::logic_error("no static file " + std::string(name));
  return file->address;
}

bool has_static_file(std::string_view name) {
  return table().find(name) != nullptr;
}

bool is_static_path(std::string_view path) {
  return path.starts_with(folder);
}

std::optional<Response> static_response(const Request& request) {
  const std::string_view path = request.path;
  const bool at_root = path == "/favicon.ico" || path == "/robots.txt";
  if (!path.starts_with(folder) && !at_root) return {};
  const auto slash = at_root ? 0 : path.find('/', folder.size());
  const StaticFile* file =
      slash == std::string_view::npos ? nullptr : table().find(path.substr(slash + 1));
  if (at_root && file == nullptr) return {};
  if (file == nullptr || (!at_root && file->address != path)) {
    return Response::text("There is no such file.\n", 404);
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return Response::text("Files can only be read.\n", 405).add("Allow", "GET, HEAD");
  }
  return answer(request, *file,
                at_root ? "public, max-age=86400" : "public, max-age=31536000, immutable");
}

}  // namespace cstims
