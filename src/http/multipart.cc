#include "http/multipart.h"

#include <algorithm>

#include "base/failure.h"
#include "base/text.h"
#include "http/form_fields.h"
#include "http/media_type.h"
#include "http/request_refused.h"

namespace cstims {
namespace {

constexpr std::string_view line_end = "\r\n";

/// RFC 2046 §5.1.1; the space is left out, which no browser writes.
bool is_boundary(std::string_view text) {
  constexpr std::string_view others = "'()+_,-./:=?";
  return !text.empty() && text.size() <= 70 && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

bool has_control_bytes(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

}  // namespace

MultipartReader::MultipartReader(std::string_view boundary, MultipartLimits limits,
                                 std::filesystem::path folder)
    : delimiter_("\r\n--" + std::string(boundary)), limits_(limits), folder_(std::move(folder)) {
  if (!is_boundary(boundary)) throw BadRequest("a malformed boundary");
}

void MultipartReader::feed(std::string_view bytes) {
  buffer_.append(bytes);
  while (step()) {
  }
  buffer_.erase(0, used_);
  used_ = 0;
}

bool MultipartReader::step() {
  switch (state_) {
    case State::start:
      return read_start();
    case State::after_boundary:
      return read_after_boundary();
    case State::head:
      return read_head();
    case State::content:
      return read_content();
    case State::end:
      // One line end may close the body; anything more is a second reader's chance to disagree.
      if (!line_end.starts_with(std::string_view(buffer_).substr(used_))) {
        throw BadRequest("bytes after the closing boundary");
      }
      return false;
  }
  return false;
}

bool MultipartReader::read_start() {
  const std::string_view first = std::string_view(delimiter_).substr(line_end.size());
  const std::string_view rest = std::string_view(buffer_).substr(used_);
  if (!first.starts_with(rest.substr(0, first.size()))) throw BadRequest("the boundary is missing");
  if (rest.size() < first.size()) return false;
  used_ += first.size();
  state_ = State::after_boundary;
  return true;
}

bool MultipartReader::read_after_boundary() {
  const std::string_view rest = std::string_view(buffer_).substr(used_);
  if (rest.size() < 2) return false;
  used_ += 2;
  if (rest.starts_with(line_end)) {
    if (++parts_ > limits_.parts) throw RequestRefused(413, "too many parts");
    state_ = State::head;
  } else if (rest.starts_with("--")) {
    state_ = State::end;
  } else {
    throw BadRequest("a boundary is followed by neither a line end nor its closing mark");
  }
  return true;
}

bool MultipartReader::read_head() {
  const std::string_view rest = std::string_view(buffer_).substr(used_);
  const auto end = rest.find("\r\n\r\n");
  if (end == std::string_view::npos ? rest.size() > limits_.part_head + 3
                                    : end > limits_.part_head) {
    throw RequestRefused(413, "a part's header fields are too long");
  }
  if (end == std::string_view::npos) return false;
  begin_part(rest.substr(0, end + 2));
  used_ += end + 4;
  state_ = State::content;
  return true;
}

void MultipartReader::begin_part(std::string_view head) {
  disposed_ = is_file_ = too_large_ = false;
  name_.clear();
  value_.clear();
  upload_ = {};
  file_.reset();
  std::string type;
  while (!head.empty()) {
    const auto end = head.find(line_end);
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + line_end.size());
    const auto colon = line.find(':');
    if (has_control_bytes(line) || colon == std::string_view::npos || colon == 0 ||
        line.substr(0, colon).find_first_of(" \t\"") != std::string_view::npos) {
      throw BadRequest("a malformed header field of a part");
    }
    const std::string name = lower_ascii(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    if (name == "content-disposition") {
      note_disposition(value);
    } else if (name == "content-type") {
      if (!type.empty()) throw BadRequest("two types of one part");
      type = value;
    } else if (name == "content-transfer-encoding") {
      throw BadRequest("a part with a transfer encoding");  // RFC 7578 §4.7: deprecated
    }
  }
  if (!disposed_) throw BadRequest("a part without name");
  if (!type.empty()) note_type(type);
  if (is_file_ && !upload_.name.empty()) file_ = std::make_unique<UploadFile>(folder_);
  if (file_) received_.files.add(file_->path());
}

void MultipartReader::note_disposition(std::string_view field) {
  if (disposed_) throw BadRequest("two dispositions of one part");
  disposed_ = true;
  const MediaType disposition = parse_media_type(field);
  if (disposition.type != "form-data") throw BadRequest("a part that is no form data");
  for (const auto& [key, value] : disposition.parameters) {
    if (key != "name" && key != "filename") throw BadRequest("an unknown parameter of a part");
    if (value.size() > limits_.name) throw BadRequest("a name is too long");
    require_clean(value, LineBreaks::refused);
  }
  const auto name = disposition.parameters.find("name");
  if (name == disposition.parameters.end() || name->second.empty()) {
    throw BadRequest("a part without name");
  }
  name_ = name->second;
  const auto file_name = disposition.parameters.find("filename");
  if (file_name == disposition.parameters.end()) return;
  if (!limits_.files_allowed) throw BadRequest("this form takes no files");
  is_file_ = true;
  upload_.field = name_;
  upload_.name = file_name->second;
}

void MultipartReader::note_type(std::string_view field) {
  require_clean(field, LineBreaks::refused);
  const MediaType type = parse_media_type(field);
  if (type.type.starts_with("multipart/")) throw BadRequest("a multipart inside a multipart");
  if (is_file_) {
    upload_.media_type = type.type;
    return;
  }
  const auto charset = type.parameters.find("charset");
  const bool utf8 = charset == type.parameters.end() || lower_ascii(charset->second) == "utf-8";
  if (type.type != "text/plain" || !utf8) throw BadRequest("a text field of another type");
}

bool MultipartReader::read_content() {
  const std::string_view rest = std::string_view(buffer_).substr(used_);
  const auto end = rest.find(delimiter_);
  if (end == std::string_view::npos) {
    // What could be the beginning of the delimiter waits for more.
    const std::size_t sure = rest.size() - std::min(rest.size(), delimiter_.size() - 1);
    take_content(rest.substr(0, sure));
    used_ += sure;
    return false;
  }
  take_content(rest.substr(0, end));
  used_ += end + delimiter_.size();
  end_part();
  state_ = State::after_boundary;
  return true;
}

void MultipartReader::take_content(std::string_view bytes) {
  if (bytes.empty()) return;
  if (file_) {
    upload_.size += static_cast<std::int64_t>(bytes.size());
    too_large_ = too_large_ || static_cast<std::size_t>(upload_.size) > limits_.file;
    if (!too_large_) file_->write(bytes);
    return;
  }
  if (is_file_) throw BadRequest("a file without name");
  field_bytes_ += bytes.size();
  if (field_bytes_ > limits_.fields) throw RequestRefused(413, "the text fields are too long");
  value_.append(bytes);
}

void MultipartReader::end_part() {
  if (file_) {
    std::string digest = file_->finish();
    if (!too_large_) {
      upload_.file = file_->path();
      upload_.sha256 = std::move(digest);
    }
    file_.reset();
    received_.form.uploads.push_back(std::move(upload_));
  } else if (!is_file_) {
    require_clean(value_, LineBreaks::allowed);
    if (!received_.form.fields.emplace(name_, std::move(value_)).second) {
      throw BadRequest("a field that comes twice");
    }
    value_.clear();
  }
}

ReceivedForm MultipartReader::finish() {
  if (state_ != State::end) throw BadRequest("the closing boundary is missing");
  const std::string_view rest = std::string_view(buffer_).substr(used_);
  if (!rest.empty() && rest != line_end) throw BadRequest("bytes after the closing boundary");
  return std::move(received_);
}

}  // namespace cstims
