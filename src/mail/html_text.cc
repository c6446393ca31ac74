#include "mail/html_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/text.h"

namespace cstims {

namespace {

constexpr int deepest_quote = 8;

struct Entity {
  std::string_view name;
  std::string_view text;
};
constexpr std::array entities{
    Entity{"amp", "&"},    Entity{"lt", "<"},     Entity{"gt", ">"},     Entity{"quot", "\""},
    Entity{"apos", "'"},   Entity{"nbsp", " "},   Entity{"euro", "€"},   Entity{"copy", "©"},
    Entity{"reg", "®"},    Entity{"hellip", "…"}, Entity{"ndash", "–"},  Entity{"mdash", "—"},
    Entity{"lsquo", "‘"},  Entity{"rsquo", "’"},  Entity{"ldquo", "“"},  Entity{"rdquo", "”"},
    Entity{"laquo", "«"},  Entity{"raquo", "»"},  Entity{"bull", "•"},   Entity{"middot", "·"},
    Entity{"deg", "°"},    Entity{"iexcl", "¡"},  Entity{"iquest", "¿"}, Entity{"aacute", "á"},
    Entity{"eacute", "é"}, Entity{"iacute", "í"}, Entity{"oacute", "ó"}, Entity{"uacute", "ú"},
    Entity{"ntilde", "ñ"}, Entity{"Aacute", "Á"}, Entity{"Eacute", "É"}, Entity{"Iacute", "Í"},
    Entity{"Oacute", "Ó"}, Entity{"Uacute", "Ú"}, Entity{"Ntilde", "Ñ"}, Entity{"auml", "ä"},
    Entity{"ouml", "ö"},   Entity{"uuml", "ü"},   Entity{"Auml", "Ä"},   Entity{"Ouml", "Ö"},
    Entity{"Uuml", "Ü"},   Entity{"szlig", "ß"},  Entity{"agrave", "à"}, Entity{"egrave", "è"},
    Entity{"igrave", "ì"}, Entity{"ograve", "ò"}, Entity{"ugrave", "ù"}, Entity{"acirc", "â"},
    Entity{"ecirc", "ê"},  Entity{"icirc", "î"},  Entity{"ocirc", "ô"},  Entity{"ucirc", "û"},
    Entity{"ccedil", "ç"}, Entity{"Ccedil", "Ç"}, Entity{"atilde", "ã"}, Entity{"otilde", "õ"},
    Entity{"aring", "å"},  Entity{"Aring", "Å"},  Entity{"aelig", "æ"},  Entity{"oslash", "ø"},
    Entity{"Oslash", "Ø"}, Entity{"pound", "£"},  Entity{"sect", "§"},   Entity{"zwnj", ""},
    Entity{"zwj", ""},     Entity{"shy", ""},     Entity{"ordf", "ª"},   Entity{"ordm", "º"},
    Entity{"times", "×"},
};

void append_code_point(std::string& text, std::uint32_t value) {
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value == 0 || value > 0x10FFFF || surrogate) {
    text += "\xEF\xBF\xBD";
  } else if (value < 0x80) {
    text += static_cast<char>(value);
  } else if (value < 0x800) {
    text += static_cast<char>(0xC0U | (value >> 6U));
    text += static_cast<char>(0x80U | (value & 0x3FU));
  } else if (value < 0x10000) {
    text += static_cast<char>(0xE0U | (value >> 12U));
    text += static_cast<char>(0x80U | ((value >> 6U) & 0x3FU));
    text += static_cast<char>(0x80U | (value & 0x3FU));
  } else {
    text += static_cast<char>(0xF0U | (value >> 18U));
    text += static_cast<char>(0x80U | ((value >> 12U) & 0x3FU));
    text += static_cast<char>(0x80U | ((value >> 6U) & 0x3FU));
    text += static_cast<char>(0x80U | (value & 0x3FU));
  }
}

/// At "&": how long the reference is; 0 when it is none.
std::size_t append_reference(std::string& text, std::string_view html) {
  const std::size_t end = html.substr(0, 12).find(';');
  if (end == std::string_view::npos || end < 2) return 0;
  const std::string_view name = html.substr(1, end - 1);
  if (name.front() != '#') {
    const auto found = std::ranges::find(entities, name, &Entity::name);
    if (found == entities.end()) return 0;
    text += found->text;
    return end + 1;
  }
  const bool hexadecimal = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
  const std::string digits(name.substr(hexadecimal ? 2 : 1));
  const auto allowed = hexadecimal ? "0123456789abcdefABCDEF" : "0123456789";
  if (digits.empty() || digits.size() > 7 || digits.find_first_not_of(allowed) != std::string::npos)
    return 0;
  const auto value = static_cast<std::uint32_t>(std::stoul(digits, nullptr, hexadecimal ? 16 : 10));
  if (value == 0xA0) {
    text += ' ';
  } else {
    append_code_point(text, value);
  }
  return end + 1;
}

std::string with_references_read(std::string_view html) {
  std::string text;
  for (std::size_t i = 0; i < html.size();) {
    const std::size_t size = html[i] == '&' ? append_reference(text, html.substr(i)) : 0;
    if (size == 0) text += html[i];
    i += std::max<std::size_t>(size, 1);
  }
  return text;
}

struct Tag {
  std::string name;  // lower case, "/p" for an end
  std::string_view attributes;
  std::size_t size = 0;  // with its brackets

  bool closes_itself() const { return attributes.ends_with('/'); }
};

bool ends_name(char c) {
  return c == ' ' || c == '>' || c == '/' || c == '\n' || c == '\r' || c == '\t';
}

/// At "<"; of size 0 when it is only a less-than sign. Quotes may hold a ">".
Tag tag_at(std::string_view html) {
  const bool ends = html.size() > 1 && html[1] == '/';
  const std::size_t begin = ends ? 2 : 1;
  if (begin >= html.size()) return {};
  const char first = html[begin];
  const bool letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
  if (!letter) return {};
  std::size_t name_end = begin;
  while (name_end < html.size() && !ends_name(html[name_end])) ++name_end;
  char quote = '\0';
  std::size_t i = name_end;
  constexpr std::size_t longest_tag = 8192;
  for (; i < html.size() && i < longest_tag; ++i) {
    const char c = html[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if ((c == '"' || c == '\'') && html[i - 1] == '=') {
      quote = c;
    } else if (c == '>') {
      break;
    }
  }
  if (i == html.size() || i == longest_tag) i = std::min(html.find('>', name_end), html.size() - 1);
  Tag tag;
  constexpr std::size_t longest_name = 20;
  if (ends) tag.name = '/';
  for (const char c : html.substr(begin, std::min(name_end - begin, longest_name))) {
    tag.name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (i > name_end) tag.attributes = html.substr(name_end, i - name_end);
  tag.size = i + 1;
  return tag;
}

/// The value of an attribute, quoted or not; empty when absent.
std::string attribute(std::string_view attributes, std::string_view name) {
  const std::string lower = lower_ascii(attributes);
  for (std::size_t at = lower.find(name); at != std::string::npos; at = lower.find(name, at + 1)) {
    const bool begins =
        at == 0 || std::string_view(" \t\r\n\"'/").find(lower[at - 1]) != std::string_view::npos;
    const std::size_t equals = lower.find_first_not_of(" \t\r\n", at + name.size());
    if (!begins || equals == std::string::npos || lower[equals] != '=') continue;
    std::size_t begin = lower.find_first_not_of(" \t\r\n", equals + 1);
    if (begin == std::string::npos) return {};
    const char quote = attributes[begin];
    if (quote == '"' || quote == '\'') {
      const std::size_t end = attributes.find(quote, begin + 1);
      return with_references_read(attributes.substr(begin + 1, end - begin - 1));
    }
    const std::size_t end = attributes.find_first_of(" \t\r\n", begin);
    return with_references_read(attributes.substr(begin, end - begin));
  }
  return {};
}

// With their lengths known, most comparisons end at once.
constexpr auto blocks = std::to_array<std::string_view>(
    {"p",  "div", "tr", "li",   "ul",     "ol",     "table",      "h1",      "h2",
     "h3", "h4",  "h5", "h6",   "pre",    "hr",     "section",    "article", "dl",
     "dt", "dd",  "br", "form", "header", "footer", "blockquote", "center"});
constexpr auto paragraphs = std::to_array<std::string_view>(
    {"p", "h1", "h2", "h3", "h4", "table", "ul", "ol", "blockquote"});
constexpr auto skipped =
    std::to_array<std::string_view>({"head", "style", "script", "title", "noscript", "template",
                                     "svg", "object", "select", "textarea"});
constexpr auto without_end = std::to_array<std::string_view>(
    {"br", "img", "hr", "input", "meta", "link", "wbr", "col", "area", "base"});

template <typename List>
bool is_one_of(const List& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

/// Marks of mail programs around what they quote.
bool marks_quote(const Tag& tag) {
  if (tag.attributes.empty()) return false;
  const std::string attributes = lower_ascii(tag.attributes);
  static constexpr std::array marks{
      "gmail_quote",         "yahoo_quoted",
      "moz-cite-prefix",     "divrplyfwdmsg",
      "appendonsend",        "protonmail_quote",
      "data-reply-line",     "zmail_extra",
      "orimsghtmlseperator", "mail-editor-reference-message-container",
      "hmmessage_quote"};
  return std::ranges::any_of(
             marks, [&](const char* mark) { return attributes.find(mark) != std::string::npos; }) ||
         (tag.name == "blockquote" && attribute(tag.attributes, "type") == "cite");
}

bool is_hidden(const Tag& tag) {
  if (tag.attributes.empty()) return false;
  std::string style = lower_ascii(attribute(tag.attributes, "style"));
  std::erase_if(style, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
  return style.find("display:none") != std::string::npos ||
         style.find("visibility:hidden") != std::string::npos;
}

class HtmlReader {
 public:
  explicit HtmlReader(bool hides) : hides_(hides) {}

  /// An element that was hidden and never ended would swallow all that follows.
  bool swallowed_the_rest() const { return hides_ && !skipping_.empty(); }

  HtmlText read(std::string_view html) {
    while (!html.empty()) html.remove_prefix(step(html));
    finish_link();
    while (result_.text.ends_with('\n') || result_.text.ends_with(' ')) result_.text.pop_back();
    if (result_.quoted_from && *result_.quoted_from > result_.text.size()) {
      result_.quoted_from.reset();
    }
    return std::move(result_);
  }

 private:
  /// How much of it was read.
  std::size_t step(std::string_view html) {
    if (html.front() == '<') {
      if (html.starts_with("<!--")) return past(html, "-->", 4);
      if (html.starts_with("<!") || html.starts_with("<?")) return past(html, ">", 2);
      const Tag tag = tag_at(html);
      if (tag.size > 0) {
        read_tag(tag);
        return tag.size;
      }
    }
    if (html.front() == '&') {
      std::string text;
      const std::size_t size = append_reference(text, html);
      if (size > 0) {
        write(text);
        return size;
      }
    }
    const std::size_t end = std::min(html.find_first_of("<&", 1), html.size());
    write(html.substr(0, end));
    return end;
  }

  static std::size_t past(std::string_view html, std::string_view mark, std::size_t from) {
    const std::size_t place = html.find(mark, from);
    return place == std::string_view::npos ? html.size() : place + mark.size();
  }

  void read_tag(const Tag& tag) {
    const bool ends = tag.name.starts_with('/');
    const std::string_view name = std::string_view(tag.name).substr(ends ? 1 : 0);
    if (!skipping_.empty()) {
      if (name == skipping_) skip_depth_ += ends ? -1 : 1;
      if (skip_depth_ <= 0) skipping_.clear();
      return;
    }
    if (!ends && is_skipped(tag)) {
      skipping_ = name;
      skip_depth_ = 1;
      return;
    }
    if (!ends && !result_.quoted_from && marks_quote(tag)) mark_quote();
    if (is_one_of(blocks, name)) end_line(name, ends);
    if (name == "blockquote") quote_ = std::clamp(quote_ + (ends ? -1 : 1), 0, deepest_quote);
    if (name == "pre") preformatted_ = !ends;
    if (name == "td" || name == "th") space_ = true;
    if (name == "li" && !ends) write("- ");
    if (name == "a") {
      finish_link();
      if (!ends) begin_link(attribute(tag.attributes, "href"));
    }
  }

  bool is_skipped(const Tag& tag) const {
    if (tag.closes_itself() || is_one_of(without_end, tag.name)) return false;
    return is_one_of(skipped, tag.name) || (hides_ && is_hidden(tag));
  }

  void mark_quote() {
    end_line("div", false);
    flush_lines();
    result_.quoted_from = result_.text.size();
  }

  /// <br> always ends a line; blocks end one that has words.
  void end_line(std::string_view name, bool ends) {
    space_ = false;
    if (name == "br") {
      if (!ends) ++lines_;
      return;
    }
    const int wanted = is_one_of(paragraphs, name) ? 2 : 1;
    lines_ = std::max(lines_, wanted);
  }

  void flush_lines() {
    if (lines_ == 0) return;
    std::string& text = result_.text;
    while (text.ends_with(' ')) text.pop_back();
    if (!text.empty()) text.append(static_cast<std::size_t>(std::min(lines_, 3)), '\n');
    lines_ = 0;
    at_line_start_ = true;
  }

  void write(std::string_view words) {
    if (!skipping_.empty()) return;
    for (const char c : words) {
      const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
      if (preformatted_ && c == '\n') {
        ++lines_;
      } else if (blank && !preformatted_) {
        space_ = true;
      } else if (c != '\r') {
        write_character(c);
      }
    }
  }

  void write_character(char c) {
    flush_lines();
    std::string& text = result_.text;
    if (at_line_start_) {
      for (int i = 0; i < quote_; ++i) text += "> ";
      at_line_start_ = false;
    } else if (space_) {
      text += ' ';
    }
    space_ = false;
    text += c;
  }

  void begin_link(std::string href) {
    link_ = std::move(href);
    link_from_ = result_.text.size();
  }

  /// A link that says its own address needs it only once.
  void finish_link() {
    const std::string href = std::exchange(link_, {});
    const bool web = href.starts_with("http://") || href.starts_with("https://");
    if (!web || href.size() > 2000) return;
    const std::size_t from = std::min(link_from_, result_.text.size());
    const std::string_view shown = trim(std::string_view(result_.text).substr(from));
    if (shown.empty() || href.find(shown) != std::string::npos) return;
    result_.text += " <" + single_line(href) + ">";
  }

  bool hides_;
  HtmlText result_;
  std::string skipping_;
  int skip_depth_ = 0;
  int quote_ = 0;
  int lines_ = 0;
  bool at_line_start_ = true;
  bool space_ = false;
  bool preformatted_ = false;
  std::string link_;
  std::size_t link_from_ = 0;
};

}  // namespace

HtmlText html_to_text(std::string_view html) {
  HtmlReader reader(true);
  HtmlText text = reader.read(html);
  return reader.swallowed_the_rest() ? HtmlReader(false).read(html) : text;
}

}  // namespace cstims
