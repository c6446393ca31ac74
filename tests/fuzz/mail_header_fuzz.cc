// Header fields one by one: encoded words, parameters, addresses, Message-IDs, dates.
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "mail/received_mail.h"

using namespace cstims;

namespace {

void require_one_line(std::string_view text) {
  if (!is_utf8(text) || has_controls(text, true)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  require_one_line(decode_words(text));
  for (const auto& [name, value] : read_parameters(text).parameters) require_one_line(value);
  for (const auto& address : read_addresses(text)) require_one_line(address.name);
  for (const auto& id : read_message_ids(text)) {
    if (!id.starts_with('<') || !id.ends_with('>')) std::abort();
  }
  parse_mail_date(text);
  const MailHeader header = read_header(text);
  if (header.size > size || header.fields.size() > most_fields) std::abort();
  return 0;
}
