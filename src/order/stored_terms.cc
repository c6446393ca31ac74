#include "order/stored_terms.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/failure.h"
#include "base/text.h"

namespace cstims {
namespace {

/// "2026-01-31", quantity, "paused" or nothing, "5 €/mo" and what was chosen, parted by tabs; a
/// line that was written before there were quantities is "2026-01-31 5 €/mo".
DatedTerm term_from(std::string_view line) {
  const auto pieces = split(line, '\t');
  const Date from = Date::stored(line.substr(0, 10));
  if (pieces.size() == 1) {
    return {.from = from,
            .term = ResolvedTerm::stored(line.substr(std::min<std::size_t>(11, line.size())))};
  }
  if (pieces.size() != 5) throw DatabaseError("stored billing: " + std::string(line));
  const auto quantity = parse_id_number(pieces[1]);
  if (!quantity) throw DatabaseError("stored quantity: " + std::string(line));
  return {.from = from,
          .term = ResolvedTerm::stored(pieces[3]),
          .quantity = static_cast<int>(*quantity),
          .paused = pieces[2] == "paused",
          .options = std::string(pieces[4])};
}

}  // namespace

std::vector<DatedTerm> stored_terms(const Row& row, std::string options) {
  std::vector<DatedTerm> terms;
  const std::string earlier = row.text("earlier_billing");
  for (const auto line : split(earlier, '\n')) {
    if (!line.empty()) terms.push_back(term_from(line));
  }
  const Date from =
      row.maybe_date("billing_from")
          .value_or(row.maybe_date("activated_on")
                        .value_or(Date::stored(row.text("ordered_at").substr(0, 10))));
  terms.push_back({.from = from,
                   .term = ResolvedTerm::stored(row.text("billing")),
                   .quantity = static_cast<int>(row.number("quantity")),
                   .paused = row.flag("billing_paused"),
                   .options = std::move(options)});
  return terms;
}

std::string earlier_text(const std::vector<DatedTerm>& terms) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i + 1 < terms.size(); ++i) {
    const auto& term = terms[i];
    lines.push_back(fmt::format("{}\t{}\t{}\t{}\t{}", term.from.text(), term.quantity,
                                term.paused ? "paused" : "", term.term.text(), term.options));
  }
  return join(lines, "\n");
}

}  // namespace cstims
