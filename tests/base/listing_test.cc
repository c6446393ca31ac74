#include "base/listing.h"

#include "base/failure.h"
#include "base/text.h"
#include "support/sentence.h"

namespace cstims {
namespace {

const ListingRules rules{{"-opened", "subject"}, {{"status", {"open", "closed"}}}};

}  // namespace

SENTENCE(listing, "an empty address is the first page in the default order") {
  const auto listing = parse_listing({}, rules);
  EXPECT_EQ(listing.sort, "-opened");
  EXPECT_EQ(listing.page, 1);
  EXPECT_EQ(listing.offset(), 0);
  EXPECT_EQ(listing.limit(), 25);
  EXPECT_EQ(listing.filter("status"), "");
}

SENTENCE(listing, "sorts and filters outside the lists fall back to the default") {
  EXPECT_EQ(parse_listing({{"sort", "subject"}}, rules).sort, "subject");
  EXPECT_EQ(parse_listing({{"sort", "-subject"}}, rules).sort, "-subject");
  EXPECT_EQ(parse_listing({{"sort", "opened"}}, rules).sort, "opened");
  EXPECT_EQ(parse_listing({{"sort", "id; drop table tickets"}}, rules).sort, "-opened");
  EXPECT_EQ(parse_listing({{"sort", "--opened"}}, rules).sort, "-opened");
  EXPECT_EQ(parse_listing({{"status", "open"}}, rules).filter("status"), "open");
  EXPECT_EQ(parse_listing({{"status", "' or 1=1"}}, rules).filter("status"), "");
}

SENTENCE(listing, "an unknown name in the address is a bad request") {
  EXPECT_THROW(parse_listing({{"client", "1"}}, rules), BadRequest);
}

SENTENCE(listing, "page numbers stay within the pages there may be") {
  EXPECT_EQ(parse_listing({{"page", "2"}}, rules).offset(), 25);
  EXPECT_EQ(parse_listing({{"page", "400"}}, rules).page, 400);
  EXPECT_EQ(parse_listing({{"page", "401"}}, rules).page, 400);
  EXPECT_EQ(parse_listing({{"page", "9223372036854775807"}}, rules).page, 400);
  for (const auto* page : {"", "0", "-1", "1.5", "x", "99999999999999999999"}) {
    EXPECT_EQ(parse_listing({{"page", page}}, rules).page, 1) << page;
  }
}

SENTENCE(listing, "a search is one line of at most 100 characters") {
  EXPECT_EQ(parse_listing({{"search", "  a \n b "}}, rules).search, "a b");
  std::string longer;
  for (int i = 0; i < 101; ++i) longer += "ñ";
  EXPECT_EQ(count_characters(parse_listing({{"search", longer}}, rules).search), 100U);
}

SENTENCE(listing, "a file holds all rows up to the limit") {
  const auto listing = parse_listing({{"format", "csv"}, {"page", "3"}}, rules);
  EXPECT_TRUE(listing.csv);
  EXPECT_EQ(listing.offset(), 0);
  EXPECT_EQ(listing.limit(), 100'000);
  EXPECT_FALSE(parse_listing({{"format", "xml"}}, rules).csv);
}

SENTENCE(csv, "cells are quoted where RFC 4180 asks for it") {
  EXPECT_EQ(csv_row({"a", "b c", ""}), "a,b c,\r\n");
  EXPECT_EQ(csv_row({"a,b", "say \"hi\"", "two\nlines", "a;b"}),
            "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"a;b\"\r\n");
  EXPECT_EQ(csv_row({"same", "same"}), "same,same\r\n");
}

SENTENCE(csv, "a cell that a spreadsheet would compute is guarded, a number is not") {
  for (const auto* cell : {"=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "-", "+", "-1.2.3",
                           "-.5", "＝1", "＋1", "－1", "＠x", "-1e5", "+34 600"}) {
    EXPECT_TRUE(csv_row({cell}).starts_with("'")) << cell;
  }
  EXPECT_TRUE(csv_row({"\t=1"}).starts_with("\"'\t"));
  EXPECT_TRUE(csv_row({"\r=1"}).starts_with("\"'\r"));
  EXPECT_TRUE(csv_row({"\n=1"}).starts_with("\"'\n"));
  EXPECT_TRUE(csv_row({std::string("\0=1", 3)}).starts_with("'"));
  EXPECT_TRUE(csv_row({"=a,b"}).starts_with("\"'="));
  for (const auto* cell : {"-12.30", "12.30", "-5", "0", "a=b", "+34600"}) {
    EXPECT_EQ(csv_row({cell}), std::string(cell) + "\r\n");
  }
}

}  // namespace cstims
