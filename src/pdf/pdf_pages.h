// Where lines of text and rules stand on which page, before anything is drawn: only then is the
// number of pages known. For pdf/ only.
#pragma once

#include <functional>
#include <vector>

#include "pdf/pdf_text.h"

namespace cstims {

/// A4 in points.
struct PageSize {
  static constexpr double width = 595.276;
  static constexpr double height = 841.89;
  static constexpr double left = 52;
  static constexpr double right = width - 52;
  static constexpr double top = 48;
  static constexpr double bottom = height - 66;  // above the footer
  static constexpr double body_width = right - left;
};

struct PlacedLine {
  TextBlock::Line line;
  double x;
  double baseline;
};

struct PlacedRectangle {
  double x, y, width, height;
  Colour colour;
};

struct PlacedPage {
  std::vector<PlacedRectangle> rectangles;  // drawn first
  std::vector<PlacedLine> lines;
};

/// A cell of a row: its text and where it begins.
struct RowCell {
  TextBlock text;
  double x;
};

/// Places from top to bottom, beginning a new page when the space is used up.
class Pages {
 public:
  Pages() { pages_.emplace_back(); }

  double y() const { return y_; }
  double space() const { return PageSize::bottom - y_; }
  void skip(double height) { y_ += height; }
  /// Run at the top of each page begun from now on (running head, a table's head); it moves y.
  void on_new_page(std::function<void()> place) { on_new_page_ = std::move(place); }
  void new_page();
  /// A new page unless `height` fits on this one.
  void need(double height);
  /// The first line's top is at y, which stays.
  void place(TextBlock text, double x);
  void rectangle(double x, double width, double height, Colour colour);
  /// `down` from y.
  void rectangle_at(double x, double down, double width, double height, Colour colour);
  /// Cells side by side; y moves below the longest. What fits on no page is broken between lines.
  void place_row(std::vector<RowCell> cells, double padding);

  const std::vector<PlacedPage>& pages() const { return pages_; }

 private:
  void place_broken(std::vector<RowCell> cells);
  /// Places lines of the cell from `next` on while they fit; returns where they end.
  double place_lines(const RowCell& cell, std::size_t& next);
  std::vector<PlacedPage> pages_;
  std::vector<TextBlock> kept_;  // the placed lines live here
  double y_ = PageSize::top;
  std::function<void()> on_new_page_ = [] {};
};

}  // namespace cstims
