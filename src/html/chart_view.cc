#include "html/chart_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace cstims {
namespace {

// In units of the drawing, which is scaled to the width of the page.
constexpr std::int64_t width = 420;
constexpr std::int64_t height = 200;
constexpr std::int64_t left = 52;  // of the bars: numbers stand before it
constexpr std::int64_t top = 8;
constexpr std::int64_t bottom = 178;  // labels stand below it
constexpr std::size_t most_labels = 7;

struct Extent {
  std::int64_t highest = 0;  // of the stacks above the line
  std::int64_t lowest = 0;   // of those below
};

std::int64_t value_at(const ChartSeries& series, std::size_t bar) {
  return bar < series.values.size() ? series.values[bar] : 0;
}

Extent extent_of(const BarChart& chart) {
  Extent extent;
  for (std::size_t bar = 0; bar < chart.labels.size(); ++bar) {
    std::int64_t up = 0;
    std::int64_t down = 0;
    for (const auto& series : chart.series) {
      const auto value = value_at(series, bar);
      (value > 0 ? up : down) += value;
    }
    extent.highest = std::max(extent.highest, up);
    extent.lowest = std::min(extent.lowest, down);
  }
  return extent;
}

/// From values to places: the line of zero lies where it must.
class Scale {
 public:
  explicit Scale(const Extent& extent)
      : top_(rounded_up_scale(extent.highest)),
        bottom_(extent.lowest < 0 ? -rounded_up_scale(-extent.lowest) : 0) {}

  std::int64_t y(std::int64_t value) const {
    return top + (top_ - value) * (cstims::bottom - top) / (top_ - bottom_);
  }
  std::vector<std::int64_t> lines() const {
    std::vector<std::int64_t> values{0, top_ / 2, top_};
    if (bottom_ < 0) values.push_back(bottom_);
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
  }

 private:
  std::int64_t top_;
  std::int64_t bottom_;
};

/// "1.2k", "350", "-2M": as short as a number at the side must be.
std::string short_number(std::int64_t value, std::int64_t unit) {
  const std::int64_t whole = value / unit;
  const std::int64_t size = whole < 0 ? -whole : whole;
  const auto scaled = [&](std::int64_t by, std::string_view letter) {
    const auto tenths = whole * 10 / by;
    return tenths % 10 == 0 ? fmt::format("{}{}", tenths / 10, letter)
                            : fmt::format("{}.{}{}", tenths / 10, std::abs(tenths % 10), letter);
  };
  if (size >= 1'000'000) return scaled(1'000'000, "M");
  if (size >= 10'000) return scaled(1'000, "k");
  if (whole == 0 && value != 0) return fmt::format("{}.{:02}", 0, std::abs(value) * 100 / unit);
  return std::to_string(whole);
}

void fill_lines(Dictionary& values, const BarChart& chart, const Scale& scale) {
  for (const auto value : scale.lines()) {
    Dictionary line = values.section("LINES");
    line.set("Y", scale.y(value));
    line.set("TEXT_Y", scale.y(value) + 3);
    auto text = short_number(value, chart.unit);
    if (!chart.sign.empty()) text += " " + chart.sign;
    line.set("LABEL", text);
  }
}

void fill_bar(Dictionary& values, const BarChart& chart, const Scale& scale, std::size_t bar) {
  const auto count = static_cast<std::int64_t>(chart.labels.size());
  const auto step = (width - left) * 100 / count;  // in hundredths
  const auto x = left + (static_cast<std::int64_t>(bar) * step + step / 8) / 100;
  const auto bar_width = std::clamp<std::int64_t>(step * 3 / 400, 1, 40);
  std::int64_t up = 0;
  std::int64_t down = 0;
  for (std::size_t n = 0; n < chart.series.size(); ++n) {
    const auto value = value_at(chart.series[n], bar);
    if (value == 0) continue;
    std::int64_t& stack = value > 0 ? up : down;
    const auto from = scale.y(std::max(stack, stack + value));
    const auto until = scale.y(std::min(stack, stack + value));
    stack += value;
    Dictionary piece = values.section("PIECES");
    piece.set("COLOUR", static_cast<std::int64_t>(std::min(n, chart_colours - 1) + 1));
    piece.set("X", x);
    piece.set("Y", from);
    piece.set("WIDTH", bar_width);
    piece.set("HEIGHT", std::max<std::int64_t>(until - from, 1));
  }
  const auto every = (chart.labels.size() + most_labels - 1) / most_labels;
  if ((chart.labels.size() - 1 - bar) % every != 0) return;
  Dictionary label = values.section("LABELS");
  label.set("X", x + bar_width / 2);
  label.set("LABEL", chart.labels[bar]);
}

}  // namespace

std::int64_t rounded_up_scale(std::int64_t value) {
  for (std::int64_t power = 1;; power *= 10) {
    for (const std::int64_t factor : {1, 2, 5}) {
      if (factor * power >= value) return factor * power;
    }
  }
}

void fill_chart(Dictionary& page, std::string_view name, const BarChart& chart) {
  Dictionary values = page.include(name, "chart/bars.html");
  values.set("ID", "chart-" + lower_ascii(name));
  values.set("TITLE", chart.title);
  values.set("DESCRIPTION", chart.description);
  const Scale scale(extent_of(chart));
  fill_lines(values, chart, scale);
  for (std::size_t bar = 0; bar < chart.labels.size(); ++bar) fill_bar(values, chart, scale, bar);
  values.set("ZERO", scale.y(0));
  if (chart.series.size() < 2) return;
  Dictionary legend = values.section("LEGEND");
  for (std::size_t n = 0; n < chart.series.size(); ++n) {
    Dictionary entry = legend.section("SERIES");
    entry.set("COLOUR", static_cast<std::int64_t>(std::min(n, chart_colours - 1) + 1));
    entry.set("NAME", chart.series[n].name);
  }
}

}  // namespace cstims
