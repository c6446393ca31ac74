#include "html/catalogue.h"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace cstims {
namespace {

/// Reads one .po file line by line.
class Reader {
 public:
  explicit Reader(std::string_view name) : name_(name) {}

  void read(std::string_view line) {
    ++number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return finish_entry();
    if (line.starts_with('#')) return comment(line);
    if (line.starts_with("msgid ")) {
      if (part_ == Part::translation) finish_entry();
      if (part_ != Part::none) fail("msgid twice");
      part_ = Part::original;
      original_ = quoted(line.substr(6));
    } else if (line.starts_with("msgstr ")) {
      if (part_ != Part::original) fail("msgstr without msgid");
      part_ = Part::translation;
      translation_ = quoted(line.substr(7));
    } else if (line.starts_with('"') && part_ != Part::none) {
      (part_ == Part::original ? original_ : translation_) += quoted(line);
    } else {
      fail("only msgid, msgstr and comments are understood");
    }
  }

  void finish_entry() {
    if (part_ == Part::none) return;
    if (part_ == Part::original) fail("msgid without msgstr");
    if (!original_.empty() && !translation_.empty() && !fuzzy_) add();
    part_ = Part::none;
    fuzzy_ = false;
    original_.clear();
    translation_.clear();
  }

  std::map<std::string, std::string, std::less<>> texts;

 private:
  enum class Part { none, original, translation };

  [[noreturn]] void fail(std::string_view why) const {
    throw std::logic_error(fmt::format("translation {}, line {}: {}", name_, number_, why));
  }

  void comment(std::string_view line) {
    if (part_ == Part::translation) finish_entry();
    if (line.starts_with("#,") && line.find("fuzzy") != line.npos) fuzzy_ = true;
  }

  void add() {
    if (places(original_) != places(translation_)) {
      fail("the places {} or {{NAME}} differ from the original's");
    }
    if (!texts.emplace(original_, translation_).second) fail("this text is translated twice");
  }

  /// The content of a C string literal.
  std::string quoted(std::string_view literal) const {
    if (literal.size() < 2 || !literal.starts_with('"') || !literal.ends_with('"')) {
      fail("a text in double quotes is missing");
    }
    std::string text;
    for (std::size_t i = 1; i + 1 < literal.size(); ++i) {
      char next = literal[i];
      if (next == '"') fail("a quote inside the text needs a backslash");
      if (next == '\\') next = escaped(literal[++i]);
      text += next;
    }
    return text;
  }

  char escaped(char letter) const {
    switch (letter) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case '"':
        return '"';
      case '\\':
        return '\\';
      default:
        fail("unknown escape after a backslash");
    }
  }

  /// `{}` and `{{NAME}}` of a text, sorted.
  static std::vector<std::string> places(std::string_view text) {
    std::vector<std::string> found;
    for (std::size_t at = text.find('{'); at != text.npos; at = text.find('{', at)) {
      const std::string_view rest = text.substr(at);
      const bool named = rest.starts_with("{{");
      const std::size_t end = rest.find(named ? "}}" : "}");
      if (end == rest.npos) break;
      const std::size_t length = end + (named ? 2 : 1);
      found.emplace_back(rest.substr(0, length));
      at += length;
    }
    std::ranges::sort(found);
    return found;
  }

  std::string_view name_;
  int number_ = 0;
  Part part_ = Part::none;
  bool fuzzy_ = false;
  std::string original_, translation_;
};

}  // namespace

Catalogue Catalogue::parse(std::string_view name, std::string_view po) {
  Reader reader(name);
  while (!po.empty()) {
    const std::size_t end = std::min(po.find('\n'), po.size());
    reader.read(po.substr(0, end));
    po.remove_prefix(std::min(end + 1, po.size()));
  }
  reader.finish_entry();
  Catalogue catalogue;
  catalogue.texts_ = std::move(reader.texts);
  return catalogue;
}

std::string_view Catalogue::find(std::string_view english) const {
  const auto found = texts_.find(english);
  return found == texts_.end() ? english : std::string_view(found->second);
}

}  // namespace cstims
