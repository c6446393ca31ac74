#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "mail/transport.h"
#include "support/sentence.h"
#include "support/smtp_server.h"

namespace cstims {

namespace {

EmailAddress address(std::string_view text) {
  return EmailAddress::parse(text).value();
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  return files;
}

std::string content_of(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

const std::string from = "support@arfnet.example";
const EmailAddress to = address("ada@example.org");

}  // namespace

SENTENCE(maildir, "a mail arrives in new/ as a server would put it there") {
  const test::ScratchFolder folder;
  const auto transport = maildir_transport(folder.path() / "deep" / "mail");
  const auto result = transport->send(from, to, "Subject: Hello\r\n\r\n.\r\nFrom here\r\n");
  EXPECT_EQ(result.outcome, SendResult::Outcome::sent);
  const auto files = files_of(folder.path() / "deep" / "mail" / "new");
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(content_of(files[0]),
            "Return-Path: <support@arfnet.example>\nDelivered-To: ada@example.org\n"
            "Subject: Hello\n\n.\nFrom here\n");
  EXPECT_TRUE(files_of(folder.path() / "deep" / "mail" / "tmp").empty());
  EXPECT_TRUE(files_of(folder.path() / "deep" / "mail" / "cur").empty());
}

SENTENCE(maildir, "nobody else may read the folder or the mail") {
  const test::ScratchFolder folder;
  maildir_transport(folder.path() / "mail")->send(from, to, "Subject: Hello\r\n\r\n");
  struct stat facts;
  ASSERT_EQ(stat((folder.path() / "mail").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700u);
  ASSERT_EQ(stat(files_of(folder.path() / "mail" / "new").front().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

SENTENCE(maildir, "four writers at once make four hundred files") {
  const test::ScratchFolder folder;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.emplace_back([&] {
      const auto transport = maildir_transport(folder.path());
      for (int i = 0; i < 100; ++i) transport->send(from, to, "Subject: Hello\r\n\r\n");
    });
  }
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(files_of(folder.path() / "new").size(), 400u);
}

SENTENCE(maildir, "a folder that cannot be made is a fault that passes, not a lost mail") {
  const test::ScratchFolder folder;
  std::ofstream(folder.path() / "file") << "in the way";
  const auto result = maildir_transport(folder.path() / "file")->send(from, to, "\r\n");
  EXPECT_EQ(result.outcome, SendResult::Outcome::retry);
  EXPECT_FALSE(result.reached);
  EXPECT_NE(result.reply.find("Not a directory"), std::string::npos) << result.reply;
}

}  // namespace cstims
