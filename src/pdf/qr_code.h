// QR codes (ISO/IEC 18004) as squares to draw, by libqrencode.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace cstims {

/// `dark` has width * width squares, row by row, without the quiet zone of four squares around.
struct QrCode {
  std::size_t width = 0;
  std::vector<bool> dark;
  bool at(std::size_t x, std::size_t y) const { return dark[y * width + x]; }
};

/// Level M, bytes as they are. Throws std::length_error when they do not fit the largest code.
QrCode qr_code(const std::string& bytes);

}  // namespace cstims
