#include "support/visit.h"

namespace cstims::test {

Response visit(World& world, const Viewer& viewer, const Visit& visit) {
  Request request;
  request.method = visit.fields.empty() ? "GET" : "POST";
  request.query = visit.query;
  request.form.fields = visit.fields;
  request.path_values = visit.path_values;
  const auto frame = [](const Context& context, std::string_view view, const Message&,
                        const Fill& fill, int status) {
    const auto body = context.services.renderer.render(view, [&](Dictionary& values) {
      values.set_everywhere("CSRF", "token");
      fill(values);
    });
    return Response::html(body, status);
  };
  Context context{request, world.services(), viewer, {}, frame};
  return visit.handler(context);
}

std::string redirected_to(const Response& response) {
  if (response.status != 303) return {};
  for (const auto& [name, value] : response.headers) {
    if (name == "Location") return value;
  }
  return {};
}

}  // namespace cstims::test
