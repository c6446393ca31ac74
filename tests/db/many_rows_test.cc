#include "db/many_rows.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/sentence.h"

namespace cstims {

SENTENCE(many_rows, "an insert of a row repeated is an insert of as many rows") {
  const auto insert = plain_insert(R"(
  insert into notes (id, body, at)
  values (:id, coalesce(:body, '-)'), :now))");
  ASSERT_TRUE(insert.has_value());
  EXPECT_EQ(insert->row_count, 1U);
  EXPECT_EQ(insert->repeated(2),
            "insert into notes (id, body, at)\n  values (:id, coalesce(:body, '-)'), :now), "
            "(:id, coalesce(:body, '-)'), :now)\n");
}

SENTENCE(many_rows, "an insert of several rows is repeated with all of them") {
  const auto insert = plain_insert("insert into notes (id)\n  values (:one),\n  (:two)");
  ASSERT_TRUE(insert.has_value());
  EXPECT_EQ(insert->row_count, 2U);
  EXPECT_EQ(insert->repeated(2),
            "insert into notes (id)\n  values (:one),\n  (:two), (:one),\n  (:two)\n");
}

SENTENCE(many_rows, "what an insert returns stays at its end") {
  const auto insert = plain_insert("insert into notes (body) values (:body) returning id");
  ASSERT_TRUE(insert.has_value());
  EXPECT_EQ(insert->repeated(2), "insert into notes (body) values (:body), (:body)\nreturning id");
}

SENTENCE(many_rows, "nothing else is a plain insert") {
  const std::vector<std::string_view> others{
      "",
      "select 1",
      "update notes set body = :body",
      "insert into notes (id) values (:id) on conflict do nothing",
      "insert into notes (id) values (:id) on conflict (id) do nothing returning id",
      "insert into notes (id) select id from others",
      "insert into notes (id) select id from (values (1)) as others (id)",
      "insert into notes default values",
      "insert into notes (id) values",
      "insert into notes (id) values (:id",
      "insert into notes (id) values (':id)",
      "insert into notes (id"};
  for (const auto text : others) EXPECT_FALSE(plain_insert(text).has_value()) << text;
}

}  // namespace cstims
