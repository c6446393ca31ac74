// Bytes of mails and of their files in the file store.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "db/file_store.h"
#include "mail/received_mail.h"
#include "ticket/attachment.h"

namespace cstims {

/// Where mails lie as they came: beside the files of people, since they are forgotten after a
/// while.
FileStore raw_mails(const FileStore& files);

/// Bytes on their way into a store: durable once `keep` returned, all of them together. What was
/// added and not kept leaves nothing behind.
class BytesToKeep {
 public:
  explicit BytesToKeep(FileStore& files) : files_(files) {}
  ~BytesToKeep();
  BytesToKeep(const BytesToKeep&) = delete;
  BytesToKeep& operator=(const BytesToKeep&) = delete;

  std::string add(std::string_view bytes);  // their digest
  void keep();

 private:
  FileStore& files_;
  std::vector<NewFile> unfinished_;
};
/// One alone.
std::string keep_bytes(FileStore& files, std::string_view bytes);
std::string read_bytes(const FileStore& files, std::string_view sha256);  // throws NotFound
void forget_bytes(const FileStore& files, std::string_view sha256);

/// A mail's files as attachments, by the rules for uploads.
struct TakenFiles {
  std::vector<NewAttachment> attachments;  // without a temporary file
  std::vector<std::string> left_out;       // names: of another type, too large or too many
};
TakenFiles take_files(BytesToKeep& bytes, const ReceivedMail& mail);
/// Kept in the store already.
TakenFiles take_files(FileStore& files, const ReceivedMail& mail);

}  // namespace cstims
