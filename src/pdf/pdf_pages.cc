#include "pdf/pdf_pages.h"

#include <algorithm>
#include <utility>

namespace cstims {

namespace {

/// What a page surely offers below its running head and a table's head.
constexpr double fresh_space = PageSize::bottom - PageSize::top - 120;

}  // namespace

void Pages::new_page() {
  pages_.emplace_back();
  y_ = PageSize::top;
  on_new_page_();
}

void Pages::need(double height) {
  if (height > space()) new_page();
}

void Pages::place(TextBlock text, double x) {
  double top = y_;
  for (const auto& line : text.lines()) {
    pages_.back().lines.push_back({line, x + line.x, top + line.baseline});
    top += line.height;
  }
  kept_.push_back(std::move(text));
}

void Pages::rectangle(double x, double width, double height, Colour colour) {
  pages_.back().rectangles.push_back({x, y_, width, height, colour});
}

void Pages::rectangle_at(double x, double down, double width, double height, Colour colour) {
  pages_.back().rectangles.push_back({x, y_ + down, width, height, colour});
}

void Pages::place_row(std::vector<RowCell> cells, double padding) {
  double height = 0;
  for (const auto& cell : cells) height = std::max(height, cell.text.height());
  if (height + 2 * padding > fresh_space) {
    skip(padding);
    place_broken(std::move(cells));
    skip(padding);
    return;
  }
  need(height + 2 * padding);
  skip(padding);
  for (auto& cell : cells) place(std::move(cell.text), cell.x);
  skip(height + padding);
}

double Pages::place_lines(const RowCell& cell, std::size_t& next) {
  double top = y_;
  const auto& lines = cell.text.lines();
  for (; next < lines.size() && top + lines[next].height <= PageSize::bottom; ++next) {
    const auto& line = lines[next];
    pages_.back().lines.push_back({line, cell.x + line.x, top + line.baseline});
    top += line.height;
  }
  return top;
}

void Pages::place_broken(std::vector<RowCell> cells) {
  std::vector<std::size_t> next(cells.size(), 0);
  for (bool more = true; more;) {
    more = false;
    double lowest = y_;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      lowest = std::max(lowest, place_lines(cells[i], next[i]));
      more = more || next[i] < cells[i].text.lines().size();
    }
    y_ = lowest;
    if (more) new_page();
  }
  for (auto& cell : cells) kept_.push_back(std::move(cell.text));
}

}  // namespace cstims
