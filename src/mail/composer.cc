#include "mail/composer.h"

#include <fmt/format.h>
#include <gmime/gmime.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <string_view>

#include "base/failure.h"
#include "base/text.h"
#include "mail/mail_text.h"

namespace cstims {

namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <typename T>
using Object = std::unique_ptr<T, Freed<g_object_unref>>;

template <typename T>
Object<T> own(T* object) {
  if (object == nullptr) throw MailError("GMime could not make a part of the message");
  return Object<T>(object);
}

void start_gmime() {
  static std::once_flag started;
  std::call_once(started, [] { g_mime_init(); });
}

/// What a row may add beside the fields that every mail has.
constexpr std::array<std::string_view, 9> allowed_fields{
    "In-Reply-To",   "References",      "Reply-To",
    "Thread-Index",  "Thread-Topic",    "Auto-Submitted",
    "X-CSTIMS-Loop", "X-CSTIMS-Ticket", "X-Auto-Response-Suppress"};

bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

/// "<left@right>" of printable characters without space, "<" or ">" inside; at most 250 long.
void check_message_id(std::string_view id) {
  const bool framed = id.size() > 4 && id.starts_with('<') && id.ends_with('>') && id.size() <= 250;
  const bool clean = framed && std::ranges::all_of(id.substr(1, id.size() - 2), [](char c) {
                       return c > ' ' && c <= '~' && c != '<' && c != '>';
                     });
  if (!clean || id.find('@') == std::string_view::npos) {
    throw MailError("the Message-ID of the row is malformed");
  }
}

void check_boundary(std::string_view boundary) {
  const bool clean = std::ranges::all_of(boundary, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
  if (boundary.size() < 16 || boundary.size() > 60 || !clean) {
    throw MailError("the boundary of the row is malformed");
  }
}

void add_field(GMimeObject* object, std::string_view line) {
  const std::size_t colon = line.find(": ");
  const std::string_view name = line.substr(0, colon);
  const bool allowed = std::ranges::find(allowed_fields, name) != allowed_fields.end();
  if (colon == std::string_view::npos || !allowed || !is_printable_ascii(line)) {
    throw MailError(
        fmt::format("the row asks for a field that it may not set: {}", single_line(name)));
  }
  g_mime_object_set_header(object, std::string(name).c_str(),
                           std::string(line.substr(colon + 2)).c_str(), "utf-8");
}

void add_mailbox(GMimeMessage* message, GMimeAddressType type, const std::string& name,
                 const EmailAddress& address) {
  const std::string shown = display_name(name);
  g_mime_message_add_mailbox(message, type, shown.empty() ? nullptr : shown.c_str(),
                             address.text().c_str());
}

/// Fields in the order people expect to read them; each stands once.
void add_fields(GMimeMessage* message, const StoredMail& mail) {
  GMimeObject* object = GMIME_OBJECT(message);
  if (!is_printable_ascii(mail.date)) throw MailError("the date of the row is malformed");
  const std::unique_ptr<GDateTime, Freed<g_date_time_unref>> date(
      g_mime_utils_header_decode_date(mail.date.c_str()));
  if (!date) throw MailError("the date of the row is malformed");
  g_mime_message_set_date(message, date.get());
  add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, mail.from_name, mail.from);
  add_mailbox(message, GMIME_ADDRESS_TYPE_TO, mail.to_name, mail.to);
  g_mime_message_set_subject(message, header_text(mail.subject, longest_subject).c_str(), "utf-8");
  check_message_id(mail.message_id);
  g_mime_object_set_header(object, "Message-ID", mail.message_id.c_str(), "utf-8");
  std::vector<std::string_view> seen;
  for (const std::string_view line : split(mail.headers, '\n')) {
    if (line.empty()) continue;
    const std::string_view name = line.substr(0, line.find(':'));
    if (std::ranges::find(seen, name) != seen.end()) {
      throw MailError(fmt::format("the row sets a field twice: {}", single_line(name)));
    }
    seen.push_back(name);
    add_field(object, line);
  }
}

Object<GMimeDataWrapper> content_of(std::string_view bytes) {
  const auto stream = own(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  return own(g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT));
}

/// base64 when over a third is not ASCII: quoted-printable would triple those.
GMimeContentEncoding encoding_for(std::string_view text) {
  const auto foreign = std::ranges::count_if(text, [](char c) { return (c & '\x80') != 0; });
  return static_cast<std::size_t>(foreign) * 3 > text.size()
             ? GMIME_CONTENT_ENCODING_BASE64
             : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
}

Object<GMimePart> text_part(const char* subtype, const std::string& text) {
  if (!is_utf8(text)) throw MailError("the body of the row is not UTF-8");
  auto part = own(g_mime_part_new_with_type("text", subtype));
  g_mime_object_set_content_type_parameter(GMIME_OBJECT(part.get()), "charset", "utf-8");
  std::string body = normal_lines(text);
  if (!body.ends_with('\n')) body += '\n';
  const GMimeContentEncoding encoding = encoding_for(body);
  g_mime_part_set_content_encoding(part.get(), encoding);
  // Quoted-printable leaves line ends to the writer; base64 encodes them, and text has CRLF (RFC
  // 2046 §4.1.1).
  if (encoding == GMIME_CONTENT_ENCODING_BASE64) body = replace_all(std::move(body), "\n", "\r\n");
  g_mime_part_set_content(part.get(), content_of(body).get());
  return part;
}

/// At most 60 letters, digits, dots, dashes and underscores, so that no reader has to decode or
/// join anything.
std::string file_name(std::string_view name) {
  std::string clean;
  for (const char c : name.substr(0, 60)) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '.' || c == '-' || c == '_';
    clean += plain ? c : '_';
  }
  const std::size_t first = clean.find_first_not_of("._-");
  return first == std::string::npos ? "file" : clean.substr(first);
}

Object<GMimePart> document_part(const MailDocument& document) {
  const std::size_t slash = document.type.find('/');
  const bool plain = std::ranges::all_of(document.type, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '+' ||
           c == '.';
  });
  const bool known =
      plain && slash != std::string::npos && slash > 0 && slash + 1 < document.type.size() &&
      document.type.find('/', slash + 1) == std::string::npos &&
      !document.type.starts_with("multipart/") && !document.type.starts_with("message/");
  const std::string type = known ? document.type.substr(0, slash) : "application";
  const std::string subtype = known ? document.type.substr(slash + 1) : "octet-stream";
  auto part = own(g_mime_part_new_with_type(type.c_str(), subtype.c_str()));
  g_mime_object_set_disposition(GMIME_OBJECT(part.get()), "attachment");
  g_mime_object_set_content_disposition_parameter(GMIME_OBJECT(part.get()), "filename",
                                                  file_name(document.name).c_str());
  g_mime_part_set_content_encoding(part.get(), GMIME_CONTENT_ENCODING_BASE64);
  g_mime_part_set_content(part.get(), content_of(document.bytes).get());
  return part;
}

Object<GMimeMultipart> multipart(const char* subtype, const std::string& boundary) {
  auto parts = own(g_mime_multipart_new_with_subtype(subtype));
  g_mime_multipart_set_boundary(parts.get(), boundary.c_str());
  return parts;
}

/// mixed( alternative( text, html ), files… ), or the alternative alone (RFC 2046 §5.1.4).
Object<GMimeMultipart> body_of(const StoredMail& mail, const std::vector<MailDocument>& documents) {
  check_boundary(mail.boundary);
  // "=_" cannot stand in quoted-printable or base64, so no body holds the boundary (RFC 2045 §6.7).
  auto alternative = multipart("alternative", "=_a" + mail.boundary);
  g_mime_multipart_add(alternative.get(), GMIME_OBJECT(text_part("plain", mail.text).get()));
  g_mime_multipart_add(alternative.get(), GMIME_OBJECT(text_part("html", mail.html).get()));
  if (documents.empty()) return alternative;
  auto mixed = multipart("mixed", "=_m" + mail.boundary);
  g_mime_multipart_add(mixed.get(), GMIME_OBJECT(alternative.get()));
  for (const MailDocument& document : documents) {
    g_mime_multipart_add(mixed.get(), GMIME_OBJECT(document_part(document).get()));
  }
  return mixed;
}

std::string written(GMimeMessage* message) {
  const std::unique_ptr<GMimeFormatOptions, Freed<g_mime_format_options_free>> options(
      g_mime_format_options_new());
  g_mime_format_options_set_newline_format(options.get(), GMIME_NEWLINE_FORMAT_DOS);
  g_mime_format_options_set_param_encoding_method(options.get(),
                                                  GMIME_PARAM_ENCODING_METHOD_RFC2231);
  const auto stream = own(g_mime_stream_mem_new());
  if (g_mime_object_write_to_stream(GMIME_OBJECT(message), options.get(), stream.get()) < 0) {
    throw MailError("GMime could not write the message");
  }
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
  return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

/// The last word before bytes leave: what the parts above promise is checked on the result.
void check_message(std::string_view message) {
  std::size_t line = 0;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    if (c == '\n' && (i == 0 || message[i - 1] != '\r'))
      throw MailError("a bare LF in the message");
    if (c == '\r' && (i + 1 == message.size() || message[i + 1] != '\n')) {
      throw MailError("a bare CR in the message");
    }
    if (c == '\0' || (c & '\x80') != 0) throw MailError("a byte that is not ASCII in the message");
    line = c == '\n' ? 0 : line + 1;
    if (line > 999) throw MailError("a line over 998 octets in the message");
  }
}

}  // namespace

std::string compose_message(const StoredMail& mail, const std::vector<MailDocument>& documents) {
  std::size_t size = 0;
  for (const MailDocument& document : documents) size += document.bytes.size();
  if (size > largest_documents) throw MailError("the files of the mail are over 10 MiB");
  start_gmime();
  const auto message = own(g_mime_message_new(FALSE));
  add_fields(message.get(), mail);
  g_mime_message_set_mime_part(message.get(), GMIME_OBJECT(body_of(mail, documents).get()));
  std::string bytes = written(message.get());
  check_message(bytes);
  return bytes;
}

}  // namespace cstims
