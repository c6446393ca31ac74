#include "ticket/attachment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "base/failure.h"
#include "base/text.h"

namespace cstims {
namespace {

constexpr std::size_t longest_name = 100;
constexpr std::size_t longest_extension = 8;
constexpr std::size_t looked_at = 8192;

/// `magic` empty: the content must be text.
struct FileType {
  std::string_view extension;
  std::string_view media_type;
  std::string_view magic;
};
/// Nothing that a browser or an office program runs: no HTML, SVG, XML, scripts, macro documents.
constexpr std::array file_types = {
    FileType{"pdf", "application/pdf", "%PDF-"},
    FileType{"png", "image/png", "\x89PNG\r\n\x1a\n"},
    FileType{"jpg", "image/jpeg", "\xff\xd8\xff"},
    FileType{"jpeg", "image/jpeg", "\xff\xd8\xff"},
    FileType{"gif", "image/gif", "GIF8"},
    FileType{"webp", "image/webp", "RIFF"},
    FileType{"txt", "text/plain", ""},
    FileType{"log", "text/plain", ""},
    FileType{"md", "text/plain", ""},
    FileType{"csv", "text/csv", ""},
    FileType{"conf", "text/plain", ""},
    FileType{"ini", "text/plain", ""},
    FileType{"yml", "text/plain", ""},
    FileType{"yaml", "text/plain", ""},
    FileType{"toml", "text/plain", ""},
    FileType{"json", "application/json", ""},
    FileType{"zip", "application/zip", "PK\x03\x04"},
    FileType{"gz", "application/gzip", "\x1f\x8b\x08"},
    FileType{"tgz", "application/gzip", "\x1f\x8b\x08"},
    FileType{"odt", "application/vnd.oasis.opendocument.text", "PK\x03\x04"},
    FileType{"ods", "application/vnd.oasis.opendocument.spreadsheet", "PK\x03\x04"},
    FileType{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
             "PK\x03\x04"},
    FileType{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
             "PK\x03\x04"},
};

std::string extension_of(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string() : lower_ascii(name.substr(dot + 1));
}

/// UTF-8 or an old 8-bit text, but nothing binary.
bool is_text(std::string_view beginning) {
  return std::ranges::none_of(beginning, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\x1b';
  });
}

bool is_content_of(const FileType& type, std::string_view beginning) {
  if (type.magic.empty()) return is_text(beginning);
  if (!beginning.starts_with(type.magic)) return false;
  return type.extension != "webp" || beginning.substr(0, 12).ends_with("WEBP");
}

std::string beginning_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(looked_at, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.is_open() || file.bad()) throw Failure("cannot read the file of an upload");
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

}  // namespace

std::string allowed_attachment_types() {
  std::string types;
  for (const auto& type : file_types) {
    types += (types.empty() ? "." : ",.") + std::string(type.extension);
  }
  return types;
}

std::string clean_file_name(std::string_view name) {
  const auto slash = name.find_last_of("/\\");
  auto clean = single_line(slash == std::string_view::npos ? name : name.substr(slash + 1));
  clean.erase(0, std::min(clean.find_first_not_of(". "), clean.size()));
  if (clean.empty()) return "file";
  if (count_characters(clean) <= longest_name) return clean;
  const auto extension = extension_of(clean);
  if (extension.empty() || extension.size() > longest_extension) {
    return std::string(first_characters(clean, longest_name));
  }
  return std::string(first_characters(clean, longest_name - extension.size() - 1)) + "." +
         extension;
}

std::string media_type_of(std::string_view name, std::string_view beginning) {
  const auto extension = extension_of(name);
  for (const auto& type : file_types) {
    if (type.extension == extension && is_content_of(type, beginning)) {
      return std::string(type.media_type);
    }
  }
  return {};
}

std::vector<NewAttachment> read_attachments(FormReader& reader) {
  const auto uploads = reader.uploads("attachment");
  if (uploads.size() > most_attachments) {
    reader.refuse("attachment",
                  message("At most {} files at a time.", {std::to_string(most_attachments)}));
    return {};
  }
  std::vector<NewAttachment> attachments;
  for (const auto& upload : uploads) {
    const auto name = clean_file_name(upload.name);
    const auto media_type = media_type_of(name, beginning_of(upload.file));
    if (upload.size > largest_attachment) {
      reader.refuse("attachment", message("“{}” is larger than 10 MiB.", {name}));
    } else if (media_type.empty()) {
      reader.refuse("attachment",
                    message("“{}” is of a type that is not taken here, or not what its name says. "
                            "Send a picture, a PDF, a text, an office document or a ZIP file.",
                            {name}));
    } else {
      attachments.push_back({name, media_type, upload.size, upload.sha256, upload.file});
    }
  }
  return attachments;
}

std::string show_size(std::int64_t bytes) {
  constexpr std::int64_t kilobyte = 1000;
  constexpr std::int64_t megabyte = 1000 * kilobyte;
  if (bytes < kilobyte) return fmt::format("{} B", bytes);
  if (bytes < megabyte) return fmt::format("{} KB", (bytes + kilobyte / 2) / kilobyte);
  const auto tenths = (bytes + megabyte / 20) / (megabyte / 10);
  return fmt::format("{}.{} MB", tenths / 10, tenths % 10);
}

}  // namespace cstims
