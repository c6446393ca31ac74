#include "http/body.h"

#include "base/text.h"
#include "http/form_fields.h"
#include "http/media_type.h"
#include "http/request_refused.h"

namespace cstims {

BodyReader::BodyReader(std::string_view content_type, Body body,
                       const std::filesystem::path& folder)
    : limit_(body == Body::files ? files_limit : form_limit) {
  if (content_type.empty()) {
    ignored_ = true;
    return;
  }
  const MediaType type = parse_media_type(content_type);
  const auto charset = type.parameters.find("charset");
  if (charset != type.parameters.end() && lower_ascii(charset->second) != "utf-8") {
    throw RequestRefused(415, "a form in another charset than UTF-8");
  }
  if (type.type == "multipart/form-data") {
    const auto boundary = type.parameters.find("boundary");
    if (boundary == type.parameters.end()) throw BadRequest("a multipart without boundary");
    MultipartLimits limits;
    limits.files_allowed = body == Body::files;
    multipart_ = std::make_unique<MultipartReader>(boundary->second, limits, folder);
  } else if (type.type == "text/plain") {
    ignored_ = true;
  } else if (type.type != "application/x-www-form-urlencoded") {
    throw RequestRefused(415, "a body that is no form");
  } else {
    limit_ = form_limit;
  }
}

void BodyReader::feed(std::string_view bytes) {
  if (multipart_) {
    multipart_->feed(bytes);
  } else if (!ignored_) {
    text_.append(bytes);
  }
}

ReceivedForm BodyReader::finish() {
  if (multipart_) return multipart_->finish();
  ReceivedForm received;
  received.form.fields = parse_fields(text_, LineBreaks::allowed);
  return received;
}

}  // namespace cstims
