// A small site for the tests of http/: a few routes, people known by the name in their session
// cookie.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "base/failure.h"
#include "http/csrf.h"
#include "http/dispatch.h"
#include "http/metrics.h"
#include "http/request_refused.h"
#include "http/server.h"
#include "support/world.h"

namespace cstims::test {

inline Response say_hello(Context& context) {
  return Response::html("<!doctype html><title>t</title><h1>Hello " + context.viewer.name +
                        "</h1>");
}
inline Response show_form(Context& context) {
  return Response::html("<form><input type=\"hidden\" name=\"csrf\" value=\"" +
                        csrf_token(context.services.secret, context.session.token) + "\"></form>");
}
inline Response show_script(Context&) {
  return Response::html("<!doctype html><script src=\"/static/x\"></script>");
}
inline Response show_long_script(Context&) {
  return Response::html("<!doctype html><script src=\"/static/x\"></script>" +
                        std::string(4000, 'x'));
}
inline Response show_values(Context& context) {
  std::string text = context.request.path;
  for (const auto& value : context.request.path_values) text += "|" + value;
  for (const auto& [name, value] : context.request.query) text += "|" + name + "=" + value;
  return Response::text(text + "|" + context.request.peer);
}
inline Response show_id(Context& context) {
  return Response::text(std::to_string(context.request.path_number(0)));
}
inline Response show_posted(Context& context) {
  std::string text = "posted";
  for (const auto& [name, value] : context.request.form.fields) text += "|" + name + "=" + value;
  for (const Upload& upload : context.request.form.uploads) {
    text += "|" + upload.field + ":" + upload.name + ":" + std::to_string(upload.size) + ":" +
            upload.sha256 + (std::filesystem::exists(upload.file) ? ":there" : ":gone");
  }
  return Response::text(text);
}
/// Requests for /slow: how many are running, and whether they must wait to be let go.
struct Gate {
  std::atomic<int> inside = 0;
  std::atomic<bool> closed = false;
};
inline Gate gate;

template <typename Condition>
bool becomes_true(Condition condition) {
  for (int i = 0; i < 2000 && !condition(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return condition();
}

inline Response sleep_a_while(Context&) {
  ++gate.inside;
  if (!gate.closed) std::this_thread::sleep_for(std::chrono::milliseconds(300));
  becomes_true([] { return !gate.closed; });
  --gate.inside;
  return Response::text("slept");
}
inline Response show_long(Context&) {
  return Response::html("<!doctype html>" + std::string(100'000, 'x'));
}
inline Response show_file(Context& context) {
  return Response::download_file("notes.txt", "text/plain",
                                 (context.services.files.folder() / "big").string());
}
inline Response fail_with(Context& context) {
  const std::string& kind = context.request.path_values.at(0);
  if (kind == "400") throw BadRequest("secret detail");
  if (kind == "403") throw Forbidden("secret detail");
  if (kind == "404") throw NotFound("secret detail");
  if (kind == "409") throw Conflict("secret detail");
  if (kind == "429") throw Overload("secret detail", 7, true);
  if (kind == "503") throw Overload("secret detail", 9, false);
  if (kind == "507") throw RequestRefused(507, "secret detail");
  if (kind == "int") throw 42;
  throw std::runtime_error("secret detail: select * from users");
}

inline constexpr Route routes_of_tests[] = {
    {"GET", "/", Who::anyone, say_hello},
    {"GET", "/form", Who::anyone, show_form},
    {"GET", "/script", Who::anyone, show_script},
    {"GET", "/long-script", Who::anyone, show_long_script},
    {"GET", "/long", Who::anyone, show_long},
    {"GET", "/slow", Who::anyone, sleep_a_while},
    {"GET", "/file", Who::anyone, show_file},
    {"GET", "/echo", Who::anyone, show_values},
    {"GET", "/fail/{kind}", Who::anyone, fail_with},
    {"GET", "/tickets/{ticket}", Who::anyone, show_id},
    {"GET", "/tickets/new", Who::anyone, show_values},
    {"GET", "/invoices/{invoice}", Who::anyone, show_values},
    {"GET", "/invoices/{invoice}.pdf", Who::anyone, show_values},
    {"POST", "/tickets/{ticket}/replies", Who::signed_in, show_posted, Body::files},
    {"POST", "/post", Who::anyone, show_posted, Body::form},
    {"POST", "/slow", Who::anyone, sleep_a_while, Body::form},
    {"POST", "/upload", Who::anyone, show_posted, Body::files},
    {"GET", "/home", Who::signed_in, say_hello},
    {"GET", "/client", Who::client, say_hello},
    {"GET", "/helpdesk", Who::helpdesk, say_hello},
    {"GET", "/accountant", Who::accountant, say_hello},
    {"GET", "/staff", Who::staff, say_hello},
    {"GET", "/admin", Who::admin, say_hello},
    {"GET", "/healthz", Who::anyone, show_health},
    {"GET", "/metrics", Who::trusted_address, show_metrics},
};
static_assert(no_duplicates(routes_of_tests));

/// The session token of a person of the cast: long enough to count as one.
inline std::string token_of(std::string_view name) {
  return std::string(name) + "-session-token-of-the-tests";
}

class HttpSite {
 public:
  explicit HttpSite(std::string url = "http://127.0.0.1:8080")
      : own_site(with_url(std::move(url))),
        services{world.database(),
                 world.renderer(),
                 own_site,
                 world.files(),
                 world.mailer(),
                 nullptr,
                 "a key for the tests of http",
                 &metrics},
        parts{.services = services,
              .router = Router(routes_of_tests),
              .trusted_proxies = {},
              .identify = [this](const Request& request) { return identify(request); },
              .frame = {},
              .error_page = {},
              .moved_to =
                  [](const Request& request) {
                    return request.path == "/login.php" ? "/login" : "";
                  }} {}

  Request get(std::string path, const std::string& person = {}) {
    Request request;
    request.method = "GET";
    request.path = std::move(path);
    request.id = "r-1";
    request.peer = "127.0.0.1";
    if (!person.empty()) request.cookies["cstims_session"] = token_of(person);
    return request;
  }
  /// With a valid token of that person.
  Request post(std::string path, const std::string& person) {
    Request request = get(std::move(path), person);
    request.method = "POST";
    request.form.fields["csrf"] = csrf_token(services.secret, token_of(person));
    return request;
  }
  Response answer(Request request) { return dispatch(parts, std::move(request)); }

  World world{Engine::sqlite};
  Metrics metrics;
  Site own_site;
  Services services;
  Parts parts;

 private:
  static Site with_url(std::string url) {
    Site site = site_of_tests();
    site.url = std::move(url);
    return site;
  }
  Identity identify(const Request& request) {
    const auto cookie = request.cookies.find("cstims_session");
    if (cookie == request.cookies.end()) return {};
    Identity identity;
    identity.session.token = cookie->second;
    for (const Viewer& viewer :
         {world.ada(), world.bob(), world.grace(), world.luca(), world.root()}) {
      if (token_of(viewer.name) == cookie->second) identity.viewer = viewer;
    }
    identity.session.signed_in = identity.viewer.user.has_value();
    return identity;
  }
};

inline std::string header_of(const Response& response, std::string_view name) {
  const std::string* found = response.find(name);
  return found == nullptr ? "" : *found;
}

}  // namespace cstims::test
