#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "html/escape.h"
#include "html/form_view.h"

namespace cstims {
namespace {

/// 1000 → "1,000".
std::string grouped(std::int64_t number) {
  std::string digits = fmt::format_int(number).str();
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

/// Addresses of the same list in another order or on another page.
class Addresses {
 public:
  Addresses(const std::string& path, const Listing& listing) : path_(path), sort_(listing.sort) {
    if (!listing.search.empty()) add(kept_, "search", listing.search);
    for (const auto& [name, value] : listing.filters) add(kept_, name, value);
  }

  std::string sorted_by(std::string_view sort) const { return make(sort, {}); }
  std::string page(int number) const { return make(sort_, fmt::format("page={}", number)); }
  std::string csv() const { return make(sort_, "format=csv"); }

 private:
  static void add(std::string& query, std::string_view name, std::string_view value) {
    if (!query.empty()) query += '&';
    query += query_text(name) + "=" + query_text(value);
  }

  std::string make(std::string_view sort, std::string_view last) const {
    std::string query = kept_;
    if (!sort.empty()) add(query, "sort", sort);
    if (!query.empty() && !last.empty()) query += '&';
    query += last;
    return query.empty() ? path_ : path_ + "?" + query;
  }

  const std::string& path_;
  std::string sort_;
  std::string kept_;
};

bool has_buttons(const ListView& list) {
  return std::ranges::any_of(list.rows, [](const std::vector<Cell>& row) {
    return std::ranges::any_of(row, [](const Cell& cell) { return !cell.post.empty(); });
  });
}

/// A filter that always holds narrows nothing.
bool is_narrowed(const ListView& list, const Listing& listing) {
  return !listing.search.empty() || std::ranges::any_of(listing.filters, [&](const auto& filter) {
    return std::ranges::none_of(list.filters, [&](const ListFilter& shown) {
      return shown.always && shown.name == filter.first;
    });
  });
}

/// The rows of the table: too many cells for a view, each would cost several times as much.
class RowDrawing {
 public:
  /// `form`: the id of the empty form that buttons in cells send.
  RowDrawing(const ListView& list, const std::vector<std::string>& titles, std::string_view form)
      : list_(list), form_(form) {
    for (std::size_t i = 0; i < titles.size(); ++i) {
      const bool number = list.columns[i].number;
      std::string& start = starts_.emplace_back(number ? "<td class=\"number\"" : "<td");
      start += " data-label=\"";
      append_escaped(start, titles[i]);
      start += "\">";
    }
  }

  std::string draw() {
    html_.reserve(list_.rows.size() * list_.columns.size() * 96);
    for (const std::vector<Cell>& row : list_.rows) {
      html_ += "<tr>";
      for (std::size_t i = 0; i < row.size(); ++i) {
        html_ += i < starts_.size() ? starts_[i] : "<td>";
        draw(row[i]);
        html_ += "</td>";
      }
      html_ += "</tr>\n";
    }
    return std::move(html_);
  }

 private:
  void draw(const Cell& cell) {
    if (!cell.post.empty()) {
      html_ += R"(<button class="btn btn-secondary btn-sm" type="submit" form=")";
      append_escaped(html_, form_);
      wrapped(R"(" formaction=")", is_safe_address(cell.post) ? cell.post : "#", cell.text,
              "</button>");
    } else if (!cell.href.empty()) {
      const std::string_view address =
          is_safe_address(cell.href) ? std::string_view(cell.href) : "#";
      wrapped(R"(<a href=")", address, cell.text, "</a>");
    } else if (!cell.badge.empty()) {
      wrapped(R"(<span class="badge tone-)", cell.badge, cell.text, "</span>");
    } else {
      append_escaped(html_, cell.text);
    }
    if (!cell.detail.empty()) wrapped(R"(<span class=")", "detail", cell.detail, "</span>");
    if (!cell.excerpt.text.empty()) draw(cell.excerpt);
  }

  void draw(const Excerpt& excerpt) {
    const std::string_view text = excerpt.text;
    html_ += R"(<span class="detail excerpt">)";
    std::size_t told = 0;
    for (const Excerpt::Place& found : excerpt.found) {
      append_escaped(html_, text.substr(told, found.begin - told));
      html_ += "<mark>";
      append_escaped(html_, text.substr(found.begin, found.end - found.begin));
      html_ += "</mark>";
      told = found.end;
    }
    append_escaped(html_, text.substr(told));
    html_ += "</span>";
  }

  void wrapped(std::string_view start, std::string_view attribute, std::string_view text,
               std::string_view end) {
    html_ += start;
    append_escaped(html_, attribute);
    html_ += "\">";
    append_escaped(html_, text);
    html_ += end;
  }

  const ListView& list_;
  const std::string form_;
  std::vector<std::string> starts_;
  std::string html_;
};

class ListDrawing {
 public:
  ListDrawing(Dictionary values, std::string_view name, const ListView& list,
              const Listing& listing)
      : values_(values),
        list_(list),
        listing_(listing),
        addresses_(list.path, listing),
        form_(lower_ascii(name) + "-acts") {
    values_.set("ID", lower_ascii(name));
    values_.set("PATH", list.path);
  }

  void fill() {
    const bool nothing_at_all = list_.rows.empty() && listing_.page == 1 && !narrowed() &&
                                std::ranges::none_of(list_.filters, &ListFilter::always);
    const bool tools = list_.searchable || !list_.filters.empty();
    if (!list_.plain && tools && !nothing_at_all) fill_tools();
    if (list_.rows.empty()) {
      fill_empty();
    } else {
      fill_table();
    }
    if (!list_.plain && (!list_.rows.empty() || listing_.page > 1)) fill_foot();
  }

 private:
  bool narrowed() const { return is_narrowed(list_, listing_); }

  void fill_tools() {
    Dictionary tools = values_.section("TOOLS");
    if (list_.searchable) tools.section("SEARCH").set("TEXT", listing_.search);
    for (const ListFilter& filter : list_.filters) fill_filter(tools.section("FILTERS"), filter);
    if (!listing_.sort.empty()) tools.section("SORTED").set("SORT", listing_.sort);
    tools.show("NARROWED", narrowed());
  }

  void fill_filter(Dictionary values, const ListFilter& filter) {
    values.set("FILTER", filter.name);
    values.set("LABEL", filter.label);
    values.show("OPTIONAL", !filter.always);
    const std::string chosen = listing_.filter(filter.name);
    for (const Choice& choice : filter.choices) {
      Dictionary option = values.section("CHOICES");
      option.set("VALUE", choice.value);
      option.set("CHOICE", choice.label);
      option.show("SELECTED", choice.value == chosen);
    }
  }

  void fill_empty() {
    values_.section("EMPTY").set("SENTENCE", !list_.plain && narrowed()
                                                 ? message("Nothing matches this search.")
                                                 : list_.empty);
  }

  void fill_table() {
    Dictionary table = values_.section("TABLE");
    if (!list_.caption.text.empty()) table.section("CAPTIONED").set("CAPTION", list_.caption);
    for (const Column& column : list_.columns) {
      titles_.push_back(values_.translate(column.title));
      fill_column(table.section("COLUMNS"), column);
    }
    table.set("ROWS", Html::trusted(RowDrawing(list_, titles_, form_).draw()));
    if (has_buttons(list_)) table.section("ACTS").set("FORM", form_);
  }

  void fill_column(Dictionary values, const Column& column) {
    values.set("TITLE", titles_.back());
    values.show("NUMBER", column.number);
    const bool sortable = !column.sort.empty() && !list_.plain;
    if (!sortable) return values.show("FIXED");
    const bool ascending = listing_.sort == column.sort;
    const bool descending = listing_.sort == "-" + column.sort;
    if (ascending || descending) {
      values.section("ORDERED").set("DIRECTION", ascending ? "ascending" : "descending");
    }
    values.section("SORTABLE")
        .set("ADDRESS", addresses_.sorted_by(ascending ? "-" + column.sort : column.sort));
  }

  void fill_foot() {
    Dictionary foot = values_.section("FOOT");
    foot.set("COUNT", count());
    foot.set("CSV", addresses_.csv());
    const auto full = static_cast<std::size_t>(Listing::rows_per_page);
    const bool more = list_.more_than_counted
                          ? list_.rows.size() >= full
                          : listing_.page * std::int64_t{Listing::rows_per_page} < list_.total;
    const bool next = more && listing_.page < Listing::last_page;
    if (!next && listing_.page == 1) return;
    Dictionary pages = foot.section("PAGES");
    pages.set("PAGE", listing_.page);
    if (listing_.page > 1) {
      pages.section("PREVIOUS").set("ADDRESS", addresses_.page(listing_.page - 1));
    }
    if (next) pages.section("NEXT").set("ADDRESS", addresses_.page(listing_.page + 1));
  }

  Message count() const {
    const std::int64_t first = std::int64_t{listing_.page - 1} * Listing::rows_per_page + 1;
    const std::int64_t last = first + static_cast<std::int64_t>(list_.rows.size()) - 1;
    if (list_.rows.empty()) return message("No more on this page");
    if (list_.more_than_counted) {
      return message("{}–{} of more than {}",
                     {grouped(first), grouped(last), grouped(list_.total)});
    }
    return message("{}–{} of {}", {grouped(first), grouped(last), grouped(list_.total)});
  }

  Dictionary values_;
  const ListView& list_;
  const Listing& listing_;
  Addresses addresses_;
  const std::string form_;
  std::vector<std::string> titles_;
};

}  // namespace

std::string query_text(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char next : text) {
    const auto byte = static_cast<unsigned char>(next);
    const bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
    if (letter || (byte >= '0' && byte <= '9') || std::string_view("-._~").contains(next)) {
      encoded += next;
    } else {
      encoded += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return encoded;
}

void fill_list(Dictionary& page, std::string_view name, const ListView& list,
               const Listing& listing) {
  ListDrawing(page.include(name, "list/list.html"), name, list, listing).fill();
}

}  // namespace cstims
