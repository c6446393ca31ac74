#include "mail/mime_part.h"

#include "base/text.h"
#include "mail/charset.h"
#include "mail/transfer_encoding.h"

namespace cstims {

namespace {

class Splitter {
 public:
  MimePart read(std::string_view bytes, int depth, std::string_view standard_type) {
    MimePart part;
    part.header = read_header(bytes);
    whole_ = whole_ && part.header.size <= longest_header;
    part.body = bytes.substr(part.header.size);
    part.type = read_parameters(part.header.value("content-type"));
    if (part.type.value.find('/') == std::string::npos) part.type.value = standard_type;
    part.disposition = read_parameters(part.header.value("content-disposition"));
    if (part.type.value.starts_with("multipart/")) open(part, depth);
    return part;
  }

  bool is_whole() const { return whole_; }

 private:
  void open(MimePart& part, int depth) {
    const std::string boundary(part.type.parameter("boundary"));
    if (boundary.empty()) return;
    if (depth == deepest_part) {
      whole_ = false;
      return;
    }
    const auto standard = part.is("multipart/digest") ? "message/rfc822" : "text/plain";
    for (const std::string_view piece : pieces(part.body, "--" + boundary)) {
      if (++count_ > most_parts) {
        whole_ = false;
        return;
      }
      part.parts.push_back(read(piece, depth + 1, standard));
    }
  }

  /// What stands between the boundary's lines. The last may lack its end.
  static std::vector<std::string_view> pieces(std::string_view body, std::string_view boundary) {
    std::vector<std::string_view> found;
    std::size_t begin = std::string_view::npos;
    std::size_t at = 0;
    while (found.size() <= most_parts) {
      const std::size_t place = body.find(boundary, at);
      if (place == std::string_view::npos) break;
      at = place + boundary.size();
      if (place > 0 && body[place - 1] != '\n') continue;
      const std::size_t end = body.find('\n', at);
      const std::string_view rest =
          trim(body.substr(at, end == std::string_view::npos ? end : end - at));
      const bool last = rest == "--" || (rest.empty() && end == std::string_view::npos);
      if (!rest.empty() && !last) continue;  // a longer boundary that begins alike
      if (begin != std::string_view::npos) found.push_back(piece(body, begin, place));
      begin = std::string_view::npos;
      if (last) break;
      begin = at = end + 1;
    }
    if (begin != std::string_view::npos) found.push_back(body.substr(begin));
    return found;
  }

  /// The line end before a boundary belongs to it (RFC 2046 §5.1.1).
  static std::string_view piece(std::string_view body, std::size_t begin, std::size_t end) {
    std::string_view text = body.substr(begin, end - begin);
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
  }

  std::size_t count_ = 0;
  bool whole_ = true;
};

}  // namespace

std::string_view MimePart::file_name() const {
  const std::string_view name = disposition.parameter("filename");
  return name.empty() ? type.parameter("name") : name;
}

bool MimePart::is_attachment() const {
  return disposition.value == "attachment" || !file_name().empty() || !is_text();
}

std::string MimePart::decoded() const {
  return decode_transfer(body, header.value("content-transfer-encoding"));
}

std::string MimePart::decoded_text() const {
  return body_to_utf8(decoded(), type.parameter("charset"));
}

MimeMessage read_mime(std::string_view bytes) {
  Splitter splitter;
  MimePart top = splitter.read(bytes, 0, "text/plain");
  return {std::move(top), splitter.is_whole()};
}

}  // namespace cstims
