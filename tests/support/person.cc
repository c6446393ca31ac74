#include "support/person.h"

#include <fstream>

#include "base/secret.h"
#include "base/text.h"
#include "html/layout.h"
#include "http/csrf.h"

namespace cstims::test {

namespace {

constexpr std::string_view secret = "a secret of 32 bytes for tests..";

const std::string& session_token() {
  static const std::string token = random_token();
  return token;
}

Response frame(const Context& context, std::string_view view, const Message& title,
               const Fill& fill, int status) {
  const Layout layout{.title = title,
                      .site_name = context.site().name,
                      .tagline = {},
                      .files = {},
                      .navigation = {},
                      .user_name = context.viewer.name,
                      .user_role = std::string(text(context.viewer.role)),
                      .csrf = csrf_token(context.services.secret, context.session.token),
                      .contact = context.site().mail_admin.text()};
  return Response::html(render_in_layout(context.services.renderer, layout, view, fill), status);
}

Response draw_error(const Context&, const ErrorPage& page) {
  return Response::text(page.title.english(), page.status);
}

}  // namespace

Response Person::get(const std::string& target) {
  Request request;
  request.method = "GET";
  const auto mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string::npos) {
    for (const auto pair : split(std::string_view(target).substr(mark + 1), '&')) {
      const auto equals = pair.find('=');
      request.query.emplace(std::string(pair.substr(0, equals)),
                            std::string(pair.substr(equals + 1)));
    }
  }
  return send(std::move(request));
}

Response Person::post(const std::string& path, Fields fields, std::vector<Upload> uploads) {
  Request request;
  request.method = "POST";
  request.path = path;
  request.form.fields = std::move(fields);
  request.form.fields.emplace("csrf", csrf_token(secret, session_token()));
  request.form.uploads = std::move(uploads);
  return send(std::move(request));
}

Response Person::post_from_elsewhere(const std::string& path, Fields fields) {
  Request request;
  request.method = "POST";
  request.path = path;
  request.form.fields = std::move(fields);
  return send(std::move(request));
}

Response Person::send(Request request) {
  Services services = world_.services();
  services.secret = secret;
  const Parts parts{.services = services,
                    .router = Router(routes_),
                    .trusted_proxies = {},
                    .identify =
                        [this](const Request&) {
                          const bool known = viewer_.user.has_value();
                          return Identity{viewer_, {session_token(), "hash", known}};
                        },
                    .frame = frame,
                    .error_page = draw_error,
                    .moved_to = {}};
  request.peer = "192.0.2.7";
  request.id = "test";
  return dispatch(parts, std::move(request));
}

std::string header_value(const Response& response, std::string_view name) {
  const auto* found = response.find(name);
  return found ? *found : std::string();
}

Upload upload_of(World& world, std::string field, std::string name, const std::string& content) {
  static int count = 0;
  const auto path = world.folder() / ("file-" + std::to_string(++count));
  std::ofstream(path, std::ios::binary) << content;
  Upload upload;
  upload.field = std::move(field);
  upload.name = std::move(name);
  upload.media_type = "text/html";
  upload.file = path;
  upload.size = static_cast<std::int64_t>(content.size());
  upload.sha256 = sha256_hex(content);
  return upload;
}

}  // namespace cstims::test
