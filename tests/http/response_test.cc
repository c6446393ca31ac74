#include "base/text.h"
#include "http/http_site.h"

namespace cstims::test {
namespace {

std::string disposition(const std::string& name) {
  return header_of(Response::download(name, "application/pdf", "x"), "Content-Disposition");
}

}  // namespace

SENTENCE(response, "no header takes a control character") {
  Response response;
  for (const std::string value : {"a\r\nSet-Cookie: b", "a\nb", "a\rb", "\x01", "\x7f"}) {
    EXPECT_THROW(response.add("X-A", value), std::logic_error);
  }
  EXPECT_THROW(response.add("X-A", std::string("a\0b", 3)), std::logic_error);
  EXPECT_THROW(response.add("X A", "b"), std::logic_error);
  EXPECT_THROW(response.add("", "b"), std::logic_error);
  EXPECT_THROW(response.add("X-A:", "b"), std::logic_error);
  EXPECT_EQ(response.add("X-A", "b").find("x-a")->c_str(), std::string("b"));
}

SENTENCE(response, "redirects lead to paths of ours only") {
  for (const std::string path : {"/", "/tickets/12", "/login?next=/a%2Fb", "/a#b", "/%0d%0a"}) {
    EXPECT_EQ(header_of(Response::see_other(path), "Location"), path);
  }
  for (const std::string path :
       {"", "tickets", "//evil.test", "/\\evil.test", "\\\\evil", "http://evil.test",
        "javascript:alert(1)", "data:x", "/a\r\nb", "/\tb", " /a", "/a b", "/é"}) {
    EXPECT_THROW(Response::see_other(path), std::logic_error) << path;
    EXPECT_THROW(Response::moved(path), std::logic_error) << path;
  }
}

SENTENCE(response, "downloads are attachments that no browser opens in place") {
  const Response file = Response::download("Rechnung.pdf", "application/pdf", "x");
  EXPECT_EQ(header_of(file, "Content-Security-Policy"), "sandbox; default-src 'none'");
  EXPECT_EQ(header_of(file, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(disposition("Rechnung.pdf"),
            "attachment; filename=\"Rechnung.pdf\"; filename*=UTF-8''Rechnung.pdf");
}

SENTENCE(response, "hostile file names are data") {
  EXPECT_EQ(disposition("../../etc/passwd"),
            "attachment; filename=\"passwd\"; filename*=UTF-8''passwd");
  EXPECT_EQ(disposition("C:\\temp\\a.txt"),
            "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt");
  EXPECT_EQ(disposition("é.pdf"), "attachment; filename=\"_.pdf\"; filename*=UTF-8''%C3%A9.pdf");
  EXPECT_EQ(disposition("a\"b.pdf"),
            "attachment; filename=\"a_b.pdf\"; filename*=UTF-8''a%22b.pdf");
  EXPECT_EQ(disposition("x.ph\u200bp"), "attachment; filename=\"x.php\"; filename*=UTF-8''x.php");
  EXPECT_EQ(disposition(".htaccess"),
            "attachment; filename=\"htaccess\"; filename*=UTF-8''htaccess");
  for (const std::string name : {"", "/", "..", "a/..", "\xff\xfe", "\u202e"}) {
    EXPECT_EQ(disposition(name), "attachment; filename=\"file\"; filename*=UTF-8''file") << name;
  }
  const std::string split = disposition("\"\r\nSet-Cookie: a=b");
  EXPECT_EQ(split.find_first_of("\r\n"), std::string::npos);
  EXPECT_EQ(disposition(std::string("a\0.pdf", 6)).find('\0'), std::string::npos);
  EXPECT_LT(disposition(std::string(4096, 'x')).size(), 500U);
  EXPECT_EQ(disposition("gpj.\u202efdp").find("%E2%80%AE"), std::string::npos)
      << "no right-to-left override";
}

SENTENCE(addresses, "spellings of one address are equal, junk is none") {
  EXPECT_EQ(Address::parse("::ffff:127.0.0.1").value().text(), "127.0.0.1");
  EXPECT_TRUE(Address::parse("127.9.9.9").value().is_loopback());
  EXPECT_TRUE(Address::parse("::1").value().is_loopback());
  EXPECT_FALSE(Address::parse("::2").value().is_loopback());
  EXPECT_EQ(Address::parse("2001:db8:1:2:3:4:5:6").value().network(), "2001:db8:1:2::/64");
  EXPECT_EQ(Address::parse("192.0.2.1").value().network(), "192.0.2.1");
  for (const std::string text :
       {"", "127.1", "0x7f000001", "256.0.0.1", "a", "1.2.3.4 ", "1.2.3.4:5", "[::1]", "::1%lo"}) {
    EXPECT_FALSE(Address::parse(text)) << text;
  }
  EXPECT_FALSE(Address::parse(std::string("1.2.3.4\0x", 9)));
}

SENTENCE(addresses, "networks contain what they say") {
  const auto ranges =
      AddressRanges::parse({"10.0.0.0/8", "192.0.2.128/25", "fd00::/8", "198.51.100.7"}).value();
  for (const std::string inside : {"10.255.255.255", "192.0.2.128", "192.0.2.255", "fdff::1",
                                   "198.51.100.7", "::ffff:10.1.1.1"}) {
    EXPECT_TRUE(ranges.contains(Address::parse(inside).value())) << inside;
  }
  for (const std::string outside :
       {"11.0.0.0", "9.255.255.255", "192.0.2.127", "fe00::", "198.51.100.8", "::10.1.1.1"}) {
    EXPECT_FALSE(ranges.contains(Address::parse(outside).value())) << outside;
  }
  for (const std::string wrong :
       {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/a", "x", "fd00::/129", ""}) {
    EXPECT_FALSE(AddressRanges::parse({wrong})) << wrong;
  }
  EXPECT_FALSE(AddressRanges().contains(Address::parse("127.0.0.1").value()));
}

SENTENCE(addresses, "forwarded addresses count only from trusted proxies, and junk is harmless") {
  const auto trusted = AddressRanges::parse({"127.0.0.1", "10.0.0.0/8"}).value();
  EXPECT_EQ(client_address("192.0.2.9", "203.0.113.5", trusted), "192.0.2.9");
  EXPECT_EQ(client_address("127.0.0.1", "203.0.113.5", trusted), "203.0.113.5");
  EXPECT_EQ(client_address("127.0.0.1", "1.1.1.1, 203.0.113.5", trusted), "203.0.113.5")
      << "the client wrote the first";
  EXPECT_EQ(client_address("127.0.0.1", "203.0.113.5, 10.1.1.1", trusted), "203.0.113.5");
  EXPECT_EQ(client_address("127.0.0.1", "10.2.2.2, 10.1.1.1", trusted), "10.2.2.2");
  EXPECT_EQ(client_address("127.0.0.1", "<b>, 10.1.1.1", trusted), "10.1.1.1");
  for (const std::string junk :
       {"", ",,,", " , ", "<b>", "unknown", "203.0.113.5:80", "203.0.113.5,"}) {
    EXPECT_EQ(client_address("127.0.0.1", junk, trusted), "127.0.0.1") << junk;
  }
  EXPECT_EQ(client_address("127.0.0.1", std::string(10'000, ','), trusted), "127.0.0.1");
}

}  // namespace cstims::test
