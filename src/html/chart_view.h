// Bar charts drawn by the server as SVG: one bar a label, its series stacked on each other. What a
// chart shows stands on the page as a table too; the drawing itself has a title and a description.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "html/renderer.h"

namespace cstims {

struct ChartSeries {
  std::string name;
  std::vector<std::int64_t> values;  // one a label; below zero they hang from the line
};

struct BarChart {
  Message title;
  Message description;              // one sentence that says what is to be seen
  std::vector<std::string> labels;  // "Feb 2026"
  std::vector<ChartSeries> series;  // at most chart_colours; more share the last colour
  std::int64_t unit = 1;            // values are multiples of 1 / unit (100: cents)
  std::string sign = {};            // behind the numbers at the side: "€"
};
constexpr std::size_t chart_colours = 6;

/// The first of 1, 2, 5, 10, 20, 50 … that is not below `value`; 1 for nothing.
std::int64_t rounded_up_scale(std::int64_t value);

/// Fills `{{>NAME}}`. The id of the drawing is the name in lower case.
void fill_chart(Dictionary& page, std::string_view name, const BarChart& chart);

}  // namespace cstims
