// Text set in lines by Pango. For pdf/ only.
#pragma once

#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cstims {

struct Colour {
  double red, green, blue;
  bool operator==(const Colour&) const = default;
};

struct TextStyle {
  double size;  // points
  Colour colour;
  bool bold = false;
  bool right = false;  // lines end at the right edge instead of beginning at the left one
};

struct ReleaseObject {
  void operator()(void* object) const { g_object_unref(object); }
};
using Layout = std::shared_ptr<PangoLayout>;  // its lines are never changed, so blocks share it

/// Text broken into lines of at most one width. Its lines may be placed on different pages.
class TextBlock {
 public:
  struct Line {
    PangoLayoutLine* line;  // owned by the layout
    double x;               // from the left edge of the block
    double baseline;        // from the top of the line
    double height;
    Colour colour;
  };
  /// Empty text gives no line.
  TextBlock(std::string_view text, const TextStyle& style, double width,
            const std::string& language);

  const std::vector<Line>& lines() const { return lines_; }
  double height() const;
  /// Puts the lines of `other`, made for the same width, below these.
  void append(TextBlock other);

 private:
  void measure(PangoLayout* layout, const TextStyle& style, double width);
  std::vector<Layout> layouts_;
  std::vector<Line> lines_;
};

}  // namespace cstims
