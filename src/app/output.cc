#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "base/text.h"

namespace cstims {
namespace {

nlohmann::ordered_json json_of(const OutputCell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return *number;
  return std::get<std::string>(cell);
}

std::string text_of(const OutputCell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
  return single_line(std::get<std::string>(cell));
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, count_characters(text)), ' ');
}

void print_line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t n = 0; n < cells.size(); ++n) {
    line += n + 1 == cells.size() ? cells[n] : padded(cells[n], widths[n] + 2);
  }
  fmt::print("{}\n", line);
}

}  // namespace

void print_table(const OutputTable& table, bool json) {
  if (json) {
    auto objects = nlohmann::ordered_json::array();
    for (const auto& row : table.rows) {
      nlohmann::ordered_json object = nlohmann::ordered_json::object();
      for (std::size_t n = 0; n < row.size(); ++n) object[table.columns[n]] = json_of(row[n]);
      objects.push_back(std::move(object));
    }
    fmt::print("{}\n", objects.dump(2));
    return;
  }
  std::vector<std::vector<std::string>> lines;
  std::vector<std::size_t> widths;
  for (const auto& column : table.columns) widths.push_back(column.size());
  for (const auto& row : table.rows) {
    auto& line = lines.emplace_back();
    for (std::size_t n = 0; n < row.size(); ++n) {
      line.push_back(text_of(row[n]));
      widths[n] = std::max(widths[n], count_characters(line.back()));
    }
  }
  print_line(table.columns, widths);
  for (const auto& line : lines) print_line(line, widths);
}

void print_object(const std::vector<std::pair<std::string, OutputCell>>& object) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [key, cell] : object) json[key] = json_of(cell);
  fmt::print("{}\n", json.dump());
}

}  // namespace cstims
