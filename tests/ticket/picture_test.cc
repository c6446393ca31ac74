#include "ticket/picture.h"

#include "ticket/desk.h"

namespace cstims::test {
namespace {

std::string big(std::uint32_t number, int count) {
  std::string bytes;
  for (int n = count - 1; n >= 0; --n) bytes += static_cast<char>(number >> (8 * n));
  return bytes;
}

std::string little(std::uint32_t number, int count) {
  std::string bytes;
  for (int n = 0; n < count; ++n) bytes += static_cast<char>(number >> (8 * n));
  return bytes;
}

std::string png(std::uint32_t width, std::uint32_t height) {
  return std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) + big(width, 4) + big(height, 4) + "rest";
}

std::string gif(std::uint32_t width, std::uint32_t height) {
  return "GIF89a" + little(width, 2) + little(height, 2) + "rest";
}

/// With a camera's notes in front of the frame, and a fill byte.
std::string jpeg(std::uint32_t width, std::uint32_t height) {
  return "\xff\xd8\xff\xe1" + big(2 + 3000, 2) + std::string(3000, '\xc0') + "\xff\xff\xc4" +
         big(4, 2) + "xx\xff\xc2" + big(17, 2) + "\x08" + big(height, 2) + big(width, 2) + "rest";
}

std::string webp(const std::string& kind, const std::string& data) {
  return "RIFF" + little(100, 4) + "WEBP" + kind + little(80, 4) + data + std::string(20, 'x');
}

/// "image/png 3x2", "" for none.
std::string told(const std::string& bytes) {
  const auto picture = picture_of(bytes);
  return picture ? std::string(picture->media_type) + " " + std::to_string(picture->width) + "x" +
                       std::to_string(picture->height)
                 : std::string();
}

/// The attachment of a fresh ticket of ada, as its address.
std::string sent(World& world, const std::string& name, const std::string& content) {
  Visitor ada(world, world.ada());
  const auto answer = ada.post("/openticket", {{"subject", "Look"}, {"body", "Here."}},
                               {upload(world, name, content)});
  EXPECT_EQ(answer.status, 303);
  const auto page = ada.get(header_of(answer, "Location")).body;
  const auto at = page.find(header_of(answer, "Location") + "/attachments/");
  return page.substr(at, page.find_first_of("\"?", at) - at);
}

}  // namespace

SENTENCE(picture, "type and size are read from the content of each of the four") {
  EXPECT_EQ(told(png(3, 2)), "image/png 3x2");
  EXPECT_EQ(told(gif(640, 480)), "image/gif 640x480");
  EXPECT_EQ(told(jpeg(4000, 3000)), "image/jpeg 4000x3000");
  EXPECT_EQ(told(webp("VP8 ", std::string("\x30\x01\x00\x9d\x01\x2a", 6) + little(550, 2) +
                                  little(368, 2))),
            "image/webp 550x368");
  EXPECT_EQ(told(webp("VP8L", "\x2f" + little((386 - 1) | ((395 - 1) << 14), 4))),
            "image/webp 386x395");
  EXPECT_EQ(told(webp("VP8X", little(16, 4) + little(1999, 3) + little(999, 3))),
            "image/webp 2000x1000");
}

SENTENCE(picture, "what is cut off, made up or drawn by a program is no picture") {
  for (const auto& whole : {png(3, 2), gif(3, 2), jpeg(3, 2)}) {
    const auto needed = whole.size() - std::string("rest").size();
    EXPECT_NE(told(whole), "");
    for (std::size_t size = 0; size < needed; size += size < 60 ? 1 : 97) {
      EXPECT_EQ(told(whole.substr(0, size)), "") << size;
    }
  }
  const auto extended = webp("VP8X", little(16, 4) + little(1, 3) + little(1, 3));
  for (std::size_t size = 0; size < 30; ++size) EXPECT_EQ(told(extended.substr(0, size)), "");
  EXPECT_EQ(told("<svg xmlns='http://www.w3.org/2000/svg'/>"), "");
  EXPECT_EQ(told("<?xml version='1.0'?><svg/>"), "");
  EXPECT_EQ(told("<!doctype html><script>alert(1)</script>"), "");
  EXPECT_EQ(told("BM" + std::string(60, '\0')), "");
  EXPECT_EQ(told("\xff\xd8\xff" + std::string(500, '\xff')), "");
  EXPECT_EQ(told("\xff\xd8\xff\xe0" + std::string(500, '\0')), "");
}

DATABASE_SENTENCE(picture,
                  "a picture is shown small and linked, and served so that nothing in it runs") {
  const auto address = sent(world, "screen.png", png(800, 600));
  const auto ticket = address.substr(0, address.find("/attachments"));
  Visitor ada(world, world.ada());
  const auto page = ada.get(ticket).body;
  EXPECT_NE(page.find("<img src=\"" + address + "?view=1\" alt=\"\" loading=\"lazy\""),
            std::string::npos);
  const auto shown = ada.get(address + "?view=1");
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(header_of(shown, "Content-Type"), "image/png");
  EXPECT_TRUE(header_of(shown, "Content-Disposition").starts_with("inline; filename=\"screen.png"));
  EXPECT_EQ(header_of(shown, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(header_of(shown, "Content-Security-Policy"), "sandbox; default-src 'none'");
  EXPECT_TRUE(header_of(ada.get(address), "Content-Disposition").starts_with("attachment"));
}

DATABASE_SENTENCE(picture, "the view asks who is looking, like the file itself") {
  const auto address = sent(world, "screen.png", png(800, 600)) + "?view=1";
  EXPECT_EQ(Visitor(world, world.bob()).get(address).status, 404);
  EXPECT_EQ(Visitor(world, Viewer::nobody()).get(address).status, 303);
  EXPECT_EQ(Visitor(world, world.grace()).get(address).status, 200);
}

DATABASE_SENTENCE(picture, "a picture of a note is not shown to the client") {
  const auto ticket = open_test_ticket(world, world.ada());
  Visitor grace(world, world.grace());
  grace.post("/tickets/" + ticket.text() + "/replies", {{"body", "See."}, {"internal", "1"}},
             {upload(world, "inner.gif", gif(5, 5))});
  const auto address = "/tickets/" + ticket.text() + "/attachments/1?view=1";
  EXPECT_EQ(grace.get(address).status, 200);
  EXPECT_EQ(Visitor(world, world.ada()).get(address).status, 404);
}

DATABASE_SENTENCE(picture, "nothing but a picture of bearable size is ever shown in place") {
  Visitor ada(world, world.ada());
  for (const auto& [name, content] : std::vector<std::pair<std::string, std::string>>{
           {"page.txt", "<html><script>alert(1)</script>"},
           {"paper.pdf", "%PDF-1.7 <script>"},
           {"bomb.png", png(30'000, 30'000)},
           {"nothing.gif", gif(0, 10)},
           {"broken.jpg", "\xff\xd8\xff and no frame"}}) {
    const auto address = sent(world, name, content);
    EXPECT_EQ(ada.get(address + "?view=1").status, 404) << name;
    const auto file = ada.get(address);
    EXPECT_EQ(file.status, 200) << name;
    EXPECT_TRUE(header_of(file, "Content-Disposition").starts_with("attachment")) << name;
  }
  const auto large = sent(world, "large.png", png(100, 100) + std::string(largest_shown, 'x'));
  EXPECT_EQ(ada.get(large + "?view=1").status, 404);
  EXPECT_EQ(ada.get(large.substr(0, large.find("/attachments"))).body.find("entry-picture"),
            std::string::npos);
}

}  // namespace cstims::test
