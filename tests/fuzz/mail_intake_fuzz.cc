// Whole mails: parts, bodies, files, what kind it is, bounces. Whatever comes, the texts are UTF-8
// of one kind and names are one line.
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "mail/mail_class.h"

using namespace cstims;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_one_line(std::string_view text) {
  return is_utf8(text) && !has_controls(text, true);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  const OpenedMail opened = open_mail(raw);
  require(is_one_line(opened.mail.subject) && is_one_line(opened.mail.from_name));
  require(is_utf8(opened.mail.text) && !has_controls(opened.mail.text, false));
  require(is_utf8(opened.mail.quoted) && !has_controls(opened.mail.quoted, false));
  require(opened.mail.files.size() <= most_mail_files);
  for (const MailFile& file : opened.mail.files) {
    require(is_one_line(file.name) && !file.name.empty() &&
            file.name.find_first_of("/\\") == std::string::npos);
  }
  classify(opened, {.instance = "abc", .addresses = {}, .list_id = "list.example"});
  read_delivery_report(opened.mime);
  return 0;
}
