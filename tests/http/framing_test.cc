// What two readers of one connection could understand differently is refused, and the connection
// closed.
#include "http/head.h"
#include "http/running_site.h"

namespace cstims::test {
namespace {

RunningSite& running() {
  static RunningSite site;
  return site;
}

/// The status, and the connection is closed after it.
void expect_refused(const std::string& bytes, int status, const std::string& what = {}) {
  RawClient client(running().server.port());
  client.send(bytes);
  EXPECT_EQ(client.read().status, status) << what << "\n" << bytes.substr(0, 300);
  EXPECT_TRUE(client.at_end()) << what << "\n" << bytes.substr(0, 300);
}

std::string post(const std::string& fields, const std::string& body) {
  return "POST /post HTTP/1.1\r\nHost: " + running().host() + "\r\n" +
         RunningSite::visitor_fields("application/x-www-form-urlencoded") + fields + "\r\n" + body;
}

std::string get(const std::string& fields) {
  return running().request("GET /", fields);
}

}  // namespace

SENTENCE(framing, "a plain request is answered and the connection stays") {
  RawClient client(running().server.port());
  for (int i = 0; i < 3; ++i) {
    client.send(get(""));
    const RawAnswer answer = client.read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("connection"), "keep-alive");
    EXPECT_NE(answer.body.find("<h1>Hello"), std::string::npos);
  }
}

SENTENCE(framing, "a posted form arrives by length and in chunks") {
  const std::string body = running().with_token("a=1&b=%C3%A9+x");
  EXPECT_EQ(
      running().ask(post("Content-Length: " + std::to_string(body.size()) + "\r\n", body)).body,
      "posted|a=1|b=é x");
  std::string chunked;
  for (const char c : body) chunked += std::string("1\r\n") + c + "\r\n";
  chunked += "0\r\n\r\n";
  EXPECT_EQ(running().ask(post("Transfer-Encoding: chunked\r\n", chunked)).body,
            "posted|a=1|b=é x");
  EXPECT_EQ(running().ask(post("transfer-encoding: CHUNKED\r\n", chunked)).body,
            "posted|a=1|b=é x");
}

SENTENCE(framing, "a length and a transfer encoding together are refused") {
  expect_refused(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400);
  expect_refused(post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400);
  expect_refused(get("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400);
}

SENTENCE(framing, "any transfer encoding but one chunked is refused") {
  for (const std::string value :
       {"xchunked", "gzip, chunked", "chunked, identity", "chunked, chunked", "identity", "gzip",
        "chunked;a=b", "\"chunked\"", "chunked,", ",chunked", "\vchunked", "chun ked", ""}) {
    expect_refused(post("Transfer-Encoding: " + value + "\r\n", "0\r\n\r\n"), 400, value);
  }
  expect_refused(post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400);
  expect_refused(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                 400);
  expect_refused(post("Transfer-Encoding: chunked\r\nTransfer-encoding: identity\r\n", "0\r\n\r\n"),
                 400);
  expect_refused(post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), 400);
}

SENTENCE(framing, "a transfer encoding in HTTP/1.0 is refused") {
  expect_refused("POST /post HTTP/1.0\r\nHost: " + running().host() +
                     "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                 400);
}

SENTENCE(framing, "a length that is not one plain number is refused") {
  for (const std::string value :
       {"0, 5", "5, 5", "+5", "-1", "0x5", "5 5", "5;", "", " ", "٥", "9223372036854775808",
        "18446744073709551616", "99999999999999999999", "1e3", "5.0"}) {
    expect_refused(post("Content-Length: " + value + "\r\n", "a=bcd"), 400, value);
  }
  expect_refused(post("Content-Length: 5\r\nContent-Length: 6\r\n", "a=bcd"), 400);
  expect_refused(post("Content-Length: 5\r\nContent-Length: 5\r\n", "a=bcd"), 400);
  expect_refused(post("Content-Length: 5\r\ncontent-length: 0\r\n", "a=bcd"), 400);
}

SENTENCE(framing, "folded lines, controls, bare line ends and odd names are refused") {
  for (const std::string field :
       {"X-A: b\r\n c\r\n", "X-A: b\r\n\tc\r\n", " X-A: b\r\n", "\tX-A: b\r\n", "X-A : b\r\n",
        "X-A\t: b\r\n", ": b\r\n", "X-A\r\n", "X(A: b\r\n", "X\"A: b\r\n",
        "X\x80"
        "A: b\r\n",
        "X-A: b\rc\r\n", "X-A: b\r\r\n", "X-A: b\nX-B: c\r\n", "X-A: \x01\r\n", "X-A: \x7f\r\n",
        "X\rA: b\r\n"}) {
    expect_refused(get(field), 400, field);
  }
  expect_refused(get(std::string("X-A: b\0c\r\n", 10)), 400, "NUL in a value");
  expect_refused(get(std::string("X\0A: b\r\n", 8)), 400, "NUL in a name");
}

SENTENCE(framing, "there is exactly one well-formed host") {
  expect_refused("GET / HTTP/1.1\r\n\r\n", 400, "no host");
  expect_refused("GET / HTTP/1.0\r\n\r\n", 400, "no host");
  expect_refused(get("Host: " + running().host() + "\r\n"), 400, "the same host twice");
  for (const std::string host :
       {"", "a b", "a/b", "a@b", "a,b", "127.0.0.1:x", "127.0.0.1:", "[::1", "[]", "::1", "a?b",
        "a#b", "a\\b", "a:1:2", "a:1234567", "%61"}) {
    expect_refused("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 400, host);
  }
}

SENTENCE(framing, "requests for another host are misdirected") {
  const std::string port = std::to_string(running().server.port());
  for (const std::string& host :
       {std::string("evil.test"), "evil.test:" + port, std::string("127.0.0.1:1"),
        std::string("localhost"), "127.0.0.1." + port, "127.0.0.2:" + port,
        "localhost.evil.test:" + port}) {
    EXPECT_EQ(running().ask("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status, 421) << host;
  }
  for (const std::string& host : {"127.0.0.1:" + port, "localhost:" + port, "LOCALHOST:" + port,
                                  "[::1]:" + port, std::string("127.0.0.1:8080")}) {
    EXPECT_EQ(running().ask("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status, 200) << host;
  }
}

SENTENCE(framing, "the absolute form is judged by both its hosts") {
  const std::string own = running().host();
  const auto ask = [&](const std::string& target, const std::string& host) {
    return running().ask("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status;
  };
  EXPECT_EQ(ask("http://" + own + "/", own), 200);
  EXPECT_EQ(ask("HTTP://" + own + "?a=b", own), 200);
  EXPECT_EQ(ask("http://evil.test/", own), 421);
  EXPECT_EQ(ask("http://" + own + "/", "evil.test"), 421);
  EXPECT_EQ(ask("http://user@" + own + "/", own), 400);
  EXPECT_EQ(ask("http:///", own), 400);
  EXPECT_EQ(ask("ftp://" + own + "/", own), 400);
}

SENTENCE(framing, "chunk sizes are hexadecimal digits and nothing else") {
  for (const std::string size : {"-1", "+2", " 2", "0x2", "2 ", "", "g", "fffffffffffffffff",
                                 "10000000000000000", "2\n", "2;a\rb", "2;a=b", "2;"}) {
    expect_refused(post("Transfer-Encoding: chunked\r\n", size + "\r\nab\r\n0\r\n\r\n"), 400, size);
  }
  expect_refused(post("Transfer-Encoding: chunked\r\n", "2\r\nabX\r\n0\r\n\r\n"), 400);
  expect_refused(post("Transfer-Encoding: chunked\r\n", "0;a=b\r\n\r\n"), 400);
}

SENTENCE(framing, "trailers never become header fields") {
  const std::string body = running().with_token("a=1");
  const std::string chunked = "0\r\nCookie: cstims_session=" + token_of("root") + "\r\n\r\n";
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", body.size());
  const RawAnswer answer =
      running().ask(post("Transfer-Encoding: chunked\r\n", size + body + "\r\n" + chunked));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "posted|a=1");
}

SENTENCE(framing, "methods and versions") {
  const auto status = [](const std::string& line) {
    return running().ask(line + "\r\nHost: " + running().host() + "\r\n\r\n").status;
  };
  EXPECT_EQ(status("get / HTTP/1.1"), 501);
  EXPECT_EQ(status("TRACE / HTTP/1.1"), 501);
  EXPECT_EQ(status("CONNECT / HTTP/1.1"), 501);
  EXPECT_EQ(status("PROPFIND / HTTP/1.1"), 501);
  EXPECT_EQ(status("GET / HTTP/9.9"), 505);
  EXPECT_EQ(status("GET / HTTP/2.0"), 505);
  for (const std::string line :
       {"GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET / http/1.1",
        "GET / HTTP/1.10", "GET / HTTP/1", "GET / HTTP/01.1", "GET /a b HTTP/1.1",
        "GET\t/\tHTTP/1.1", "G(T / HTTP/1.1", "GET /\x80 HTTP/1.1", "GET /a#b HTTP/1.1",
        "GET a HTTP/1.1", "GET * HTTP/1.1", "PRI * HTTP/2.0\r\n\r\nSM"}) {
    const int found = status(line);
    EXPECT_TRUE(found == 400 || (line.starts_with("PRI") && found == 505)) << line << found;
  }
}

SENTENCE(framing, "one address has one spelling") {
  for (const std::string target :
       {"/%00",      "/a%00b",  "/../../x", "/a/../b", "/%2e%2e%2f", "/%2e%2e/x", "/.%2e/x",
        "/./x",      "//x",     "/a//b",    "/a%2fb",  "/a%5cb",     "/a\\b",     "/%",
        "/%4",       "/%zz",    "/%c0%ae",  "/%ff",    "/%0a",       "/%7f",      "/?a=%00",
        "/?a=1&a=2", "/?a=%ff", "/?%0a=1",  "/?a=%0a"}) {
    EXPECT_EQ(running().ask(running().request("GET " + target)).status, 400) << target;
  }
  // Decoded once only.
  EXPECT_EQ(running().ask(running().request("GET /echo?a=%2525")).body, "/echo|a=%25|127.0.0.1");
  EXPECT_EQ(running().ask(running().request("GET /invoices/%2525")).body.substr(0, 18),
            "/invoices/%25|%25|");
}

SENTENCE(framing, "a TLS hello on a plain port, and bare line feeds, are refused at once") {
  expect_refused(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), 400);
  expect_refused("GET / HTTP/1.1\nHost: " + running().host() + "\n\n", 400);
  expect_refused("GET / HTTP/1.1\r\nHost: " + running().host() + "\n\r\n", 400);
  expect_refused("\r\nGET / HTTP/1.1\r\nHost: " + running().host() + "\r\n\r\n", 400);
}

SENTENCE(framing, "the request line is limited: 8 KiB pass, one more is 414") {
  const auto line = [](std::size_t size) {
    const std::string rest = "GET / HTTP/1.1";
    return "GET /" + std::string(size - rest.size(), 'a') + " HTTP/1.1";
  };
  const auto ask = [&](std::size_t size) {
    return running().ask(line(size) + "\r\nHost: " + running().host() + "\r\n\r\n").status;
  };
  EXPECT_EQ(ask(8191), 404);
  EXPECT_EQ(ask(8192), 404);
  EXPECT_EQ(ask(8193), 414);
  EXPECT_EQ(ask(65536), 414);
}

SENTENCE(framing, "header fields are limited: 32 KiB and 100 pass, one more is 431") {
  const std::string host = "Host: " + running().host() + "\r\n";
  const auto ask = [&](const std::string& fields) {
    return running().ask("GET / HTTP/1.1\r\n" + host + fields + "\r\n").status;
  };
  const auto long_field = [&](std::size_t all) {
    const std::string name = "X-Long: ";
    return name + std::string(all - host.size() - name.size() - 2, 'x') + "\r\n";
  };
  EXPECT_EQ(ask(long_field(32 * 1024 - 1)), 200);
  EXPECT_EQ(ask(long_field(32 * 1024)), 200);
  EXPECT_EQ(ask(long_field(32 * 1024 + 1)), 431);
  EXPECT_EQ(ask(long_field(64 * 1024)), 431);
  const auto many = [](int count) {
    std::string fields;
    for (int i = 0; i < count; ++i) fields += "X-" + std::to_string(i) + ": y\r\n";
    return fields;
  };
  EXPECT_EQ(ask(many(98)), 200);
  EXPECT_EQ(ask(many(99)), 200);
  EXPECT_EQ(ask(many(100)), 431);
  EXPECT_EQ(ask(many(5000)), 431);
}

SENTENCE(framing, "a body that nobody wants never becomes the next request") {
  const std::string inner = running().request("GET /echo");
  const std::string length = "Content-Length: " + std::to_string(inner.size()) + "\r\n";
  for (const std::string line :
       {"GET /", "HEAD /", "GET /none", "POST /none", "GET /home", "PUT /post", "OPTIONS /",
        "GET /static/0123456789abcdef/app.css", "POST /static/0123456789abcdef/app.css",
        "GET /fail/500", "TRACE /"}) {
    RawClient client(running().server.port());
    client.send(running().request(line, length) + inner);
    const RawAnswer answer = client.read(line.starts_with("HEAD"));
    EXPECT_NE(answer.status, 0) << line;
    EXPECT_EQ(answer.header("connection"), "close") << line;
    EXPECT_TRUE(client.at_end()) << line;
  }
}

SENTENCE(framing, "a body refused for its size or type closes the connection") {
  const std::string inner = running().request("GET /echo");
  RawClient large(running().server.port());
  large.send(running().request("POST /post",
                               RunningSite::visitor_fields("application/x-www-form-urlencoded") +
                                   "Content-Length: 99999999\r\n") +
             inner);
  EXPECT_EQ(large.read().status, 413);
  EXPECT_TRUE(large.at_end());
  RawClient odd(running().server.port());
  odd.send(running().request("POST /post", RunningSite::visitor_fields("application/json") +
                                               "Content-Length: " + std::to_string(inner.size()) +
                                               "\r\n") +
           inner);
  EXPECT_EQ(odd.read().status, 415);
  EXPECT_TRUE(odd.at_end());
}

SENTENCE(framing, "requests sent at once are answered in order") {
  RawClient client(running().server.port());
  std::string all;
  for (int i = 0; i < 20; ++i) {
    all += running().request("GET /tickets/" + std::to_string(i + 1));
    all += running().form("/post", "n=" + std::to_string(i));
  }
  client.send(all);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client.read().body, std::to_string(i + 1));
    EXPECT_EQ(client.read().body, "posted|n=" + std::to_string(i));
  }
}

SENTENCE(framing, "HEAD is GET without its body") {
  RawClient client(running().server.port());
  client.send(running().request("HEAD /tickets/12") + running().request("GET /tickets/12"));
  const RawAnswer head = client.read(true);
  const RawAnswer whole = client.read();
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(whole.body, "12");
  EXPECT_EQ(head.headers, whole.headers);
}

SENTENCE(framing, "HTTP/1.0 is answered and closed unless it asks to stay") {
  RawClient client(running().server.port());
  client.send("GET / HTTP/1.0\r\nHost: " + running().host() + "\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client.read().header("connection"), "keep-alive");
  client.send("GET / HTTP/1.0\r\nHost: " + running().host() + "\r\n\r\n");
  EXPECT_EQ(client.read().header("connection"), "close");
  EXPECT_TRUE(client.at_end());
}

SENTENCE(framing, "the scanner says the same however the bytes are cut") {
  const std::string head = "GET /a HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
  const std::string rest = "GET /b";
  for (std::size_t cut = 0; cut <= head.size(); ++cut) {
    HeadScanner scanner;
    const auto first = scanner.scan(std::string_view(head).substr(0, cut));
    EXPECT_EQ(first.refused, 0);
    EXPECT_EQ(first.size, cut == head.size() ? head.size() : 0);
    if (first.size > 0) continue;
    EXPECT_EQ(scanner.scan(head + rest).size, head.size());
  }
}

}  // namespace cstims::test
