#include <regex>

#include "html/components.h"
#include "html/form_view.h"
#include "support/sentence.h"

using namespace cstims;
using namespace cstims::test;

namespace {

std::string drawn(const ListView& list, const Listing& listing = {}) {
  return strict_renderer().render(
      "dev/list.html", [&](Dictionary& page) { fill_list(page, "LIST", list, listing); });
}

bool has(std::string_view page, std::string_view part) {
  return page.find(part) != page.npos;
}

ListView list_of(int rows) {
  ListView list{.path = "/things", .empty = message("No things yet."), .columns = {}, .rows = {}};
  list.columns = {{message("Name"), "name"}, {message("Price"), "", true}};
  for (int row = 1; row <= rows; ++row) {
    list.rows.push_back({{"thing " + std::to_string(row)}, {"1.00 €"}});
  }
  list.total = rows;
  return list;
}

}  // namespace

SENTENCE(lists, "an empty list says so in a sentence and offers nothing to search") {
  const std::string page = drawn(list_of(0));
  EXPECT_TRUE(has(page, R"(<p class="empty" role="status">No things yet.</p>)")) << page;
  EXPECT_FALSE(has(page, "<table"));
  EXPECT_FALSE(has(page, "<form"));
}

SENTENCE(lists, "a search without result keeps the search and offers all again") {
  Listing listing;
  listing.search = "\"x\" & y";
  const std::string page = drawn(list_of(0), listing);
  EXPECT_TRUE(has(page, "Nothing matches this search.")) << page;
  EXPECT_TRUE(has(page, "value=\"&quot;x&quot; &amp; y\""));
  EXPECT_TRUE(has(page, R"(<a class="btn btn-link" href="/things">Show all</a>)"));
}

SENTENCE(lists, "cells carry their column's name for small screens, figures stand right") {
  const std::string page = drawn(list_of(1));
  EXPECT_TRUE(has(page, R"(<tr><td data-label="Name">thing 1</td>)")) << page;
  EXPECT_TRUE(has(page, R"(<td class="number" data-label="Price">1.00 €</td></tr>)"));
  EXPECT_TRUE(has(page, R"(<th scope="col" class="number">Price</th>)"));
}

SENTENCE(lists, "cells are links, badges and details, all escaped") {
  ListView list = list_of(0);
  list.rows = {{{"<a>", "/things/1", "", "<i>"}, {"<b>", "", "danger"}},
               {{"evil", "javascript:alert(1)"}, {"plain"}}};
  const std::string page = drawn(list);
  EXPECT_TRUE(
      has(page, R"(<a href="/things/1">&lt;a&gt;</a><span class="detail">&lt;i&gt;</span>)"));
  EXPECT_TRUE(has(page, R"(<span class="badge tone-danger">&lt;b&gt;</span>)"));
  EXPECT_TRUE(has(page, R"(<a href="#">evil</a>)"));
}

SENTENCE(lists, "a title sorts upwards, and downwards when it is sorted upwards already") {
  Listing listing;
  listing.sort = "-name";
  std::string page = drawn(list_of(1), listing);
  EXPECT_TRUE(has(page, R"(aria-sort="descending"><a href="/things?sort=name">Name</a>)")) << page;
  listing.sort = "name";
  page = drawn(list_of(1), listing);
  EXPECT_TRUE(has(page, R"(aria-sort="ascending"><a href="/things?sort=-name">Name</a>)")) << page;
  listing.sort = "other";
  page = drawn(list_of(1), listing);
  EXPECT_FALSE(has(page, "aria-sort"));
}

SENTENCE(lists, "search, filters and order travel with every link") {
  Listing listing;
  listing.search = "a&b";
  listing.sort = "-name";
  listing.filters = {{"status", "open"}};
  listing.page = 2;
  ListView list = list_of(25);
  list.total = 80;
  list.filters = {{"status", message("Status"), {{"open", message("open")}}}};
  const std::string page = drawn(list, listing);
  const std::string kept = "/things?search=a%26b&amp;status=open&amp;sort=-name&amp;";
  EXPECT_TRUE(has(page, "href=\"" + kept + "page=1\"")) << page;
  EXPECT_TRUE(has(page, "href=\"" + kept + "page=3\""));
  EXPECT_TRUE(has(page, "href=\"" + kept + "format=csv\""));
  EXPECT_TRUE(has(page, R"(<input type="hidden" name="sort" value="-name">)"));
  EXPECT_TRUE(has(page, R"(<option value="open" selected>open</option>)"));
}

SENTENCE(lists, "the count says which rows of how many") {
  ListView list = list_of(25);
  list.total = 26;
  EXPECT_TRUE(has(drawn(list), "1–25 of 26"));
  list.total = 1000;
  list.more_than_counted = true;
  Listing listing;
  listing.page = 41;
  EXPECT_TRUE(has(drawn(list, listing), "1,001–1,025 of more than 1,000"));
}

SENTENCE(lists, "there is a next page exactly when there is one") {
  const auto next = [](int rows, std::int64_t total, bool more, int page) {
    ListView list = list_of(rows);
    list.total = total;
    list.more_than_counted = more;
    Listing listing;
    listing.page = page;
    return has(drawn(list, listing), "rel=\"next\"");
  };
  EXPECT_FALSE(next(25, 25, false, 1));
  EXPECT_TRUE(next(25, 26, false, 1));
  EXPECT_FALSE(next(1, 26, false, 2));
  EXPECT_TRUE(next(25, 1000, true, 45));
  EXPECT_FALSE(next(24, 1000, true, 45));
  EXPECT_TRUE(next(25, 1000, true, Listing::last_page - 1));
  EXPECT_FALSE(next(25, 1000, true, Listing::last_page));
}

SENTENCE(lists, "a page beyond the end leads back") {
  Listing listing;
  listing.page = 9;
  const std::string page = drawn(list_of(0), listing);
  EXPECT_TRUE(has(page, "rel=\"prev\"")) << page;
  EXPECT_TRUE(has(page, "No more on this page"));
  EXPECT_FALSE(has(page, "rel=\"next\""));
}

SENTENCE(lists, "a plain list is a table alone") {
  ListView list = list_of(2);
  list.plain = true;
  Listing listing;
  listing.sort = "name";
  const std::string page = drawn(list, listing);
  EXPECT_TRUE(has(page, "<th scope=\"col\">Name</th>")) << page;
  EXPECT_FALSE(has(page, "<form"));
  EXPECT_FALSE(has(page, "list-foot"));
}
