#include "invoice/invoice_numbering.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/text.h"
#include "invoice/closed_period.h"

namespace cstims {

namespace {

constexpr Statement raise_counter{"raise invoice counter", R"(
  insert into number_counters (series, year, last_number, last_issue_date)
  values (:series, :year, :count, :date)
  on conflict (series, year) do update
  set last_number = number_counters.last_number + excluded.last_number, last_issue_date = excluded.last_issue_date
  returning last_number)"};

constexpr Statement newest_date_of_series{"newest issue date", R"(
  select max(last_issue_date) as newest
  from number_counters
  where series = :series)"};

constexpr Statement last_number_of_year{"last invoice number", R"(
  select last_number
  from number_counters
  where series = :series and year = :year)"};

/// Digits asked for in "{number:6}"; what is no number asks for none.
std::size_t width_of(std::string_view placeholder) {
  std::size_t width = 0;
  std::from_chars(placeholder.data(), placeholder.data() + placeholder.size(), width);
  return width <= 18 ? width : 18;
}

}  // namespace

std::string_view series_of(InvoiceKind kind) {
  return kind == InvoiceKind::ordinary ? "F" : "R";
}

std::string number_text(std::string_view format, const InvoiceNumber& number) {
  std::string text = replace_all(std::string(format), "{series}", number.series);
  text = replace_all(std::move(text), "{year}", std::to_string(number.year()));
  text = replace_all(std::move(text), "{number}", std::to_string(number.sequence));
  constexpr std::string_view opening = "{number:";
  const auto start = text.find(opening);
  const auto end = start == std::string::npos ? start : text.find('}', start);
  if (end == std::string::npos) return text;
  const auto width_start = start + opening.size();
  const auto width = width_of(std::string_view(text).substr(width_start, end - width_start));
  return text.replace(start, end - start + 1, fmt::format("{:0{}}", number.sequence, width));
}

std::string fault_of_number_format(std::string_view format) {
  constexpr std::string_view wanted =
      "must hold {series}, {year} and {number} or {number:6}, each once";
  if (format.size() > 40) return "must have at most 40 characters";
  std::array<int, 3> found{};
  while (!format.empty()) {
    if (format.front() != '{') {
      const char letter = format.front();
      const bool plain = (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
                         (letter >= 'a' && letter <= 'z') ||
                         std::string_view("-/._#").contains(letter);
      if (!plain) return "must consist of letters, digits, - / . _ # and what stands in braces";
      format.remove_prefix(1);
      continue;
    }
    const auto end = format.find('}');
    if (end == std::string_view::npos) return std::string(wanted);
    const auto name = format.substr(1, end - 1);
    const bool digits =
        name.size() == 8 && name.starts_with("number:") && name[7] >= '1' && name[7] <= '9';
    if (name != "series" && name != "year" && name != "number" && !digits) {
      return std::string(wanted);
    }
    ++found.at(name == "series" ? 0 : name == "year" ? 1 : 2);
    format.remove_prefix(end + 1);
  }
  return found == std::array{1, 1, 1} ? std::string() : std::string(wanted);
}

std::optional<Date> newest_issue_date(Transaction& tx, InvoiceKind kind) {
  return tx.require(newest_date_of_series, {{"series", series_of(kind)}}).maybe_date("newest");
}

Result<InvoiceNumber> take_number(Transaction& tx, const NumberRequest& request) {
  auto numbers = take_numbers(tx, request, 1);
  if (!numbers) return std::unexpected(numbers.error());
  return std::move(numbers->front());
}

Result<std::vector<InvoiceNumber>> take_numbers(Transaction& tx, const NumberRequest& request,
                                                std::size_t count) {
  std::vector<InvoiceNumber> numbers;
  if (count == 0) return numbers;
  const auto newest = newest_issue_date(tx, request.kind);
  if (newest && request.issue_date < *newest) {
    return refuse("date", message("An invoice dated {} exists already: numbers follow dates.",
                                  {show(*newest)}));
  }
  if (auto open = check_open(tx, "date", request.issue_date); !open) {
    return std::unexpected(open.error());
  }
  const auto row = tx.require(raise_counter, {{"series", series_of(request.kind)},
                                              {"year", request.issue_date.year()},
                                              {"count", static_cast<std::int64_t>(count)},
                                              {"date", request.issue_date}});
  const auto last = row.number("last_number");
  for (auto next = last - static_cast<std::int64_t>(count) + 1; next <= last; ++next) {
    InvoiceNumber number{std::string(series_of(request.kind)), request.issue_date, next};
    number.text = number_text(request.format, number);
    numbers.push_back(std::move(number));
  }
  return numbers;
}

InvoiceNumber preview_number(Transaction& tx, const NumberRequest& request, std::int64_t ahead) {
  const auto row = tx.find(last_number_of_year, {{"series", series_of(request.kind)},
                                                 {"year", request.issue_date.year()}});
  InvoiceNumber number{std::string(series_of(request.kind)), request.issue_date,
                       (row ? row->number("last_number") : 0) + ahead + 1};
  number.text = number_text(request.format, number);
  return number;
}

}  // namespace cstims
