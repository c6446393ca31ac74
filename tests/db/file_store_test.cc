#include "db/file_store.h"

#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "base/failure.h"
#include "base/secret.h"
#include "support/sentence.h"
#include "support/test_database.h"

namespace cstims::test {

namespace {

std::filesystem::path write(const std::filesystem::path& path, std::string_view content) {
  std::ofstream(path) << content;
  return path;
}

std::string content_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

unsigned mode_of(const std::filesystem::path& path) {
  struct stat facts = {};
  ::stat(path.c_str(), &facts);
  return facts.st_mode & 0777U;
}

}  // namespace

SENTENCE(file_store, "a file is found by its digest and closed to others") {
  const ScratchFolder folder;
  FileStore store(folder / "files");
  const auto digest = sha256_hex("hello");
  const auto source = write(folder / "upload", "hello");
  store.keep(source, digest);
  EXPECT_EQ(content_of(store.path(digest)), "hello");
  EXPECT_EQ(mode_of(store.path(digest)), 0600U);
  EXPECT_EQ(mode_of(store.folder()), 0700U);
}

SENTENCE(file_store, "the same content twice is kept once") {
  const ScratchFolder folder;
  FileStore store(folder / "files");
  const auto digest = sha256_hex("hello");
  store.keep(write(folder / "one", "hello"), digest);
  store.keep(write(folder / "two", "hello"), digest);
  EXPECT_EQ(content_of(store.path(digest)), "hello");
}

SENTENCE(file_store, "several are kept together, also when one comes twice or is there already") {
  const ScratchFolder folder;
  FileStore store(folder / "files");
  store.keep(write(folder / "before", "7"), sha256_hex("7"));
  std::vector<NewFile> files;
  for (int i = 0; i < 40; ++i) {
    const auto content = std::to_string(i % 30);
    files.push_back({write(folder / ("new" + std::to_string(i)), content), sha256_hex(content)});
  }
  store.keep(files);
  for (int i = 0; i < 30; ++i) {
    const auto content = std::to_string(i);
    EXPECT_EQ(content_of(store.path(sha256_hex(content))), content);
    EXPECT_EQ(mode_of(store.path(sha256_hex(content))), 0600U);
  }
}

SENTENCE(file_store, "a file that is not there is not found") {
  const ScratchFolder folder;
  const FileStore store(folder / "files");
  EXPECT_THROW(store.path(sha256_hex("nothing")), NotFound);
}

SENTENCE(file_store, "what is no digest names no file, wherever it points") {
  const ScratchFolder folder;
  const FileStore store(folder / "files");
  write(folder / "secret", "x");
  EXPECT_THROW(store.path("../secret"), NotFound);
  EXPECT_THROW(store.path(""), NotFound);
  EXPECT_THROW(store.path(std::string(64, '/')), NotFound);
  EXPECT_THROW(store.path(std::string(64, 'A')), NotFound);
}

SENTENCE(file_store, "a source that is not there leaves nothing behind") {
  const ScratchFolder folder;
  FileStore store(folder / "files");
  EXPECT_THROW(store.keep(folder / "nothing", sha256_hex("x")), std::exception);
  EXPECT_THROW(store.path(sha256_hex("x")), NotFound);
  const std::vector<NewFile> files{{write(folder / "one", "1"), sha256_hex("1")},
                                   {folder / "nothing", sha256_hex("x")}};
  EXPECT_THROW(store.keep(files), std::exception);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store.folder())) {
    EXPECT_TRUE(entry.is_directory()) << entry.path();
  }
}

}  // namespace cstims::test
