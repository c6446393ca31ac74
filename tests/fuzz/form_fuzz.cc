// Queries, forms, targets, cookies and media types: whatever is taken is clean UTF-8.
#include <cstdint>
#include <cstdlib>

#include "base/failure.h"
#include "base/text.h"
#include "http/form_fields.h"
#include "http/media_type.h"

namespace {

using namespace cstims;

void require(bool holds) {
  if (!holds) std::abort();
}

void require_clean_fields(const Fields& fields, bool line_breaks) {
  require(fields.size() <= most_fields);
  for (const auto& [name, value] : fields) {
    require(is_utf8(name) && !has_controls(name, true));
    require(is_utf8(value) && (line_breaks || !has_controls(value, true)));
  }
}

template <typename Act>
void try_to(Act act) {
  try {
    act();
  } catch (const BadRequest&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try_to([&] { require_clean_fields(parse_fields(text, LineBreaks::refused), false); });
  try_to([&] { require_clean_fields(parse_fields(text, LineBreaks::allowed), true); });
  try_to([&] {
    const Target target = parse_target(text);
    require(target.path.starts_with('/') && is_utf8(target.path) &&
            !has_controls(target.path, true));
    require((target.path + "/").find("/../") == std::string::npos);
    require_clean_fields(target.query, false);
  });
  try_to([&] { parse_media_type(text); });
  for (const auto& [name, value] : parse_cookies(text)) require(!name.empty());
  return 0;
}
