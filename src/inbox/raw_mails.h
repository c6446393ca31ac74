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

/// Durable before it returns; the digest of the bytes.
std::string keep_bytes(FileStore& files, std::string_view bytes);
std::string read_bytes(const FileStore& files, std::string_view sha256);  // throws NotFound
void forget_bytes(const FileStore& files, std::string_view sha256);

/// A mail's files as attachments, by the rules for uploads; kept in the store already.
struct TakenFiles {
  std::vector<NewAttachment> attachments;
  std::vector<std::string> left_out;  // names: of another type, too large or too many
};
TakenFiles take_files(FileStore& files, const ReceivedMail& mail);

}  // namespace cstims
