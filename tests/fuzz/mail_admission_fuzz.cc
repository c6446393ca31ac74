// What decides who a mail is from and what it may do: Authentication-Results, codes in addresses
// and Message-IDs, commands of staff.
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "inbox/authentication.h"
#include "inbox/staff_commands.h"
#include "mail/mail_codes.h"

using namespace cstims;

namespace {

const MailKeys keys{{std::string(32, 'k'), std::string(32, 'x')}};
const EmailAddress tickets = EmailAddress::parse("tickets@mx.example").value();

void require(bool holds) {
  if (!holds) std::abort();
}

/// Without our server's name in it nothing vouches for anybody.
void prove(std::string_view bytes) {
  const SenderProof proof = sender_proof(read_header(bytes), "mx.example", "example.org");
  const bool names_us = lower_ascii(bytes).find("mx.example") != std::string::npos;
  require(names_us || proof == SenderProof::neutral);
  require(sender_proof(read_header(bytes), "", "example.org") == SenderProof::neutral);
}

/// What is taken for a code of ours is one that we would make, with either key.
void read_codes(std::string_view text) {
  if (const auto copy = read_reply_address(text, tickets, keys)) {
    const auto made = [&](const MailKeys& with) {
      return reply_address(tickets, with, *copy).value().key() == lower_ascii(text);
    };
    require(made(keys) || made({{keys.keys.back()}}));
  }
  if (const auto mail = read_bounce_address(text, tickets, keys)) {
    const auto made = [&](const MailKeys& with) {
      return bounce_address(tickets, with, *mail).value().key() == lower_ascii(text);
    };
    require(made(keys) || made({{keys.keys.back()}}));
  }
  read_ticket_message_id(text, keys);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  prove(bytes);
  read_codes(bytes);
  const StaffCommands commands = read_staff_commands(bytes);
  require(bytes.ends_with(commands.text));
  return 0;
}
