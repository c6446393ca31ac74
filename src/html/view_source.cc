#include "html/view_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <vector>

#include "html/escape.h"

namespace cstims {
namespace {

constexpr std::string_view autoescape = "{{%AUTOESCAPE context=\"HTML\"}}\n";

/// A text to translate may be broken over lines in the view.
std::string with_single_spaces(std::string_view text) {
  std::string single;
  for (const char next : text) {
    const bool space = next == ' ' || next == '\n' || next == '\t';
    if (!space) single += next;
    if (space && !single.empty() && single.back() != ' ') single += ' ';
  }
  if (single.ends_with(' ')) single.pop_back();
  return single;
}

bool is_name(std::string_view name) {
  return !name.empty() && std::isupper(static_cast<unsigned char>(name.front())) &&
         std::ranges::all_of(name, [](char c) {
           return std::isupper(static_cast<unsigned char>(c)) ||
                  std::isdigit(static_cast<unsigned char>(c)) || c == '_';
         });
}

class Preparation {
 public:
  Preparation(std::string_view path, std::string_view content, const Catalogue& catalogue)
      : path_(path), rest_(content), catalogue_(catalogue), html_(path.ends_with(".html")) {}

  ViewSource run() {
    if (html_) take_first_line();
    while (!rest_.empty()) {
      if (rest_.starts_with("[[")) {
        take_text_to_translate();
      } else if (rest_.starts_with("{{")) {
        take_mark();
      } else {
        take_character();
      }
    }
    if (!open_.empty()) fail(fmt::format("section {} is not closed", open_.back().name));
    return std::move(source_);
  }

 private:
  [[noreturn]] void fail(std::string_view why) const {
    throw std::logic_error(fmt::format("view {}, line {}: {}", path_, line_, why));
  }

  void take_first_line() {
    if (!rest_.starts_with(autoescape)) {
      fail(R"(the first line must be {{%AUTOESCAPE context="HTML"}})");
    }
    source_.text = autoescape;
    rest_.remove_prefix(autoescape.size());
    ++line_;
  }

  void take_character() {
    const char next = rest_.front();
    rest_.remove_prefix(1);
    if (next == '\n') ++line_;
    if (html_ && next == '<') in_tag_ = true;
    if (html_ && next == '>') in_tag_ = false;
    // Indentation is for those who write views, not for visitors.
    if (html_ && next == ' ' && at_line_start_) return;
    at_line_start_ = next == '\n';
    source_.text += next;
  }

  std::string_view take_until(std::string_view end, std::string_view what) {
    const std::size_t length = rest_.find(end, 2);
    if (length == rest_.npos) fail(fmt::format("{} has no {}", what, end));
    const std::string_view inside = rest_.substr(2, length - 2);
    rest_.remove_prefix(length + end.size());
    return inside;
  }

  void take_text_to_translate() {
    const std::string_view inside = take_until("]]", "a text to translate");
    const std::string original = with_single_spaces(inside);
    const std::string_view translated = catalogue_.find(original);
    std::string text;
    html_ ? append_escaped(text, translated) : void(text = translated);
    at_line_start_ = false;
    const std::string_view after = rest_;
    rest_ = text;
    while (!rest_.empty()) {
      if (rest_.starts_with("{{")) {
        take_mark();
      } else {
        source_.text += rest_.front();
        rest_.remove_prefix(1);
      }
    }
    rest_ = after;
    line_ += static_cast<int>(std::ranges::count(inside, '\n'));
  }

  void take_mark() {
    const bool begins_line = at_line_start_;
    const std::string_view mark = take_until("}}", "a mark");
    if (mark.empty()) fail("an empty mark");
    switch (mark.front()) {
      case '!':
        line_ += static_cast<int>(std::ranges::count(mark, '\n'));
        break;
      case '#':
        open(mark.substr(1));
        break;
      case '/':
        close(mark.substr(1));
        break;
      case '>':
        source_.names.includes.emplace(checked(mark.substr(1)));
        at_line_start_ = false;
        write(mark);
        break;
      default:
        variable(mark);
        return;
    }
    if (!html_ && begins_line) drop_line_end();
  }

  /// In texts a line of marks alone leaves nothing behind.
  void drop_line_end() {
    if (!rest_.starts_with('\n')) return;
    rest_.remove_prefix(1);
    ++line_;
    at_line_start_ = true;
  }

  void open(std::string_view name) {
    open_.push_back({std::string(checked(name)), at_line_start_});
    // "X_separator" stands between the rounds of X and is ctemplate's own.
    source_.names.sections.emplace(name);
    write("#" + std::string(name));
  }

  void close(std::string_view name) {
    if (open_.empty() || open_.back().name != name) {
      fail(fmt::format("{} closes no section", name));
    }
    // The line end of a section that fills whole lines belongs to it: hidden, it leaves no empty
    // line.
    if (html_ && open_.back().begins_line && rest_.starts_with('\n')) take_character();
    open_.pop_back();
    write("/" + std::string(name));
  }

  void variable(std::string_view name) {
    at_line_start_ = false;
    source_.names.variables.emplace(checked(name));
    // Line breaks in values are kept (pre_escape) in text and in value="…"; elsewhere ctemplate
    // chooses by itself.
    const bool keep_lines = html_ && (!in_tag_ || source_.text.ends_with(" value=\""));
    write(std::string(name) + (keep_lines ? ":p" : ""));
  }

  void write(std::string_view mark) {
    source_.text += "{{";
    source_.text += mark;
    source_.text += "}}";
  }

  std::string_view checked(std::string_view name) const {
    const std::string_view bare =
        name.ends_with("_separator") ? name.substr(0, name.size() - 10) : name;
    if (!is_name(bare)) fail(fmt::format("{{{{{}}}}} is no name like TOTAL_2", name));
    return name;
  }

  std::string_view path_;
  std::string_view rest_;
  const Catalogue& catalogue_;
  bool html_;
  bool in_tag_ = false;
  bool at_line_start_ = true;
  int line_ = 1;
  struct Section {
    std::string name;
    bool begins_line;
  };
  std::vector<Section> open_;
  ViewSource source_;
};

}  // namespace

ViewSource prepare_view(std::string_view path, std::string_view content,
                        const Catalogue& catalogue) {
  return Preparation(path, content, catalogue).run();
}

}  // namespace cstims
