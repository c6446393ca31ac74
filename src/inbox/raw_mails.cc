#include "inbox/raw_mails.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/failure.h"
#include "base/secret.h"
#include "base/text.h"

namespace cstims {
namespace {

constexpr std::size_t looked_at = 8192;

/// A mail within a mail has no type of its own among uploads, but is text.
std::string type_of(const std::string& name, const MailFile& file) {
  const std::string_view beginning = std::string_view(file.bytes).substr(0, looked_at);
  if (file.type == "message/rfc822" && lower_ascii(name).ends_with(".eml")) {
    return media_type_of("mail.txt", beginning).empty() ? "" : "message/rfc822";
  }
  return media_type_of(name, beginning);
}

}  // namespace

FileStore raw_mails(const FileStore& files) {
  return FileStore(files.folder() / "mail");
}

BytesToKeep::~BytesToKeep() {
  // Those that the store took are gone; it leaves those whose bytes it had.
  for (const NewFile& file : unfinished_) ::unlink(file.source.c_str());
}

std::string BytesToKeep::add(std::string_view bytes) {
  unfinished_.push_back({files_.folder() / (".mail-" + random_token(16)), sha256_hex(bytes)});
  const auto& [path, digest] = unfinished_.back();
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) throw Failure(fmt::format("cannot keep a mail: {}", std::strerror(errno)));
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const std::string reason = std::strerror(errno);
      ::close(file);
      throw Failure("cannot keep a mail: " + reason);
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  ::close(file);
  return digest;
}

void BytesToKeep::keep() {
  if (!unfinished_.empty()) files_.keep(unfinished_);
}

std::string keep_bytes(FileStore& files, std::string_view bytes) {
  BytesToKeep one(files);
  std::string digest = one.add(bytes);
  one.keep();
  return digest;
}

std::string read_bytes(const FileStore& files, std::string_view sha256) {
  std::ifstream file(files.path(sha256), std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad()) throw Failure("cannot read a mail");
  return bytes;
}

void forget_bytes(const FileStore& files, std::string_view sha256) {
  try {
    ::unlink(files.path(sha256).c_str());
  } catch (const NotFound&) {
    // Gone already: another instance cleans up as well.
  }
}

TakenFiles take_files(BytesToKeep& bytes, const ReceivedMail& mail) {
  TakenFiles taken{.attachments = {}, .left_out = mail.dropped_files};
  for (const MailFile& file : mail.files) {
    const std::string name = clean_file_name(file.name);
    const std::string type = type_of(name, file);
    const auto size = static_cast<std::int64_t>(file.bytes.size());
    if (type.empty() || size > largest_attachment) {
      taken.left_out.push_back(name);
      continue;
    }
    taken.attachments.push_back({.name = name,
                                 .media_type = type,
                                 .size = size,
                                 .sha256 = bytes.add(file.bytes),
                                 .file = {}});
  }
  return taken;
}

TakenFiles take_files(FileStore& files, const ReceivedMail& mail) {
  BytesToKeep bytes(files);
  TakenFiles taken = take_files(bytes, mail);
  bytes.keep();
  return taken;
}

}  // namespace cstims
