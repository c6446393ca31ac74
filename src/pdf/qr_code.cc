#include "pdf/qr_code.h"

#include <qrencode.h>

#include <memory>
#include <stdexcept>

namespace cstims {

QrCode qr_code(const std::string& bytes) {
  const std::unique_ptr<QRcode, void (*)(QRcode*)> made(
      QRcode_encodeData(static_cast<int>(bytes.size()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), 0, QR_ECLEVEL_M),
      QRcode_free);
  if (!made) throw std::length_error("this does not fit a QR code");
  QrCode code{.width = static_cast<std::size_t>(made->width), .dark = {}};
  code.dark.reserve(code.width * code.width);
  for (std::size_t i = 0; i < code.width * code.width; ++i) {
    code.dark.push_back((made->data[i] & 1U) != 0);
  }
  return code;
}

}  // namespace cstims
