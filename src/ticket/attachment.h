// Files that come with a ticket's texts. What is not known to be harmless is not taken; what is
// taken is only ever offered for download.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/form.h"
#include "base/id.h"
#include "base/refusal.h"

namespace cstims {

struct Attachment {
  AttachmentId id;
  std::string name;        // cleaned, for people only
  std::string media_type;  // ours, from the extension
  std::int64_t size;
  std::string sha256;  // where its content lies in the file store
};

/// Checked, its content still in the temporary file.
struct NewAttachment {
  std::string name;
  std::string media_type;
  std::int64_t size;
  std::string sha256;
  std::filesystem::path file;
};

inline constexpr std::int64_t largest_attachment = 10 * 1024 * 1024;
inline constexpr std::size_t most_attachments = 5;                  // of one text
inline constexpr std::int64_t most_attached = 200LL * 1024 * 1024;  // of one ticket

/// ".pdf,.png,…" for a file field.
std::string allowed_attachment_types();

/// The last component of what the browser sent, without controls and invisible characters, at most
/// 100 characters, its extension kept; "file" when nothing is left.
std::string clean_file_name(std::string_view name);

/// The media type for a name and the first bytes of the content; empty when the extension is not on
/// the list or the content is something else.
std::string media_type_of(std::string_view name, std::string_view beginning);

/// Reads the field "attachment"; what is wrong is refused there.
std::vector<NewAttachment> read_attachments(FormReader& reader);

/// "3 KB", "1.4 MB".
std::string show_size(std::int64_t bytes);

}  // namespace cstims
