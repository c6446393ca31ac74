// Attachments that may be shown and not only be downloaded: pictures of four types, known by their
// content. Nothing is decoded here; the size is read from the head, so that a small file cannot
// make a browser unpack a wall.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ticket/attachment.h"

namespace cstims {

struct Picture {
  std::string_view media_type;  // "image/png", "image/jpeg", "image/gif", "image/webp"
  std::int64_t width;
  std::int64_t height;
};
/// What the first bytes of a file say; absent for anything else, SVG too.
std::optional<Picture> picture_of(std::string_view beginning);

/// How much of a file `picture_of` wants to see: cameras put much before the size.
inline constexpr std::size_t picture_head = 256 * 1024;
inline constexpr std::int64_t largest_shown = 5 * 1024 * 1024;  // bytes
inline constexpr std::int64_t most_pixels = 50'000'000;

/// Is it worth a look? From what is stored of it alone, for the thread.
bool looks_like_picture(const Attachment& attachment);
/// Its type, when the file at `path` is a picture that may be shown.
std::optional<std::string> shown_type(const Attachment& attachment, const std::string& path);

}  // namespace cstims
