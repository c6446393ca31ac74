#include "http/multipart.h"

#include <fstream>

#include "base/failure.h"
#include "base/secret.h"
#include "http/body.h"
#include "http/form_fields.h"
#include "http/request_refused.h"
#include "support/world.h"

namespace cstims::test {
namespace {

const std::string field_a = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";

std::string file_part(const std::string& name, const std::string& content,
                      const std::string& type = "application/octet-stream") {
  return "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"" + name +
         "\"\r\nContent-Type: " + type + "\r\n\r\n" + content + "\r\n";
}

ReceivedForm read(const std::string& body, std::size_t piece = 0, MultipartLimits limits = {}) {
  static const ScratchFolder folder;
  MultipartReader reader("B", limits, folder / "");
  for (std::size_t i = 0; i < body.size(); i += piece == 0 ? body.size() : piece) {
    reader.feed(std::string_view(body).substr(i, piece == 0 ? body.size() : piece));
  }
  return reader.finish();
}

int status_of(const std::string& body, std::size_t piece = 0) {
  try {
    read(body, piece);
    return 200;
  } catch (const BadRequest&) {
    return 400;
  } catch (const RequestRefused& refused) {
    return refused.status;
  }
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::size_t files_in(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

}  // namespace

SENTENCE(multipart, "fields and files arrive whole however the bytes are cut") {
  std::string content;
  for (int i = 'B' + 1; i < 'B' + 256; ++i)
    content += "\r\n--" + std::string(1, static_cast<char>(i)) + "-B\r\r\n-";
  const std::string body =
      field_a + "one\r\ntwo \xc3\xa9\r\n" + file_part("x.bin", content) + "--B--\r\n";
  for (const std::size_t piece : {0, 1, 2, 3, 5, 7, 64, 1000}) {
    const ReceivedForm received = read(body, piece);
    EXPECT_EQ(received.form.value("a"), "one\r\ntwo \xc3\xa9");
    ASSERT_EQ(received.form.uploads.size(), 1U);
    const Upload& upload = received.form.uploads.front();
    EXPECT_EQ(upload.field, "f");
    EXPECT_EQ(upload.name, "x.bin");
    EXPECT_EQ(upload.media_type, "application/octet-stream");
    EXPECT_EQ(upload.size, static_cast<std::int64_t>(content.size()));
    EXPECT_EQ(upload.sha256, sha256_hex(content));
    EXPECT_EQ(content_of(upload.file), content);
  }
}

SENTENCE(multipart, "an empty file field is no upload, an empty file is one") {
  EXPECT_TRUE(read(file_part("", "") + "--B--\r\n").form.uploads.empty());
  EXPECT_EQ(read(file_part("empty.txt", "") + "--B--\r\n").form.uploads.size(), 1U);
  EXPECT_EQ(status_of(file_part("", "content") + "--B--\r\n"), 400);
}

SENTENCE(multipart, "temporary files are private and go with the request") {
  const ScratchFolder folder;
  {
    MultipartReader reader("B", {}, folder / "");
    reader.feed(file_part("a.txt", "secret") + file_part("b.txt", "x") + "--B--");
    const ReceivedForm received = reader.finish();
    EXPECT_EQ(files_in(folder / ""), 2U);
    const auto rights = std::filesystem::status(received.form.uploads.front().file).permissions();
    EXPECT_EQ(rights & std::filesystem::perms::mask, std::filesystem::perms(0600));
  }
  EXPECT_EQ(files_in(folder / ""), 0U);
  {
    MultipartReader reader("B", {}, folder / "");
    reader.feed(file_part("a.txt", "half").substr(0, 110));
    EXPECT_EQ(files_in(folder / ""), 1U);
  }
  EXPECT_EQ(files_in(folder / ""), 0U) << "also of a request that broke off";
  const ReceivedForm moved = [] {
    ReceivedForm received = read(file_part("a.txt", "x") + "--B--");
    return received;
  }();
  EXPECT_TRUE(std::filesystem::exists(moved.form.uploads.front().file));
}

SENTENCE(multipart, "what is not exactly as browsers write it is refused") {
  const std::string good = field_a + "x\r\n--B--\r\n";
  EXPECT_EQ(status_of(good), 200);
  EXPECT_EQ(status_of(field_a + "x\r\n--B--"), 200);
  const std::string named = "Content-Disposition: form-data; name=\"a\"";
  for (const std::string& body : std::vector<std::string>{
           std::string(),
           std::string("\r\n"),
           "preamble\r\n" + good,
           "\r\n" + good,
           good + "epilogue",
           good + "\r\n",
           field_a + "x",
           field_a + "x\r\n",
           field_a + "x\r\n--B",
           field_a + "x\r\n--B-",
           field_a + "x\r\n--Bx\r\n",
           field_a + "x\r\n--B \r\n",
           std::string("--B\n") + named + "\n\nx\n--B--\n",
           "--B\r\n" + named + "\n\r\n\r\nx\r\n--B--",
           "--B\r\n\r\nx\r\n--B--",
           "--B\r\n" + named + "\r\nx\r\n--B--",
           "--B\r\nX: y\r\n\r\nx\r\n--B--",
           "--B\r\n " + named + "\r\n\r\nx\r\n--B--",
           "--B\r\n" + named + "\r\n folded\r\n\r\nx\r\n--B--",
           "--B\r\n" + named + "\r\n" + named + "\r\n\r\nx\r\n--B--",
           "--B\r\nContent-Disposition : form-data; name=\"a\"\r\n\r\nx\r\n--B--",
           std::string("--B\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--B--"),
           std::string("--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--"),
           std::string("--B\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nx\r\n--B--"),
           std::string("--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--B--"),
           std::string(
               "--B\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\nx\r\n--B--"),
           std::string("--B\r\nContent-Disposition: form-data; name*=UTF-8''a\r\n\r\nx\r\n--B--"),
           std::string("--B\r\nContent-Disposition: form-data; name=\"a\"; "
                       "filename*=UTF-8''a\r\n\r\nx\r\n--B--"),
           "--B\r\n" + named + "\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--B--",
           "--B\r\n" + named + "\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nx\r\n--B--",
           "--B\r\n" + named + "\r\nContent-Type: text/html\r\n\r\nx\r\n--B--",
           "--B\r\n" + named + "\r\nContent-Type: a/b\r\nContent-Type: a/b\r\n\r\nx\r\n--B--",
           file_part("x", "y", "multipart/mixed; boundary=C") + "--B--",
           field_a + "x\r\n" + field_a + "y\r\n--B--",
           field_a + "\xff\r\n--B--",
           field_a + "\x01\r\n--B--",
           field_a + std::string("a\0b", 3) + "\r\n--B--",
           file_part(std::string("a\0.pdf", 6), "y") + "--B--",
           file_part("a\xff", "y") + "--B--",
           file_part("a\x01", "y") + "--B--"}) {
    EXPECT_EQ(status_of(body), 400) << body;
    EXPECT_EQ(status_of(body, 1), 400) << body;
  }
  EXPECT_EQ(status_of("--B\r\n" + named +
                      "\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nx\r\n--B--"),
            200);
}

SENTENCE(multipart, "names are read as browsers and tools write them") {
  const auto name_of = [](const std::string& written) {
    return read(file_part(written, "x") + "--B--").form.uploads.at(0).name;
  };
  EXPECT_EQ(name_of("../../x"), "../../x") << "data only: storing cleans it";
  EXPECT_EQ(name_of("C:\\temp\\a.txt"), "C:\\temp\\a.txt");
  EXPECT_EQ(name_of("a\\\"b.txt"), "a\"b.txt");
  EXPECT_EQ(name_of("a; name=evil.txt"), "a; name=evil.txt");
  EXPECT_EQ(name_of("gpj.\xe2\x80\xae"
                    "fdp"),
            "gpj.\xe2\x80\xae"
            "fdp");
  EXPECT_EQ(name_of(std::string(255, 'n')).size(), 255U);
  EXPECT_EQ(status_of(file_part(std::string(256, 'n'), "x") + "--B--"), 400);
  EXPECT_EQ(status_of(file_part(std::string(4096, 'n'), "x") + "--B--"), 400);
}

SENTENCE(multipart, "parts are counted: fifty pass, one more does not") {
  const auto parts = [](int count) {
    std::string body;
    for (int i = 0; i < count; ++i) {
      body +=
          "--B\r\nContent-Disposition: form-data; name=\"n" + std::to_string(i) + "\"\r\n\r\nx\r\n";
    }
    return body + "--B--\r\n";
  };
  EXPECT_EQ(status_of(parts(49)), 200);
  EXPECT_EQ(status_of(parts(50)), 200);
  EXPECT_EQ(status_of(parts(51)), 413);
  EXPECT_EQ(status_of(parts(100'000)), 413);
}

SENTENCE(multipart, "a part's header fields have 8 KiB") {
  const auto head = [](std::size_t size) {
    const std::string named = "Content-Disposition: form-data; name=\"a\"\r\nX: ";
    return "--B\r\n" + named + std::string(size - named.size(), 'x') + "\r\n\r\nx\r\n--B--";
  };
  EXPECT_EQ(status_of(head(8191)), 200);
  EXPECT_EQ(status_of(head(8192)), 200);
  EXPECT_EQ(status_of(head(8193)), 413);
  EXPECT_EQ(status_of(head(1'000'000), 1000), 413);
  EXPECT_EQ(status_of(head(8192), 1), 200);
  EXPECT_EQ(status_of(head(8193), 1), 413);
}

SENTENCE(multipart, "a file has 10 MiB, all text fields 256 KiB") {
  const std::size_t mebi = 1024 * 1024;
  EXPECT_EQ(status_of(file_part("x", std::string(10 * mebi - 1, 'x')) + "--B--", 65536), 200);
  EXPECT_EQ(status_of(file_part("x", std::string(10 * mebi, 'x')) + "--B--", 65536), 200);
  EXPECT_EQ(read(file_part("x", std::string(10 * mebi, 'x')) + "--B--", 65536)
                .form.uploads.at(0)
                .sha256.size(),
            64u);
  EXPECT_EQ(status_of(field_a + std::string(mebi / 4, 'x') + "\r\n--B--", 65536), 200);
  EXPECT_EQ(status_of(field_a + std::string(mebi / 4 + 1, 'x') + "\r\n--B--", 65536), 413);
}

SENTENCE(multipart, "a larger file is read to its end, and nothing of it is kept") {
  const std::size_t mebi = 1024 * 1024;
  const auto body = file_part("big.bin", std::string(10 * mebi + 1, 'x')) +
                    file_part("small.bin", "whole") + field_a + "typed\r\n--B--";
  for (const std::size_t piece : {0, 65536}) {
    const auto received = read(body, piece);
    const auto& uploads = received.form.uploads;
    ASSERT_EQ(uploads.size(), 2u);
    EXPECT_EQ(uploads[0].name, "big.bin");
    EXPECT_EQ(uploads[0].size, static_cast<std::int64_t>(10 * mebi + 1));
    EXPECT_TRUE(uploads[0].file.empty());
    EXPECT_EQ(uploads[0].sha256, "");
    EXPECT_EQ(content_of(uploads[1].file), "whole");
    EXPECT_EQ(received.form.value("a"), "typed");
  }
}

SENTENCE(multipart, "boundaries are short and plain") {
  const auto accepts = [](const std::string& boundary) {
    try {
      const MultipartReader reader(boundary, {}, "/tmp");
      return true;
    } catch (const BadRequest&) {
      return false;
    }
  };
  EXPECT_TRUE(accepts(std::string(70, 'b')));
  EXPECT_FALSE(accepts(std::string(71, 'b')));
  EXPECT_TRUE(accepts("----WebKitFormBoundary7MA4YWxkTrZu0gW"));
  for (const std::string boundary : {"", "a b", "a\"b", "a\r\nb", "a;b", "é"})
    EXPECT_FALSE(accepts(boundary)) << boundary;
}

SENTENCE(multipart, "a form without files takes none") {
  MultipartLimits limits;
  limits.files_allowed = false;
  EXPECT_THROW(read(file_part("x", "y") + "--B--", 0, limits), BadRequest);
  EXPECT_EQ(read(field_a + "x\r\n--B--", 0, limits).form.value("a"), "x");
}

SENTENCE(multipart, "no room on the disk is no crash") {
  MultipartReader reader("B", {}, "/no/such/folder");
  try {
    reader.feed(file_part("x", "y"));
    FAIL() << "nothing was thrown";
  } catch (const RequestRefused& refused) {
    EXPECT_EQ(refused.status, 507);
  }
}

SENTENCE(body, "only forms are taken, and only in UTF-8") {
  const auto status = [](const std::string& type) {
    try {
      const BodyReader reader(type, Body::form, "/tmp");
      return 200;
    } catch (const RequestRefused& refused) {
      return refused.status;
    } catch (const BadRequest&) {
      return 400;
    }
  };
  EXPECT_EQ(status("application/x-www-form-urlencoded"), 200);
  EXPECT_EQ(status("Application/X-WWW-Form-Urlencoded; Charset=UTF-8"), 200);
  EXPECT_EQ(status("application/x-www-form-urlencoded; charset=iso-8859-1"), 415);
  EXPECT_EQ(status("application/json"), 415);
  EXPECT_EQ(status("multipart/mixed; boundary=B"), 415);
  EXPECT_EQ(status("application/x-www-form-urlencoded, text/plain"), 400);
  EXPECT_EQ(status("multipart/form-data"), 400);
  EXPECT_EQ(status("multipart/form-data; boundary=B"), 200);
  EXPECT_EQ(status("multipart/form-data; boundary=\"B:1\""), 200);
  EXPECT_EQ(status("multipart/form-data; boundary=B; boundary=C"), 400);
  EXPECT_EQ(status("multipart/form-data; boundary=" + std::string(71, 'b')), 400);
  EXPECT_EQ(status("text/plain"), 200) << "read and thrown away: the csrf check refuses it";
  BodyReader plain("text/plain", Body::form, "/tmp");
  plain.feed("csrf=x&a=b");
  EXPECT_TRUE(plain.finish().form.fields.empty());
}

SENTENCE(form_fields, "fields are decoded exactly once") {
  const Fields fields = parse_fields("a=1&b=%C3%A9+%2B&c=%2525&d&e=&=f&g=a=b", LineBreaks::refused);
  EXPECT_EQ(
      fields,
      (Fields{
          {"a", "1"}, {"b", "é +"}, {"c", "%25"}, {"d", ""}, {"e", ""}, {"", "f"}, {"g", "a=b"}}));
  EXPECT_TRUE(parse_fields("", LineBreaks::refused).empty());
  EXPECT_TRUE(parse_fields("&&", LineBreaks::refused).empty());
}

SENTENCE(form_fields, "repeated names, bad encodings and controls are refused") {
  for (const std::string text :
       {"a=1&a=2", "a=1&%61=2", "a&a", "a=%", "a=%4", "a=%4g", "a=%00", "a=%01", "a=%7f",
        "a=%C2%80", "a=%ff", "a=%c0%af", "a=%ed%a0%80", "a=%0a", "%0a=1", "a=%09", "a=\x01"}) {
    EXPECT_THROW(parse_fields(text, LineBreaks::refused), BadRequest) << text;
  }
  EXPECT_EQ(parse_fields("a=%0d%0a%09x", LineBreaks::allowed).at("a"), "\r\n\tx");
  EXPECT_THROW(parse_fields("a%0a=1", LineBreaks::allowed), BadRequest);
  EXPECT_THROW(parse_fields("a=%0b", LineBreaks::allowed), BadRequest);
}

SENTENCE(form_fields, "a thousand fields pass, one more does not") {
  const auto many = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "f" + std::to_string(i) + "=&";
    return text;
  };
  EXPECT_EQ(parse_fields(many(1000), LineBreaks::refused).size(), 1000U);
  EXPECT_THROW(parse_fields(many(1001), LineBreaks::refused), BadRequest);
}

SENTENCE(form_fields, "cookies that contradict each other count for nothing") {
  EXPECT_EQ(parse_cookies("a=1; b=2;c=\"3\""), (Fields{{"a", "1"}, {"b", "2"}, {"c", "\"3\""}}));
  EXPECT_EQ(parse_cookies("a=1; a=2; b=3"), (Fields{{"b", "3"}}));
  EXPECT_EQ(parse_cookies("a=1; a=1"), (Fields{{"a", "1"}}));
  EXPECT_TRUE(parse_cookies(";;=;=x; ;novalue").empty());
}

}  // namespace cstims::test
