#include "bank/xml_reader.h"

#include <expat.h>

#include <algorithm>
#include <exception>
#include <memory>

#include "base/text.h"

namespace cstims {
namespace {

constexpr std::size_t deepest = 64;
constexpr std::size_t most_kept = 50'000;  // elements and attributes of one piece
constexpr std::size_t piece = 64 * 1024;   // bytes given to the parser at once

struct ParserFree {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

class Reading {
 public:
  explicit Reading(const XmlTaker& taker) : taker_(taker), parser_(XML_ParserCreate(nullptr)) {
    if (!parser_) throw std::bad_alloc();
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), &Reading::on_start, &Reading::on_end);
    XML_SetCharacterDataHandler(parser_.get(), &Reading::on_text);
    XML_SetStartDoctypeDeclHandler(parser_.get(), &Reading::on_doctype);
  }

  void read(std::string_view bytes) {
    while (true) {
      const auto part = bytes.substr(0, piece);
      bytes.remove_prefix(part.size());
      const bool last = bytes.empty();
      const auto status =
          XML_Parse(parser_.get(), part.data(), static_cast<int>(part.size()), last ? 1 : 0);
      if (failure_) std::rethrow_exception(failure_);
      if (status != XML_STATUS_OK) throw XmlFault{line(), fault()};
      if (last) return;
    }
  }

 private:
  int line() const { return static_cast<int>(XML_GetCurrentLineNumber(parser_.get())); }

  Message fault() const {
    const auto code = XML_GetErrorCode(parser_.get());
    if (code == XML_ERROR_UNKNOWN_ENCODING) {
      return message("Line {}: the XML is in an unknown encoding.");
    }
    return message("Line {}: this is no well-formed XML ({}).", {XML_ErrorString(code)});
  }

  /// Nothing may be thrown through the parser, which is C: kept, and thrown after it has stopped.
  template <typename Act>
  void guarded(Act&& act) {
    if (failure_) return;
    try {
      act();
    } catch (...) {
      failure_ = std::current_exception();
      XML_StopParser(parser_.get(), XML_FALSE);
    }
  }

  static void XMLCALL on_doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*,
                                 int) {
    auto& reading = *static_cast<Reading*>(self);
    reading.guarded([&] {
      throw XmlFault{reading.line(), message("Line {}: a document type (DOCTYPE) is not taken.")};
    });
  }

  static void XMLCALL on_start(void* self, const XML_Char* name, const XML_Char** attributes) {
    auto& reading = *static_cast<Reading*>(self);
    reading.guarded([&] { reading.start(name, attributes); });
  }

  static void XMLCALL on_end(void* self, const XML_Char*) {
    auto& reading = *static_cast<Reading*>(self);
    reading.guarded([&] { reading.end(); });
  }

  static void XMLCALL on_text(void* self, const XML_Char* text, int size) {
    auto& reading = *static_cast<Reading*>(self);
    reading.guarded(
        [&] { reading.open_.back().text.append(text, static_cast<std::size_t>(size)); });
  }

  void start(std::string_view name, const XML_Char** attributes) {
    if (open_.size() >= deepest) {
      throw XmlFault{line(), message("Line {}: elements are nested too deeply.")};
    }
    const auto colon = name.rfind(':');
    XmlElement element{.name = std::string(colon == name.npos ? name : name.substr(colon + 1)),
                       .line = line()};
    for (; *attributes != nullptr; attributes += 2) {
      element.attributes.emplace_back(attributes[0], attributes[1]);
    }
    kept_ += 1 + element.attributes.size();
    if (kept_ > most_kept) {
      throw XmlFault{line(), message("Line {}: there is too much in one piece of this XML.")};
    }
    open_.push_back(std::move(element));
  }

  void end() {
    XmlElement element = std::move(open_.back());
    open_.pop_back();
    if (std::ranges::count(taker_.names, element.name) > 0) {
      taker_.take(element);
      kept_ = 0;
    } else if (!open_.empty()) {
      open_.back().children.push_back(std::move(element));
    }
  }

  const XmlTaker& taker_;
  std::unique_ptr<XML_ParserStruct, ParserFree> parser_;
  std::vector<XmlElement> open_;
  std::size_t kept_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

const XmlElement* XmlElement::find(std::string_view wanted) const {
  const auto found = std::ranges::find(children, wanted, &XmlElement::name);
  return found == children.end() ? nullptr : &*found;
}

const XmlElement* XmlElement::at(std::string_view path) const {
  const XmlElement* element = this;
  for (const auto step : split(path, '/')) {
    element = element->find(step);
    if (element == nullptr) return nullptr;
  }
  return element;
}

std::string XmlElement::text_at(std::string_view path) const {
  const auto* element = at(path);
  return element == nullptr ? std::string() : std::string(trim(element->text));
}

std::string XmlElement::attribute(std::string_view wanted) const {
  for (const auto& [name_of, value] : attributes) {
    if (name_of == wanted) return value;
  }
  return {};
}

void read_xml(std::string_view bytes, const XmlTaker& taker) {
  Reading(taker).read(bytes);
}

}  // namespace cstims
