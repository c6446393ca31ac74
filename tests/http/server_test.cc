#include "http/server.h"

#include <sys/resource.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "base/secret.h"
#include "http/running_site.h"
#include "http/static_files.h"

namespace cstims::test {
namespace {

using Milliseconds = std::chrono::milliseconds;
using Watch = std::chrono::steady_clock;

void quick(ServerOptions& options) {
  options.timeouts.head = ServerTimeouts::Seconds(0.3);
  options.timeouts.body_grace = ServerTimeouts::Seconds(0.3);
  options.timeouts.idle = ServerTimeouts::Seconds(0.4);
  options.timeouts.write = ServerTimeouts::Seconds(1);
}

double seconds_since(Watch::time_point begin) {
  return std::chrono::duration<double>(Watch::now() - begin).count();
}

std::string multipart(const std::string& name, const std::string& content,
                      const std::string& csrf) {
  return "--B\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + csrf +
         "\r\n--B\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"" + name +
         "\"\r\nContent-Type: text/plain\r\n\r\n" + content + "\r\n--B--\r\n";
}

std::string upload(const RunningSite& site, const std::string& path, const std::string& body,
                   const std::string& more = {}) {
  return site.request("POST " + path,
                      RunningSite::visitor_fields("multipart/form-data; boundary=B") +
                          "Content-Length: " + std::to_string(body.size()) + "\r\n" + more) +
         body;
}

std::size_t left_overs(const RunningSite& site) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(site.site.world.folder() / "")) {
    count += entry.path().filename().string().starts_with("cstims-upload-");
  }
  return count;
}

}  // namespace

SENTENCE(server, "an upload reaches the handler as a file and is gone afterwards") {
  RunningSite site;
  const std::string content(3'000'000, 'x');
  const RawAnswer answer =
      site.ask(upload(site, "/upload", multipart("a.txt", content, site.csrf())));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "posted|attachment:a.txt:3000000:" + sha256_hex(content) + ":there");
  EXPECT_EQ(left_overs(site), 0U);
}

SENTENCE(server, "an upload that is refused or breaks off leaves nothing behind") {
  RunningSite site;
  const std::string whole =
      upload(site, "/upload", multipart("a.txt", std::string(200'000, 'x'), site.csrf()));
  {
    RawClient client(site.server.port());
    client.send(std::string_view(whole).substr(0, whole.size() - 1000));
    EXPECT_TRUE(becomes_true([&] { return left_overs(site) == 1; }));
  }
  EXPECT_TRUE(becomes_true([&] { return left_overs(site) == 0; }));
  EXPECT_EQ(site.ask(upload(site, "/upload",
                            multipart("a.txt", std::string(11'000'000, 'x'), site.csrf())))
                .status,
            200)
      << "too large a file is said beside its field, by the page";
  EXPECT_EQ(left_overs(site), 0U);
  EXPECT_EQ(site.ask(upload(site, "/upload",
                            multipart("a.txt", std::string(27'000'000, 'x'), site.csrf())))
                .status,
            413);
  EXPECT_EQ(site.ask(upload(site, "/upload", multipart("a.txt", "x", "wrong"))).status, 403);
  EXPECT_EQ(site.ask(upload(site, "/upload", "--B\r\nnonsense")).status, 400);
  EXPECT_EQ(site.ask(upload(site, "/post", multipart("a.txt", "x", site.csrf()))).status, 400)
      << "takes no files";
  EXPECT_EQ(left_overs(site), 0U);
}

SENTENCE(server, "bodies are limited by route: what is too large is refused before it is read") {
  RunningSite site;
  const auto ask = [&](const std::string& path, const std::string& type, std::size_t length) {
    return site.ask(site.request("POST " + path, RunningSite::visitor_fields(type) +
                                                     "Content-Length: " + std::to_string(length) +
                                                     "\r\nExpect: 100-continue\r\n"));
  };
  const std::string form = "application/x-www-form-urlencoded";
  EXPECT_EQ(ask("/post", form, 256 * 1024).status, 100);
  EXPECT_EQ(ask("/post", form, 256 * 1024 + 1).status, 413);
  EXPECT_EQ(ask("/upload", form, 256 * 1024 + 1).status, 413)
      << "a form without files needs no more there";
  EXPECT_EQ(ask("/upload", "multipart/form-data; boundary=B", 25 * 1024 * 1024).status, 100);
  EXPECT_EQ(ask("/upload", "multipart/form-data; boundary=B", 25 * 1024 * 1024 + 1).status, 413);
  EXPECT_EQ(ask("/none", form, 10).status, 404) << "no body is asked for where nobody reads it";
  EXPECT_EQ(site.ask(site.request("GET /", "Expect: something\r\n")).status, 417);
}

SENTENCE(server, "a form of exactly the limit arrives, also in chunks; endless chunks do not") {
  RunningSite site;
  std::string body = site.with_token("a=");
  body += std::string(256 * 1024 - body.size(), 'x');
  const std::string head =
      site.request("POST /post", RunningSite::visitor_fields("application/x-www-form-urlencoded") +
                                     "Transfer-Encoding: chunked\r\n");
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", body.size());
  EXPECT_EQ(site.ask(head + size + body + "\r\n0\r\n\r\n").status, 200);
  EXPECT_EQ(site.ask(head + size + body + "\r\n1\r\nx\r\n0\r\n\r\n").status, 413);
  EXPECT_EQ(site.ask(head + "7fffffffffffffff\r\n").status, 413);
  RawClient client(site.server.port());
  client.send(head + "2\r\na=\r\n");
  std::string chunks;
  for (int i = 0; i < 10'000; ++i) chunks += "1\r\nx\r\n";
  for (int i = 0; i < 40 && client.send(chunks); ++i) {
  }
  EXPECT_EQ(client.read().status, 413);
}

SENTENCE(server, "a client that waits to be asked for its body is asked") {
  RunningSite site;
  const std::string body = site.with_token("a=1");
  RawClient client(site.server.port());
  client.send(site.request(
      "POST /post", RunningSite::visitor_fields("application/x-www-form-urlencoded") +
                        "Expect: 100-Continue\r\nContent-Length: " + std::to_string(body.size()) +
                        "\r\n"));
  EXPECT_EQ(client.read().status, 100);
  client.send(body);
  EXPECT_EQ(client.read().body, "posted|a=1");
}

SENTENCE(server, "slow heads, slow bodies and idle connections end") {
  RunningSite site(quick);
  const auto begin = Watch::now();
  RawClient silent(site.server.port());
  EXPECT_TRUE(silent.at_end());
  EXPECT_LT(seconds_since(begin), 8.0);

  RawClient slow_head(site.server.port());
  slow_head.send("GET / HTTP/1.1\r\nHo");
  EXPECT_EQ(slow_head.read().status, 408);
  EXPECT_TRUE(slow_head.at_end());

  RawClient slow_body(site.server.port());
  slow_body.send(
      site.request("POST /post", RunningSite::visitor_fields("application/x-www-form-urlencoded") +
                                     "Content-Length: 1000\r\n") +
      "a=");
  EXPECT_EQ(slow_body.read().status, 408);
  EXPECT_TRUE(slow_body.at_end());

  RawClient idle(site.server.port());
  idle.send(site.request("GET /"));
  EXPECT_EQ(idle.read().status, 200);
  EXPECT_TRUE(idle.at_end()) << "no 408 to somebody who asked nothing";
}

SENTENCE(server, "a head that drips byte by byte does not live longer for it") {
  RunningSite site(quick);
  const auto begin = Watch::now();
  RawClient client(site.server.port());
  client.send("GET / HTTP/1.1\r\n");
  while (seconds_since(begin) < 8 && client.is_quiet(20)) client.send("X");
  EXPECT_EQ(client.read().status, 408);
  EXPECT_LT(seconds_since(begin), 8.0);
}

SENTENCE(server, "a body above the slowest rate is waited for, one below is not") {
  RunningSite site([](ServerOptions& options) {
    quick(options);
    options.bytes_per_second = 200;
  });
  std::string body = site.with_token("a=");
  body += std::string(1500, 'x');
  const std::string head =
      site.request("POST /post", RunningSite::visitor_fields("application/x-www-form-urlencoded") +
                                     "Content-Length: " + std::to_string(body.size()) + "\r\n");
  const auto send = [&](std::size_t bytes_each_20ms) {
    RawClient client(site.server.port());
    client.send(head);
    for (std::size_t i = 0; i < body.size() && client.is_quiet(20); i += bytes_each_20ms) {
      client.send(std::string_view(body).substr(i, bytes_each_20ms));
    }
    return client.read().status;
  };
  EXPECT_EQ(send(60), 200);
  EXPECT_EQ(send(1), 408);
}

SENTENCE(server, "a reader who does not read ends, one who reads slowly does not") {
  RunningSite site(quick);
  std::ofstream(site.site.services.files.folder() / "big") << std::string(30'000'000, 'y');
  {
    RawClient stuck(site.server.port());
    stuck.send(site.request("GET /file"));
    const auto begin = Watch::now();
    while (site.site.metrics.connections > 0 && seconds_since(begin) < 8)
      std::this_thread::sleep_for(Milliseconds(20));
    EXPECT_EQ(site.site.metrics.connections, 0);
  }
  RawClient reader(site.server.port());
  reader.send(site.request("GET /file"));
  const RawAnswer answer = reader.read();
  EXPECT_EQ(answer.body.size(), 30'000'000U);
  EXPECT_EQ(answer.header("content-disposition"),
            "attachment; filename=\"notes.txt\"; filename*=UTF-8''notes.txt");
  reader.send(site.request("HEAD /file"));
  EXPECT_EQ(reader.read(true).header("content-length"), "30000000");
  reader.send(site.request("GET /tickets/1"));
  EXPECT_EQ(reader.read().body, "1");
}

SENTENCE(server, "a full queue is answered at once with 503 and the connection stays") {
  RunningSite site([](ServerOptions& options) {
    options.threads = 1;
    options.queue_limit = 1;
  });
  gate.closed = true;
  RawClient running(site.server.port());
  running.send(site.request("GET /slow"));
  ASSERT_TRUE(becomes_true([] { return gate.inside == 1; }));
  RawClient waiting(site.server.port());
  waiting.send(site.request("GET /slow"));
  ASSERT_TRUE(becomes_true([&] { return site.site.metrics.queued == 1; }));
  RawClient third(site.server.port());
  third.send(site.request("GET /"));
  const RawAnswer refused = third.read();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "2");
  EXPECT_EQ(refused.header("connection"), "keep-alive");
  EXPECT_EQ(refused.header("x-content-type-options"), "nosniff");
  third.send(site.request("GET " + static_address("bootstrap.min.css")));
  EXPECT_EQ(third.read().status, 200) << "files need no worker";
  EXPECT_TRUE(running.is_quiet(0));
  gate.closed = false;
  EXPECT_EQ(running.read().body, "slept");
  EXPECT_EQ(waiting.read().body, "slept");
  third.send(site.request("GET /"));
  EXPECT_EQ(third.read().status, 200);
  EXPECT_NE(site.site.metrics.text().find("cstims_http_rejected_total 1\n"), std::string::npos);
}

SENTENCE(server, "an address has a limited number of connections, trusted proxies have not") {
  RunningSite site([](ServerOptions& options) { options.connections_per_address = 3; });
  const auto request = site.request("GET /");
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<RawClient>(site.server.port(), "127.0.0.7"));
    clients.back()->send(request);
    EXPECT_EQ(clients.back()->read().status, 200);
  }
  RawClient fourth(site.server.port(), "127.0.0.7");
  EXPECT_EQ((fourth.send(request), fourth.read().status), 0);
  EXPECT_EQ(site.ask(request, "127.0.0.8").status, 200);
  clients.pop_back();
  EXPECT_TRUE(becomes_true([&] { return site.site.metrics.connections == 2; }));
  EXPECT_EQ(site.ask(request, "127.0.0.7").status, 200);

  RunningSite proxied([](ServerOptions& options) {
    options.connections_per_address = 1;
    options.trusted_proxies = AddressRanges::parse({"127.0.0.7"}).value();
  });
  RawClient one(proxied.server.port(), "127.0.0.7");
  RawClient two(proxied.server.port(), "127.0.0.7");
  one.send(proxied.request("GET /"));
  two.send(proxied.request("GET /"));
  EXPECT_EQ(one.read().status, 200);
  EXPECT_EQ(two.read().status, 200);
}

SENTENCE(server, "forwarded addresses are believed from trusted proxies only") {
  RunningSite site([](ServerOptions& options) {
    options.trusted_proxies = AddressRanges::parse({"127.0.0.7"}).value();
  });
  const auto seen = [&](const char* from, const std::string& fields) {
    return site.ask(site.request("GET /echo", fields), from).body;
  };
  EXPECT_EQ(seen("127.0.0.7", "X-Forwarded-For: 203.0.113.5\r\n"), "/echo|203.0.113.5");
  EXPECT_EQ(seen("127.0.0.8", "X-Forwarded-For: 203.0.113.5\r\n"), "/echo|127.0.0.8");
  EXPECT_EQ(seen("127.0.0.7", "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 203.0.113.5\r\n"),
            "/echo|203.0.113.5");
  for (const std::string& junk :
       {std::string(), std::string(",,,"), std::string("<b>"), std::string(10'000, 'x')}) {
    EXPECT_EQ(seen("127.0.0.7", "X-Forwarded-For: " + junk + "\r\n"), "/echo|127.0.0.7");
    EXPECT_EQ(seen("127.0.0.8", "X-Forwarded-For: " + junk + "\r\n"), "/echo|127.0.0.8");
  }
  EXPECT_EQ(seen("127.0.0.7", "X-Forwarded-Host: evil.test\r\nX-Forwarded-Proto: gopher\r\n"),
            "/echo|127.0.0.7");
}

SENTENCE(server, "a connection has a limited number of requests") {
  RunningSite site([](ServerOptions& options) { options.requests_per_connection = 3; });
  RawClient client(site.server.port());
  for (const std::string expected : {"keep-alive", "keep-alive", "close"}) {
    client.send(site.request("GET /"));
    EXPECT_EQ(client.read().header("connection"), expected);
  }
  EXPECT_TRUE(client.at_end());
}

SENTENCE(server, "security headers stand on every status of the server itself") {
  RunningSite site;
  for (const std::string& request :
       {site.request("GET /"), site.request("GET /home"), site.request("GET /%"),
        site.request("GET /none"), site.request("PUT /"), site.request("BREW /"),
        std::string("GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n"), std::string("nonsense\r\n\r\n"),
        "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n\r\n",
        site.request("GET /", "X: " + std::string(40'000, 'x') + "\r\n"),
        site.request("GET /fail/500"), site.request("GET /", "Expect: x\r\n"),
        std::string("GET / HTTP/3.0\r\nHost: x\r\n\r\n"),
        site.request("POST /post", "Content-Type: a/b\r\nContent-Length: 5\r\n") + "abcde"}) {
    const RawAnswer answer = site.ask(request);
    const std::string what = request.substr(0, 60) + std::to_string(answer.status);
    EXPECT_TRUE(answer.header("content-security-policy").starts_with("default-src 'none'")) << what;
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff") << what;
    EXPECT_EQ(answer.header("cross-origin-opener-policy"), "same-origin") << what;
    EXPECT_EQ(answer.header("cross-origin-resource-policy"), "same-origin") << what;
    EXPECT_EQ(answer.header("server"), "") << what;
    EXPECT_TRUE(answer.header("date").ends_with(" GMT")) << what;
    const bool has_charset = answer.header("content-type").ends_with("; charset=utf-8");
    EXPECT_EQ(has_charset, !answer.body.empty()) << what;
  }
}

SENTENCE(server,
         "stopping lets running requests finish, closes idle connections and listens no more") {
  RunningSite site;
  RawClient idle(site.server.port());
  idle.send(site.request("GET /"));
  EXPECT_EQ(idle.read().status, 200);
  RawClient busy(site.server.port());
  busy.send(site.request("GET /slow") + site.request("GET /"));
  const std::string body = multipart("a.txt", std::string(100'000, 'x'), site.csrf());
  const std::string whole = upload(site, "/upload", body);
  RawClient uploading(site.server.port());
  uploading.send(std::string_view(whole).substr(0, 50'000));
  ASSERT_TRUE(becomes_true([&] { return gate.inside == 1 && left_overs(site) == 1; }));
  std::thread stopping([&] { site.server.drain_and_stop(); });
  EXPECT_TRUE(idle.at_end());
  uploading.send(std::string_view(whole).substr(50'000));
  EXPECT_EQ(uploading.read().status, 200);
  const RawAnswer slept = busy.read();
  EXPECT_EQ(slept.body, "slept");
  EXPECT_EQ(slept.header("connection"), "close");
  EXPECT_TRUE(busy.at_end());
  stopping.join();
  EXPECT_THROW(RawClient(site.server.port()), std::runtime_error);
  EXPECT_EQ(site.site.metrics.connections, 0);
  site.server.drain_and_stop();
}

SENTENCE(server, "stopping does not wait for ever") {
  RunningSite site(
      [](ServerOptions& options) { options.timeouts.drain = ServerTimeouts::Seconds(0.2); });
  RawClient half(site.server.port());
  half.send("GET / HTTP/1.1\r\n");
  std::this_thread::sleep_for(Milliseconds(50));
  const auto begin = Watch::now();
  site.server.drain_and_stop();
  EXPECT_LT(seconds_since(begin), 8.0);
}

SENTENCE(server, "when descriptors run out, accepting resumes later and does not spin") {
  RunningSite site;
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const int probe = ::dup(0);
  ::close(probe);
  std::vector<std::unique_ptr<RawClient>> clients;
  clients.push_back(std::make_unique<RawClient>(site.server.port()));
  std::this_thread::sleep_for(Milliseconds(50));
  rlimit tight{static_cast<rlim_t>(probe) + 4, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &tight), 0);
  // The client's own end takes descriptors too: with one left, the server cannot accept.
  std::vector<int> taken;
  clients.push_back(std::make_unique<RawClient>(site.server.port()));
  for (int extra = ::dup(0); extra >= 0; extra = ::dup(0)) taken.push_back(extra);
  rusage start{};
  getrusage(RUSAGE_SELF, &start);
  std::this_thread::sleep_for(Milliseconds(400));
  rusage end{};
  getrusage(RUSAGE_SELF, &end);
  const auto microseconds = [](const rusage& usage) {
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000'000 + usage.ru_utime.tv_usec +
           usage.ru_stime.tv_usec;
  };
  EXPECT_LT(microseconds(end) - microseconds(start), 100'000);
  for (const int descriptor : taken) ::close(descriptor);
  setrlimit(RLIMIT_NOFILE, &before);
  clients.back()->send(site.request("GET /"));
  EXPECT_EQ(clients.back()->read().status, 200);
}

SENTENCE(server, "many clients at once get each their own answer") {
  RunningSite site([](ServerOptions& options) {
    options.network_threads = 2;
    options.threads = 4;
  });
  std::atomic<int> wrong = 0;
  std::vector<std::thread> clients;
  for (int n = 0; n < 8; ++n) {
    clients.emplace_back([&, n] {
      RawClient client(site.server.port());
      for (int i = 1; i < 200; ++i) {
        const std::string id = std::to_string(n * 1000 + i);
        client.send(site.request("GET /tickets/" + id));
        if (client.read().body != id) ++wrong;
        client.send(site.form("/post", "n=" + id));
        if (client.read().body != "posted|n=" + id) ++wrong;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(wrong, 0);
}

SENTENCE(server, "an address or certificate that cannot be used is said before anything starts") {
  HttpSite site;
  for (const std::string listen : {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999",
                                   "host:80", "127.0.0.1:80x", "1.2.3.4:1"}) {
    ServerOptions options;
    options.listen = listen;
    EXPECT_THROW(Server(options, site.parts, site.metrics), UsageError) << listen;
  }
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.tls_certificate = "/no/such/file";
  options.tls_key = "/no/such/file";
  EXPECT_THROW(Server(options, site.parts, site.metrics), UsageError);
}

}  // namespace cstims::test
