#include "pdf/pdf_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "pdf/pdf_document.h"

namespace cstims {

namespace {

struct ReleaseFontDescription {
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
using FontDescription = std::unique_ptr<PangoFontDescription, ReleaseFontDescription>;

/// Finding fonts costs far more than drawing a page: each thread does it once.
class ThreadFonts {
 public:
  ThreadFonts() : map_(pango_cairo_font_map_new()), context_(make_context(map_.get())) {}

  PangoContext* context(const std::string& language) {
    if (language != language_) {
      pango_context_set_language(context_.get(), pango_language_from_string(language.c_str()));
      language_ = language;
    }
    return context_.get();
  }

  const PangoFontDescription* font(const TextStyle& style) {
    auto& font = fonts_[{style.size, style.bold}];
    if (!font) {
      font.reset(pango_font_description_from_string("Roboto, Noto Sans, DejaVu Sans, sans-serif"));
      pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
      pango_font_description_set_weight(font.get(),
                                        style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    }
    return font.get();
  }

  /// Shaping is a third of a document's cost, and most of its words stand in every other one too:
  /// what was set lately is kept.
  Layout layout(const std::string& text, const TextStyle& style, double width,
                const std::string& language) {
    constexpr std::size_t most_kept = 400;
    constexpr std::size_t longest_kept = 300;
    const std::string key =
        fmt::format("{} {} {} {} {}", style.size, style.bold, width, language, text);
    if (const auto kept = layouts_.find(key); kept != layouts_.end()) return kept->second;
    if (layouts_.size() >= most_kept) layouts_.clear();
    Layout made(pango_layout_new(context(language)), ReleaseObject{});
    pango_layout_set_font_description(made.get(), font(style));
    pango_layout_set_width(made.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(made.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(made.get(), text.data(), static_cast<int>(text.size()));
    if (text.size() <= longest_kept) layouts_[key] = made;
    return made;
  }

 private:
  static PangoContext* make_context(PangoFontMap* map) {
    PangoContext* context = pango_font_map_create_context(map);
    // Paper has no pixels to fit to: glyphs stand where the font wants them.
    pango_context_set_round_glyph_positions(context, FALSE);
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    return context;
  }

  std::unique_ptr<PangoFontMap, ReleaseObject> map_;
  std::unique_ptr<PangoContext, ReleaseObject> context_;
  std::string language_;
  std::unordered_map<std::string, Layout> layouts_;
  std::map<std::pair<double, bool>, FontDescription> fonts_;
};

ThreadFonts& thread_fonts() {
  thread_local ThreadFonts fonts;
  return fonts;
}

bool stacks_on_its_neighbour(gunichar character) {
  const GUnicodeType type = g_unichar_type(character);
  return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
}

bool hides_or_turns(gunichar character) {
  return character == 0x200B || character == 0x2060 || character == 0xFEFF ||
         (character >= 0x200E && character <= 0x200F) ||
         (character >= 0x202A && character <= 0x202E) ||
         (character >= 0x2066 && character <= 0x2069);
}

bool breaks_line(gunichar character) {
  return character == '\n' || character == 0x2028 || character == 0x2029;
}

bool is_control(gunichar character) {
  return character < 0x20 || (character >= 0x7F && character < 0xA0);
}

}  // namespace

std::string printable(std::string_view text) {
  constexpr int most_stacked = 3;
  gchar* valid = g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()));
  std::string result;
  result.reserve(text.size());
  int stacked = 0;
  for (const gchar* at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
    const gunichar character = g_utf8_get_char(at);
    stacked = stacks_on_its_neighbour(character) ? stacked + 1 : 0;
    if (stacked > most_stacked || hides_or_turns(character) || character == '\r') continue;
    if (breaks_line(character)) {
      result += '\n';
    } else if (is_control(character)) {
      result += ' ';
    } else {
      result.append(at, static_cast<const gchar*>(g_utf8_next_char(at)));
    }
  }
  g_free(valid);
  return result;
}

TextBlock::TextBlock(std::string_view text, const TextStyle& style, double width,
                     const std::string& language) {
  const std::string clean = printable(text);
  if (clean.empty()) return;
  Layout layout = thread_fonts().layout(clean, style, width, language);
  measure(layout.get(), style, width);
  layouts_.push_back(std::move(layout));
}

void TextBlock::measure(PangoLayout* layout, const TextStyle& style, double width) {
  PangoLayoutIter* at = pango_layout_get_iter(layout);
  do {
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(at, nullptr, &logical);
    const double length = static_cast<double>(logical.width) / PANGO_SCALE;
    // Even lines, whatever fonts stand in for missing glyphs.
    lines_.push_back({.line = pango_layout_iter_get_line_readonly(at),
                      .x = style.right ? std::max(0.0, width - length) : 0.0,
                      .baseline = style.size * 1.07,
                      .height = style.size * 1.42,
                      .colour = style.colour});
  } while (pango_layout_iter_next_line(at));
  pango_layout_iter_free(at);
}

double TextBlock::height() const {
  return std::accumulate(lines_.begin(), lines_.end(), 0.0,
                         [](double sum, const Line& line) { return sum + line.height; });
}

void TextBlock::append(TextBlock other) {
  std::move(other.layouts_.begin(), other.layouts_.end(), std::back_inserter(layouts_));
  lines_.insert(lines_.end(), other.lines_.begin(), other.lines_.end());
}

}  // namespace cstims
