// A multipart body means the same however its bytes are cut, and stays within its limits.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/failure.h"
#include "base/text.h"
#include "http/multipart.h"
#include "http/request_refused.h"

namespace {

using namespace cstims;

void require(bool holds) {
  if (!holds) std::abort();
}

MultipartLimits small_limits() {
  return {
      .parts = 5, .part_head = 256, .name = 32, .fields = 512, .file = 1024, .files_allowed = true};
}

/// All that was read, or the status it was refused with.
std::string read(std::string_view body, std::size_t piece) {
  try {
    MultipartReader reader("B", small_limits(), "/tmp");
    for (std::size_t i = 0; i < body.size(); i += piece) reader.feed(body.substr(i, piece));
    const ReceivedForm received = reader.finish();
    std::string all;
    for (const auto& [name, value] : received.form.fields) {
      require(is_utf8(name) && is_utf8(value) && value.size() <= small_limits().fields);
      all += name + "=" + value + ";";
    }
    for (const Upload& upload : received.form.uploads) {
      const bool too_large = static_cast<std::size_t>(upload.size) > small_limits().file;
      require(upload.file.empty() == too_large && upload.sha256.empty() == too_large);
      all += upload.field + ":" + upload.name + ":" + upload.media_type + ":" + upload.sha256 + ";";
    }
    return all;
  } catch (const BadRequest&) {
    return "refused";
  } catch (const RequestRefused& refused) {
    require(refused.status == 413);
    return "refused";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const std::string whole = read(body, std::max<std::size_t>(1, size));
  require(read(body, 1) == whole);
  require(read(body, 7) == whole);
  return 0;
}
