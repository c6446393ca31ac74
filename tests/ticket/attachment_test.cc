#include "ticket/attachment.h"

#include "base/text.h"
#include "ticket/desk.h"

namespace cstims::test {
namespace {

std::string refusal_of(World& world, const std::vector<Upload>& uploads) {
  FormData form;
  form.uploads = uploads;
  (void)world;
  FormReader reader(form);
  const auto taken = read_attachments(reader);
  const auto result = reader.finish(taken.size());
  return result ? "" : result.error().english();
}

const std::string png = "\x89PNG\r\n\x1a\n and the rest";

}  // namespace

SENTENCE(attachment, "a name is its last component, without what nobody sees") {
  EXPECT_EQ(clean_file_name("../../etc/passwd.txt"), "passwd.txt");
  EXPECT_EQ(clean_file_name("C:\\Users\\ada\\log.txt"), "log.txt");
  EXPECT_EQ(clean_file_name("x.ph\u200Bp"), "x.php");
  EXPECT_EQ(clean_file_name("a\u202Egnp.exe"), "agnp.exe");
  EXPECT_EQ(clean_file_name(std::string("a\0.pdf", 6)), "a.pdf");
  EXPECT_EQ(clean_file_name("a\r\nSet-Cookie: x.txt"), "a Set-Cookie: x.txt");
  EXPECT_EQ(clean_file_name("...hidden.txt"), "hidden.txt");
  EXPECT_EQ(clean_file_name(""), "file");
  EXPECT_EQ(clean_file_name("/"), "file");
  EXPECT_EQ(clean_file_name("..."), "file");
}

SENTENCE(attachment, "a long name keeps its extension") {
  const auto name = clean_file_name(std::string(4096, 'x') + ".pdf");
  EXPECT_EQ(count_characters(name), 100U);
  EXPECT_TRUE(name.ends_with("x.pdf"));
  EXPECT_EQ(count_characters(clean_file_name(std::string(4096, 'x'))), 100U);
  EXPECT_EQ(count_characters(clean_file_name("x." + std::string(4096, 'y'))), 100U);
}

SENTENCE(attachment, "the type is ours, from the extension, and the content must agree") {
  EXPECT_EQ(media_type_of("a.PNG", png), "image/png");
  EXPECT_EQ(media_type_of("a.pdf", "%PDF-1.7\n"), "application/pdf");
  EXPECT_EQ(media_type_of("a.jpg", "\xff\xd8\xff\xe0"), "image/jpeg");
  EXPECT_EQ(media_type_of("a.webp", std::string("RIFF\x10\0\0\0WEBPVP8 ", 16)), "image/webp");
  EXPECT_EQ(media_type_of("a.txt", "plain ñ\n\t"), "text/plain");
  EXPECT_EQ(media_type_of("a.txt", ""), "text/plain");
  EXPECT_EQ(media_type_of("trace.log", "1 * * *\n"), "text/plain");
  EXPECT_EQ(media_type_of("a.zip", "PK\x03\x04..."), "application/zip");
  EXPECT_EQ(media_type_of("a.png", "<html>"), "");
  EXPECT_EQ(media_type_of("a.webp", std::string("RIFF\x10\0\0\0WAVEfmt ", 16)), "");
  EXPECT_EQ(media_type_of("a.pdf", "<html>%PDF-"), "");
  EXPECT_EQ(media_type_of("a.txt", std::string("MZ\0\x03", 4)), "");
}

SENTENCE(attachment, "what a browser or shell would run is not taken, whatever its content") {
  for (const auto* name :
       {"a.html", "a.htm", "a.svg", "a.xml", "a.js", "a.php", "a.exe", "a.sh", "a.docm", "a.xlsm",
        "a", "a.", ".png", "png", "a.png.svg", "a.png.", "a.pngx", "a.html%00.svg"}) {
    const auto clean = clean_file_name(name);
    EXPECT_EQ(media_type_of(clean, png), "") << name;
    EXPECT_EQ(media_type_of(clean, "<svg onload=alert(1)>"), "") << name;
  }
}

DATABASE_SENTENCE(attachment, "ten mebibytes are taken, a byte more is refused by name") {
  auto file = upload(world, "big.txt", "x");
  file.size = 10 * 1024 * 1024;
  EXPECT_EQ(refusal_of(world, {file}), "");
  file.size += 1;
  EXPECT_EQ(refusal_of(world, {file}), "attachment: “big.txt” is larger than 10 MiB.");
}

DATABASE_SENTENCE(attachment, "five files at a time, not six") {
  std::vector<Upload> files(5, upload(world, "a.txt", "x"));
  EXPECT_EQ(refusal_of(world, files), "");
  files.push_back(files.front());
  EXPECT_EQ(refusal_of(world, files), "attachment: At most 5 files at a time.");
}

DATABASE_SENTENCE(attachment, "a file of another type is refused with a reason") {
  const auto refusal = refusal_of(world, {upload(world, "page.html", "<html>")});
  EXPECT_NE(refusal.find("“page.html” is of a type that is not taken"), std::string::npos);
  EXPECT_NE(refusal_of(world, {upload(world, "x.png", "<script>alert(1)</script>")}), "");
}

SENTENCE(attachment, "sizes are shown for people") {
  EXPECT_EQ(show_size(0), "0 B");
  EXPECT_EQ(show_size(999), "999 B");
  EXPECT_EQ(show_size(1'000), "1 KB");
  EXPECT_EQ(show_size(34'499), "34 KB");
  EXPECT_EQ(show_size(1'440'000), "1.4 MB");
  EXPECT_EQ(show_size(10'485'760), "10.5 MB");
}

}  // namespace cstims::test
