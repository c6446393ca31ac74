#include "ticket/picture.h"

#include <array>
#include <fstream>

namespace cstims {
namespace {

std::int64_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

std::int64_t big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::int64_t number = 0;
  for (std::size_t n = 0; n < count; ++n) number = number * 256 + byte_at(bytes, at + n);
  return number;
}

std::int64_t little_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::int64_t number = 0;
  for (std::size_t n = count; n > 0; --n) number = number * 256 + byte_at(bytes, at + n - 1);
  return number;
}

/// ISO 15948: the first chunk is IHDR.
std::optional<Picture> png(std::string_view bytes) {
  constexpr std::string_view beginning("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  if (!bytes.starts_with(beginning) || bytes.size() < 24) return std::nullopt;
  return Picture{"image/png", big_endian(bytes, 16, 4), big_endian(bytes, 20, 4)};
}

std::optional<Picture> gif(std::string_view bytes) {
  if (!bytes.starts_with("GIF87a") && !bytes.starts_with("GIF89a")) return std::nullopt;
  if (bytes.size() < 10) return std::nullopt;
  return Picture{"image/gif", little_endian(bytes, 6, 2), little_endian(bytes, 8, 2)};
}

/// ITU T.81 B.2: segments up to the frame's header (SOF), which holds the size.
std::optional<Picture> jpeg(std::string_view bytes) {
  if (!bytes.starts_with("\xff\xd8\xff")) return std::nullopt;
  std::size_t at = 2;
  while (at + 9 <= bytes.size() && byte_at(bytes, at) == 0xff) {
    const auto marker = byte_at(bytes, at + 1);
    if (marker == 0xff) {  // a fill byte
      ++at;
      continue;
    }
    const bool frame =
        marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (frame) {
      return Picture{"image/jpeg", big_endian(bytes, at + 7, 2), big_endian(bytes, at + 5, 2)};
    }
    at += 2 + static_cast<std::size_t>(big_endian(bytes, at + 2, 2));
  }
  return std::nullopt;
}

/// RFC 9649: lossy, lossless and extended files say it each in their own way.
std::optional<Picture> webp(std::string_view bytes) {
  if (!bytes.starts_with("RIFF") || bytes.size() < 30 || bytes.substr(8, 4) != "WEBP") {
    return std::nullopt;
  }
  const auto kind = bytes.substr(12, 4);
  if (kind == "VP8 " && bytes.substr(23, 3) == "\x9d\x01\x2a") {
    return Picture{"image/webp", little_endian(bytes, 26, 2) & 0x3fff,
                   little_endian(bytes, 28, 2) & 0x3fff};
  }
  if (kind == "VP8L" && byte_at(bytes, 20) == 0x2f) {
    const auto packed = little_endian(bytes, 21, 4);
    return Picture{"image/webp", (packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1};
  }
  if (kind == "VP8X") {
    return Picture{"image/webp", little_endian(bytes, 24, 3) + 1, little_endian(bytes, 27, 3) + 1};
  }
  return std::nullopt;
}

std::string beginning_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(picture_head, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

}  // namespace

std::optional<Picture> picture_of(std::string_view beginning) {
  for (const auto read : {png, jpeg, gif, webp}) {
    if (const auto picture = read(beginning)) return picture;
  }
  return std::nullopt;
}

bool looks_like_picture(const Attachment& attachment) {
  constexpr std::array<std::string_view, 4> types{"image/png", "image/jpeg", "image/gif",
                                                  "image/webp"};
  for (const auto type : types) {
    if (attachment.media_type == type) return attachment.size <= largest_shown;
  }
  return false;
}

std::optional<std::string> shown_type(const Attachment& attachment, const std::string& path) {
  if (!looks_like_picture(attachment)) return std::nullopt;
  const auto picture = picture_of(beginning_of(path));
  if (!picture || picture->width < 1 || picture->height < 1) return std::nullopt;
  if (picture->width * picture->height > most_pixels) return std::nullopt;
  return std::string(picture->media_type);
}

}  // namespace cstims
