#include "http/dispatch.h"

#include "http/headers.h"
#include "http/http_site.h"
#include "http/session_cookie.h"
#include "http/static_files.h"

namespace cstims::test {
namespace {

const std::string policy =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

void expect_security_headers(const Response& response, const std::string& what) {
  EXPECT_EQ(header_of(response, "Content-Security-Policy"), policy) << what;
  EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff") << what;
  EXPECT_EQ(header_of(response, "Referrer-Policy"), "same-origin") << what;
  EXPECT_EQ(header_of(response, "Cross-Origin-Opener-Policy"), "same-origin") << what;
  EXPECT_EQ(header_of(response, "Cross-Origin-Resource-Policy"), "same-origin") << what;
  EXPECT_EQ(response.find("Server"), nullptr) << what;
  EXPECT_EQ(response.find("Access-Control-Allow-Origin"), nullptr) << what;
  const bool has_body = !response.body.empty() || !response.static_body.empty();
  EXPECT_EQ(has_body, response.find("Content-Type") != nullptr) << what;
}

}  // namespace

SENTENCE(dispatch, "every status carries the security headers") {
  HttpSite site;
  for (const std::string path :
       {"/", "/none", "/fail/400", "/fail/403", "/fail/404", "/fail/409", "/fail/429", "/fail/500",
        "/fail/503", "/fail/507", "/fail/int", "/home", "/static/none/app.css", "/tickets/x"}) {
    expect_security_headers(site.answer(site.get(path)), path);
  }
  expect_security_headers(site.answer(site.get(static_address("bootstrap.min.css"))), "css");
  Request put = site.get("/");
  put.method = "PUT";
  expect_security_headers(site.answer(put), "405");
  for (const int status : {400, 408, 413, 414, 415, 417, 421, 431, 501, 503, 505}) {
    expect_security_headers(plain_error(status, "r", false), std::to_string(status));
    expect_security_headers(dispatch_failure(site.parts, site.get("/"), status), "failure");
    EXPECT_EQ(dispatch_failure(site.parts, site.get("/"), status).status, status);
  }
}

SENTENCE(dispatch, "only https sites promise to stay https") {
  HttpSite plain;
  EXPECT_EQ(plain.answer(plain.get("/")).find("Strict-Transport-Security"), nullptr);
  HttpSite secure("https://portal.example.test");
  const std::string promise = "max-age=31536000; includeSubDomains";
  EXPECT_EQ(header_of(secure.answer(secure.get("/")), "Strict-Transport-Security"), promise);
  EXPECT_EQ(header_of(secure.answer(secure.get("/none")), "Strict-Transport-Security"), promise);
  EXPECT_EQ(header_of(plain_error(503, "r", true), "Strict-Transport-Security"), promise);
}

SENTENCE(dispatch, "scripts are allowed only on pages that have one") {
  HttpSite site;
  const auto scripted = header_of(site.answer(site.get("/script")), "Content-Security-Policy");
  EXPECT_NE(scripted.find("script-src 'self'; connect-src 'self';"), std::string::npos);
  EXPECT_EQ(scripted.find("unsafe"), std::string::npos);
}

SENTENCE(dispatch, "scripts are allowed on a page that is sent compressed, too") {
  HttpSite site;
  Request request = site.get("/long-script");
  request.headers["accept-encoding"] = "gzip";
  const Response packed = site.answer(request);
  EXPECT_EQ(header_of(packed, "Content-Encoding"), "gzip");
  EXPECT_NE(header_of(packed, "Content-Security-Policy").find("script-src 'self'"),
            std::string::npos);
}

SENTENCE(dispatch, "failures become their status and say nothing of what happened") {
  HttpSite site;
  for (const std::string kind : {"400", "403", "404", "409", "429", "500", "503", "507"}) {
    const Response response = site.answer(site.get("/fail/" + kind));
    EXPECT_EQ(std::to_string(response.status), kind);
    EXPECT_EQ(response.body.find("secret"), std::string::npos);
    EXPECT_EQ(response.body.find("select"), std::string::npos);
    EXPECT_NE(response.body.find("r-1"), std::string::npos) << "the request id is shown";
  }
  EXPECT_EQ(site.answer(site.get("/fail/int")).status, 500);
  EXPECT_EQ(header_of(site.answer(site.get("/fail/429")), "Retry-After"), "7");
  EXPECT_EQ(header_of(site.answer(site.get("/fail/503")), "Retry-After"), "9");
}

SENTENCE(dispatch, "an error page that fails is replaced by a plain one") {
  HttpSite site;
  site.parts.error_page = [](const Context&, const ErrorPage&) -> Response {
    throw std::runtime_error("broken");
  };
  EXPECT_EQ(site.answer(site.get("/none")).status, 404);
  EXPECT_EQ(site.answer(site.get("/fail/500")).status, 500);
}

SENTENCE(dispatch,
         "who cannot be identified because the database is away gets an error, not a page") {
  HttpSite site;
  site.parts.identify = [](const Request&) -> Identity { throw DatabaseError("away"); };
  EXPECT_EQ(site.answer(site.get("/")).status, 500);
  EXPECT_EQ(site.answer(site.get("/admin")).status, 500);
}

SENTENCE(dispatch, "each access word lets in whom it names") {
  HttpSite site;
  const std::map<std::string, std::string> allowed = {
      {"/home", "ada grace luca root"}, {"/client", "ada"},
      {"/helpdesk", "grace root"},      {"/accountant", "luca root"},
      {"/staff", "grace luca root"},    {"/admin", "root"}};
  for (const auto& [path, people] : allowed) {
    for (const std::string person : {"ada", "grace", "luca", "root"}) {
      const int expected = people.find(person) == std::string::npos ? 403 : 200;
      EXPECT_EQ(site.answer(site.get(path, person)).status, expected) << path << " " << person;
    }
    const Response nobody = site.answer(site.get(path));
    EXPECT_EQ(nobody.status, 303);
    EXPECT_EQ(header_of(nobody, "Location"), "/login?next=" + path);
  }
}

SENTENCE(dispatch, "signing in leads back to the address with its query, and to our paths only") {
  HttpSite site;
  Request request = site.get("/home");
  request.query = {{"a", "b c&d=é"}, {"page", "2"}};
  EXPECT_EQ(header_of(site.answer(request), "Location"),
            "/login?next=/home%3Fa%3Db%2520c%2526d%253D%25C3%25A9%26page%3D2");
  request.query = {{"long", std::string(2000, 'x')}};
  EXPECT_EQ(header_of(site.answer(request), "Location"), "/login");
  Request post = site.post("/tickets/1/replies", "nobody");
  EXPECT_EQ(header_of(site.answer(post), "Location"), "/login");
}

SENTENCE(dispatch, "metrics are for loopback and trusted addresses") {
  HttpSite site;
  Request request = site.get("/metrics");
  EXPECT_EQ(site.answer(request).status, 200);
  request.peer = "192.0.2.7";
  EXPECT_EQ(site.answer(request).status, 403);
  site.parts.trusted_proxies = AddressRanges::parse({"192.0.2.0/24"}).value();
  EXPECT_EQ(site.answer(request).status, 200);
  request.peer = "192.0.3.7";
  EXPECT_EQ(site.answer(request).status, 403);
}

SENTENCE(dispatch, "health is honest about the database and about stopping") {
  HttpSite site;
  EXPECT_EQ(site.answer(site.get("/healthz")).status, 200);
  site.metrics.draining = true;
  EXPECT_EQ(site.answer(site.get("/healthz")).status, 503);
}

SENTENCE(dispatch, "methods: 405 with what is allowed, 501 for unknown ones") {
  HttpSite site;
  const auto ask = [&](const std::string& method, const std::string& path) {
    Request request = site.get(path);
    request.method = method;
    return site.answer(request);
  };
  for (const std::string method : {"PUT", "DELETE", "PATCH", "OPTIONS"}) {
    EXPECT_EQ(ask(method, "/").status, 405) << method;
    EXPECT_EQ(header_of(ask(method, "/"), "Allow"), "GET, HEAD");
    EXPECT_EQ(header_of(ask(method, "/slow"), "Allow"), "GET, HEAD, POST");
    EXPECT_EQ(ask(method, "/none").status, 404) << method;
  }
  EXPECT_EQ(ask("POST", "/").status, 405);
  EXPECT_EQ(ask("GET", "/post").status, 405);
  EXPECT_EQ(header_of(ask("GET", "/post"), "Allow"), "POST");
  EXPECT_EQ(ask("POST", static_address("app.css")).status, 405);
  EXPECT_EQ(ask("HEAD", "/").status, 200);
  for (const std::string method : {"TRACE", "CONNECT", "get", "BREW"}) {
    EXPECT_EQ(ask(method, "/").status, 501) << method;
  }
}

SENTENCE(dispatch, "a post needs a token of the same session") {
  HttpSite site;
  EXPECT_EQ(site.answer(site.post("/post", "ada")).body, "posted");
  const auto with_token = [&](const std::string& token) {
    Request request = site.post("/post", "ada");
    request.form.fields["csrf"] = token;
    return site.answer(request).status;
  };
  EXPECT_EQ(with_token(csrf_token(site.services.secret, token_of("bob"))), 403);
  EXPECT_EQ(with_token(csrf_token("another key", token_of("ada"))), 403);
  EXPECT_EQ(with_token(""), 403);
  EXPECT_EQ(with_token("x"), 403);
  const std::string good = csrf_token(site.services.secret, token_of("ada"));
  EXPECT_EQ(with_token(good.substr(1)), 403);
  EXPECT_EQ(with_token(good + good), 403);
  EXPECT_EQ(with_token(good), 200);
  Request without = site.post("/post", "ada");
  without.form.fields.erase("csrf");
  EXPECT_EQ(site.answer(without).status, 403);
  Request no_cookie = site.post("/post", "ada");
  no_cookie.cookies.clear();
  EXPECT_EQ(site.answer(no_cookie).status, 403);
}

SENTENCE(dispatch, "a post from another site is refused even with a good token") {
  HttpSite site;
  const auto ask = [&](const std::string& site_field, const std::string& origin) {
    Request request = site.post("/post", "ada");
    if (!site_field.empty()) request.headers["sec-fetch-site"] = site_field;
    if (!origin.empty()) request.headers["origin"] = origin;
    request.headers["host"] = "localhost:8080";
    return site.answer(request).status;
  };
  EXPECT_EQ(ask("", ""), 200);
  EXPECT_EQ(ask("same-origin", ""), 200);
  EXPECT_EQ(ask("none", ""), 200);
  EXPECT_EQ(ask("cross-site", ""), 403);
  EXPECT_EQ(ask("same-site", ""), 403);
  EXPECT_EQ(ask("cross-site", "http://127.0.0.1:8080"), 403);
  EXPECT_EQ(ask("same-origin, cross-site", ""), 403);
  EXPECT_EQ(ask("", "http://127.0.0.1:8080"), 200);
  EXPECT_EQ(ask("", "http://localhost:8080"), 200);
  EXPECT_EQ(ask("", "https://127.0.0.1:8080"), 403);
  EXPECT_EQ(ask("", "http://evil.test"), 403);
  EXPECT_EQ(ask("", "http://127.0.0.1:8080.evil.test"), 403);
  EXPECT_EQ(ask("", "null"), 200);  // a no-referrer page of an old browser: the token decides
}

SENTENCE(dispatch, "the token is another text each time and not handed to the page") {
  HttpSite site;
  const std::string one = csrf_token("k", "s");
  const std::string other = csrf_token("k", "s");
  EXPECT_NE(one, other);
  EXPECT_TRUE(csrf_valid("k", "s", one));
  EXPECT_TRUE(csrf_valid("k", "s", other));
  EXPECT_FALSE(csrf_valid("k", "", csrf_token("k", "")));
  Request request = site.post("/post", "ada");
  request.form.fields["a"] = "1";
  EXPECT_EQ(site.answer(request).body, "posted|a=1");
}

SENTENCE(dispatch, "a visitor gets a session cookie only where a form needs it") {
  HttpSite site;
  EXPECT_EQ(site.answer(site.get("/")).find("Set-Cookie"), nullptr);
  const Response form = site.answer(site.get("/form"));
  const std::string cookie = header_of(form, "Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("cstims_session="));
  EXPECT_TRUE(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"));
  EXPECT_EQ(header_of(form, "Cache-Control"), "no-store");
  EXPECT_EQ(site.answer(site.get("/form", "ada")).find("Set-Cookie"), nullptr);
  // What came back with it is valid together.
  const auto value = cookie.substr(15, cookie.find(';') - 15);
  const auto begin = form.body.find("value=\"") + 7;
  EXPECT_TRUE(csrf_valid(site.services.secret, value,
                         form.body.substr(begin, form.body.find('"', begin) - begin)));
  HttpSite secure("https://portal.example.test");
  const std::string strict = header_of(secure.answer(secure.get("/form")), "Set-Cookie");
  EXPECT_TRUE(strict.starts_with("__Host-cstims_session="));
  EXPECT_TRUE(strict.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"));
}

SENTENCE(dispatch, "a planted cookie that is no token of ours is replaced") {
  HttpSite site;
  for (const std::string planted :
       {"", "short", "with space with space with space", "<script>alert(1)</script>"}) {
    Request request = site.get("/form");
    request.cookies["cstims_session"] = planted;
    EXPECT_TRUE(header_of(site.answer(request), "Set-Cookie").starts_with("cstims_session="))
        << planted;
  }
}

SENTENCE(dispatch, "pages of people who are signed in are never stored") {
  HttpSite site;
  EXPECT_EQ(header_of(site.answer(site.get("/", "ada")), "Cache-Control"), "no-store");
  EXPECT_EQ(site.answer(site.get("/", "ada")).find("ETag"), nullptr);
  EXPECT_EQ(header_of(site.answer(site.get("/none")), "Cache-Control"), "no-store");
}

SENTENCE(dispatch, "a public page is not sent twice") {
  HttpSite site;
  const Response first = site.answer(site.get("/"));
  const std::string tag = header_of(first, "ETag");
  EXPECT_EQ(header_of(first, "Cache-Control"), "no-cache");
  Request again = site.get("/");
  again.headers["if-none-match"] = "\"other\", " + tag;
  const Response second = site.answer(again);
  EXPECT_EQ(second.status, 304);
  EXPECT_TRUE(second.body.empty());
  EXPECT_EQ(header_of(second, "ETag"), tag);
  again.headers["if-none-match"] = "\"other\"";
  EXPECT_EQ(site.answer(again).status, 200);
}

SENTENCE(dispatch, "static files live under their checksum for ever, and nowhere else") {
  HttpSite site;
  const std::string address = static_address("bootstrap.min.css");
  const Response file = site.answer(site.get(address));
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(header_of(file, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header_of(file, "Content-Type"), "text/css; charset=utf-8");
  Request packed = site.get(address);
  packed.headers["accept-encoding"] = "br, gzip;q=0.5";
  const Response small = site.answer(packed);
  EXPECT_EQ(header_of(small, "Content-Encoding"), "gzip");
  EXPECT_LT(small.static_body.size(), file.static_body.size() / 4);
  packed.headers["if-none-match"] = header_of(file, "ETag");
  EXPECT_EQ(site.answer(packed).status, 304);
  for (const std::string path :
       {"/static", "/static/", "/static/app.css", "/static/0000000000000000/bootstrap.min.css",
        "/static//bootstrap.min.css", "/static/../src/http/server.cc", "/static/x/../app.css",
        "/static/;/app.css", "/static/.git/config"}) {
    EXPECT_EQ(site.answer(site.get(path)).status, 404) << path;
  }
  EXPECT_EQ(site.answer(site.get(address + "/")).status, 404);
}

SENTENCE(dispatch, "style sheets hold no pictures, which the policy would block") {
  HttpSite site;
  const Response css = site.answer(site.get(static_address("bootstrap.min.css")));
  EXPECT_EQ(css.static_body.find("data:"), std::string::npos);
  const auto begin = css.static_body.find("url(\"/static/");
  ASSERT_NE(begin, std::string::npos);
  const auto end = css.static_body.find("\")", begin);
  const Response picture =
      site.answer(site.get(std::string(css.static_body.substr(begin + 5, end - begin - 5))));
  EXPECT_EQ(picture.status, 200);
  EXPECT_EQ(header_of(picture, "Content-Type"), "image/svg+xml");
  EXPECT_TRUE(picture.static_body.starts_with("<svg "));
}

SENTENCE(dispatch, "long texts are compressed for those who accept it") {
  HttpSite site;
  Request request = site.get("/long");
  EXPECT_EQ(site.answer(request).find("Content-Encoding"), nullptr);
  for (const std::string refusing :
       {"", "br", "gzip;q=0", "gzip;q=0.000", "identity, gzip; q=0.0", "gzipx"}) {
    request.headers["accept-encoding"] = refusing;
    EXPECT_EQ(site.answer(request).find("Content-Encoding"), nullptr) << refusing;
  }
  for (const std::string accepting : {"gzip", "GZIP", "br, gzip", "gzip;q=0.1", "*"}) {
    request.headers["accept-encoding"] = accepting;
    const Response packed = site.answer(request);
    EXPECT_EQ(header_of(packed, "Content-Encoding"), "gzip") << accepting;
    EXPECT_LT(packed.body.size(), 2000U);
    EXPECT_TRUE(packed.body.starts_with("\x1f\x8b"));
  }
  request.path = "/";
  EXPECT_EQ(site.answer(request).find("Content-Encoding"), nullptr) << "too short to be worth it";
}

SENTENCE(dispatch, "addresses of the predecessor lead to ours") {
  HttpSite site;
  const Response moved = site.answer(site.get("/login.php"));
  EXPECT_EQ(moved.status, 301);
  EXPECT_EQ(header_of(moved, "Location"), "/login");
  EXPECT_EQ(site.answer(site.get("/none.php")).status, 404);
}

SENTENCE(dispatch, "ids in addresses are digits only") {
  HttpSite site;
  EXPECT_EQ(site.answer(site.get("/tickets/12")).body, "12");
  EXPECT_EQ(site.answer(site.get("/tickets/9223372036854775807")).status, 200);
  for (const std::string id :
       {"0", "-1", "+1", "01", "1 ", "0x1", "1e3", "9223372036854775808", "abc"}) {
    EXPECT_EQ(site.answer(site.get("/tickets/" + id)).status, 404) << id;
  }
}

SENTENCE(router, "literals win over patterns, and longer patterns over shorter") {
  HttpSite site;
  EXPECT_EQ(site.answer(site.get("/tickets/new")).body, "/tickets/new|127.0.0.1");
  EXPECT_EQ(site.answer(site.get("/invoices/5")).body, "/invoices/5|5|127.0.0.1");
  EXPECT_EQ(site.answer(site.get("/invoices/5.pdf")).body, "/invoices/5.pdf|5|127.0.0.1");
  for (const std::string path :
       {"/invoices/", "/invoices/.pdf/x", "/invoices", "/tickets/5/", "/Tickets/5"}) {
    EXPECT_EQ(site.answer(site.get(path)).status, 404) << path;
  }
}

SENTENCE(router, "rows of one shape are duplicates, whatever their braces say") {
  EXPECT_TRUE(same_shape("/a/{x}", "/a/{y}"));
  EXPECT_TRUE(same_shape("/a", "/a"));
  EXPECT_FALSE(same_shape("/a/{x}", "/a/{x}/b"));
  EXPECT_FALSE(same_shape("/a/{x}", "/a/{x}.pdf"));
  EXPECT_FALSE(same_shape("/a/{x}", "/a/b"));
  static constexpr Route twice[] = {{"GET", "/a/{x}", Who::anyone, nullptr},
                                    {"GET", "/a/{y}", Who::admin, nullptr}};
  static_assert(!no_duplicates(twice));
}

}  // namespace cstims::test
