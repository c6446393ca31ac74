#include "http/dispatch.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "http/csrf.h"
#include "http/error_pages.h"
#include "http/headers.h"
#include "http/request_refused.h"
#include "http/session_cookie.h"
#include "http/static_files.h"

namespace cstims {
namespace {

/// RFC 3986 §2.3 unreserved, and the slash, which a query may hold.
std::string encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain = "-._~/";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool stays = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       plain.find(c) != std::string_view::npos;
    if (stays) {
      result += c;
    } else {
      result += '%';
      result += digits[byte >> 4];
      result += digits[byte & 15];
    }
  }
  return result;
}

Response to_sign_in(const Request& request) {
  if (request.method != "GET") return Response::see_other("/login");
  std::string next = encoded(request.path);
  for (const auto& [name, value] : request.query) {
    next += next.find('?') == std::string::npos ? '?' : '&';
    next += encoded(name) + "=" + encoded(value);
  }
  if (next == "/" || next.size() > 1000) return Response::see_other("/login");
  return Response::see_other("/login?next=" + encoded(next));
}

std::string origin_of(std::string_view url) {
  const auto host = url.find("://");
  if (host == std::string_view::npos) return {};
  std::string origin = lower_ascii(url.substr(0, url.find('/', host + 3)));
  // Browsers leave the scheme's own port out.
  if (origin.starts_with("http://") && origin.ends_with(":80")) origin.resize(origin.size() - 3);
  if (origin.starts_with("https://") && origin.ends_with(":443")) origin.resize(origin.size() - 4);
  return origin;
}

void check_csrf(const Context& context, Request& request) {
  if (is_cross_site(request, origin_of(context.site().url))) {
    throw Forbidden("a form sent by another site");
  }
  const std::string token = request.form.value("csrf");
  if (!csrf_valid(context.services.secret, context.session.token, token)) {
    throw Forbidden("the form's csrf token is missing or of another session");
  }
  request.form.fields.erase("csrf");
}

/// The page a form was sent from, when it is one of ours.
std::string page_before(const Context& context) {
  const std::string referer = context.request.header("referer");
  const std::string& own = context.site().url;
  if (!referer.starts_with(own + "/")) return "/";
  std::string path = referer.substr(own.size());
  path.resize(std::min(path.find_first_of("?#"), path.size()));
  return is_own_path(path) ? path : "/";
}

/// A form that carries a key acts once; sent again it leads where the first one led.
Response answer_once(Context& context, const Route& route) {
  try {
    Response response = route.handler(context);
    const auto* location = response.find("Location");
    if (response.status == 303 && location) {
      context.database().write(
          [&](Transaction& tx) { remember_form_location(tx, context.form_key, *location); });
    }
    return response;
  } catch (const FormRepeated& repeated) {
    const auto location = context.database().read(
        [&](Transaction& tx) { return find_form_location(tx, context.form_key); });
    return context.redirect(
        is_own_path(location) ? location : page_before(context),
        repeated.changed
            ? message("This form was sent before with other values, and done. Nothing was done "
                      "now: fill it in again.")
            : message("This was done already. Nothing was done twice."));
  }
}

Response answer_route(const Parts& parts, Context& context, Request& request) {
  RouteMatch match = parts.router.find(request.method, request.path);
  if (match.route == nullptr) {
    if (!is_known_method(request.method)) return error_page(parts, context, 501);
    if (!match.allow.empty()) {
      return error_page(parts, context, 405).add("Allow", match.allow);
    }
    const std::string moved =
        request.method == "GET" && parts.moved_to ? parts.moved_to(request) : std::string();
    return moved.empty() ? error_page(parts, context, 404) : Response::moved(moved);
  }
  const Route& route = *match.route;
  request.path_values = std::move(match.values);
  const bool right_address =
      route.who != Who::trusted_address || is_trusted_address(request.peer, parts.trusted_proxies);
  if (!may(route.who, context.viewer) || !right_address) {
    if (!context.viewer.user && right_address) return to_sign_in(request);
    return error_page(parts, context, 403);
  }
  if (request.method == "POST") {
    check_csrf(context, request);
    context.form_key = take_form_key(request, context.session.token);
  }
  if (context.form_key.key.empty()) return route.handler(context);
  return answer_once(context, route);
}

/// A form on the page needs a session cookie to be bound to; visitors who only read get none.
void keep_session_token(const Context& context, bool token_is_new, Response& response) {
  const bool has_form = response.body.find("name=\"csrf\"") != std::string::npos;
  if (!has_form) return;
  if (response.find("Cache-Control") == nullptr) response.add("Cache-Control", "no-store");
  const std::string_view name = session_cookie_name(context.site());
  const bool set_already = std::ranges::any_of(response.headers, [&](const auto& header) {
    return header.first == "Set-Cookie" && header.second.starts_with(name);
  });
  if (token_is_new && !set_already) {
    response.add("Set-Cookie", session_cookie(context.site(), context.session.token));
  }
}

using Answer = std::function<Response(Context&, Request&)>;

Response finished(const Parts& parts, Request& request, const Answer& answer) {
  HeaderRules rules{.https = parts.services.site.https()};
  Identity identity;
  std::exception_ptr unidentified;
  try {
    identity = parts.identify(request);
  } catch (...) {
    unidentified = std::current_exception();
  }
  const bool token_is_new = !is_session_token(identity.session.token);
  if (token_is_new) identity.session.token = random_token();
  rules.signed_in = identity.viewer.user.has_value();
  Context context{request, parts.services, std::move(identity.viewer), std::move(identity.session),
                  parts.frame};
  Response response;
  try {
    if (unidentified) std::rethrow_exception(unidentified);
    response = answer(context, request);
  } catch (...) {
    response = failure_page(parts, context, std::current_exception());
  }
  keep_session_token(context, token_is_new, response);
  add_cache_headers(request, response, rules);
  // The content policy looks into the page: before it is compressed.
  add_security_headers(response, rules);
  compress(request, response);
  return response;
}

Response guarded(const Parts& parts, Request& request, const Answer& answer) {
  const std::string id = request.id;
  try {
    if (request.method == "HEAD") request.method = "GET";
    if (auto file = static_response(request)) {
      if (file->find("Cache-Control") == nullptr) file->add("Cache-Control", "no-store");
      add_security_headers(*file, {.https = parts.services.site.https()});
      return std::move(*file);
    }
    return finished(parts, request, answer);
  } catch (const std::exception& failure) {
    log_error("request failed twice", {{"request", id}, {"error", failure.what()}});
    return plain_error(500, id, parts.services.site.https());
  }
}

}  // namespace

Response dispatch(const Parts& parts, Request request) {
  return guarded(parts, request,
                 [&](Context& context, Request& own) { return answer_route(parts, context, own); });
}

Response dispatch_failure(const Parts& parts, Request request, int status) {
  return guarded(parts, request,
                 [&](Context& context, Request&) { return error_page(parts, context, status); });
}

}  // namespace cstims
