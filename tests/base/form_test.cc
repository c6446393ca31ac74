#include "base/form.h"

#include "base/failure.h"
#include "support/sentence.h"

namespace cstims {
namespace {

FormData form(std::map<std::string, std::string, std::less<>> fields) {
  return {.fields = std::move(fields), .uploads = {}};
}

std::string refusal_of(FormReader& reader) {
  const auto result = reader.finish(true);
  return result ? "" : result.error().english();
}

std::string line_refusal(const std::string& typed, FormReader::Limits limits) {
  const auto data = form({{"name", typed}});
  FormReader reader(data);
  reader.line("name", limits);
  return refusal_of(reader);
}

}  // namespace

SENTENCE(form, "a line is trimmed and bounded on both sides, in characters") {
  const FormReader::Limits limits{.required = true, .shortest = 2, .longest = 4};
  EXPECT_EQ(line_refusal("  ñ€  ", limits), "");
  EXPECT_EQ(line_refusal("ñ€😀x", limits), "");
  EXPECT_EQ(line_refusal("ñ", limits), "name: At least 2 characters.");
  EXPECT_EQ(line_refusal("ñ€😀xy", limits), "name: At most 4 characters.");
  EXPECT_EQ(line_refusal("", limits), "name: Fill this in.");
  EXPECT_EQ(line_refusal(" \u200B\u00A0 ", limits), "name: Fill this in.");
  EXPECT_EQ(line_refusal("", {.shortest = 2}), "");
}

SENTENCE(form, "a line with a break or control in it is refused") {
  EXPECT_NE(line_refusal("a\nb", {}), "");
  EXPECT_NE(line_refusal("a\tb", {}), "");
  EXPECT_NE(line_refusal(std::string("a\0b", 3), {}), "");
  EXPECT_EQ(line_refusal("ab\n", {}), "");  // the end is trimmed
}

SENTENCE(form, "a text of white space alone is empty, however long") {
  const auto data = form({{"body", std::string(100'000, '\n')}});
  FormReader reader(data);
  EXPECT_EQ(reader.lines("body", {.longest = 10}), "");
  EXPECT_EQ(refusal_of(reader), "");
}

SENTENCE(form, "line ends of a text become LF, other controls are refused") {
  const auto data = form({{"body", "a\r\nb\rc\td"}, {"other", "a\x1b"}});
  FormReader reader(data);
  EXPECT_EQ(reader.lines("body", {.required = true, .longest = 100}), "a\nb\nc\td");
  reader.lines("other", {.longest = 100});
  EXPECT_EQ(refusal_of(reader), "other: Text only, without control characters.");
}

SENTENCE(form, "a field that nobody asked for makes the request bad") {
  const auto data = form({{"name", "x"}, {"role", "admin"}, {"csrf", "token"}});
  FormReader reader(data);
  reader.line("name", {});
  EXPECT_THROW(static_cast<void>(reader.finish(1)), BadRequest);
  reader.line("role", {});
  EXPECT_TRUE(reader.finish(1));
}

SENTENCE(form, "a file that nobody asked for makes the request bad") {
  FormData data;
  Upload upload;
  upload.field = "attachment";
  upload.file = "/tmp/x";
  data.uploads.push_back(upload);
  FormReader reader(data);
  EXPECT_THROW(static_cast<void>(reader.finish(1)), BadRequest);
  EXPECT_EQ(reader.uploads("attachment").size(), 1U);
  EXPECT_TRUE(reader.finish(1));
}

SENTENCE(form, "all that is wrong is said at once") {
  const auto data = form({{"date", "31/12/2026"}, {"price", "1,5"}, {"email", "me"}});
  FormReader reader(data);
  reader.date("date", true);
  reader.money("price", Currency::eur(), true);
  reader.email("email", true);
  reader.number("count", true);
  const auto result = reader.finish(0);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().items.size(), 4U);
  EXPECT_TRUE(result.error().find("date"));
  EXPECT_TRUE(result.error().find("price"));
  EXPECT_TRUE(result.error().find("email"));
  EXPECT_EQ(result.error().find("count")->english(), "Fill this in.");
}

SENTENCE(form, "values are read trimmed, and absent ones are absent") {
  const auto data = form({{"date", " 2026-12-31 "},
                          {"price", " 1.50 "},
                          {"decimal", "0.5"},
                          {"id", "7"},
                          {"email", " A@Example.ORG "},
                          {"empty", " "}});
  FormReader reader(data);
  EXPECT_EQ(reader.date("date", true), Date(2026, 12, 31));
  EXPECT_EQ(reader.money("price", Currency::eur(), true), Money(150, Currency::eur()));
  EXPECT_EQ(reader.decimal("decimal", true)->text(), "0.5");
  EXPECT_EQ(reader.id<struct Order>("id", true), OrderId(7));
  EXPECT_EQ(reader.email("email", true)->text(), "A@example.org");
  EXPECT_EQ(reader.date("empty", false), std::nullopt);
  EXPECT_EQ(reader.number("absent", false), std::nullopt);
  EXPECT_EQ(refusal_of(reader), "");
}

SENTENCE(form, "a number is digits only") {
  for (const auto* text : {"-1", "+1", "01", "1.0", "1e3", "0x1", "9223372036854775808", "१"}) {
    const auto data = form({{"n", text}});
    FormReader reader(data);
    EXPECT_EQ(reader.number("n", true), std::nullopt) << text;
    EXPECT_NE(refusal_of(reader), "") << text;
  }
  const auto data = form({{"zero", "0"}, {"most", "9223372036854775807"}});
  FormReader reader(data);
  EXPECT_EQ(reader.number("zero", true), 0);
  EXPECT_EQ(reader.number("most", true), 9223372036854775807);
}

SENTENCE(form, "a choice outside the list is refused") {
  const auto data = form({{"status", "open"}, {"other", "deleted"}, {"empty", ""}});
  FormReader reader(data);
  EXPECT_EQ(reader.choice("status", {"open", "closed"}, true), "open");
  EXPECT_EQ(reader.choice("other", {"open", "closed"}, true), "");
  EXPECT_EQ(reader.choice("empty", {"open", "closed"}, false), "");
  EXPECT_EQ(reader.choice("absent", {"open", "closed"}, true), "");
  EXPECT_EQ(refusal_of(reader), "other: Choose one of the list.; absent: Choose one of the list.");
}

SENTENCE(form, "a check box counts only when ticked") {
  const auto data = form({{"a", "1"}, {"b", "on"}, {"c", "0"}, {"d", ""}});
  FormReader reader(data);
  EXPECT_TRUE(reader.checked("a"));
  EXPECT_TRUE(reader.checked("b"));
  EXPECT_FALSE(reader.checked("c"));
  EXPECT_FALSE(reader.checked("d"));
  EXPECT_FALSE(reader.checked("e"));
}

SENTENCE(form, "a password keeps its spaces and controls") {
  const auto data = form({{"password", "  p\tq "}});
  FormReader reader(data);
  EXPECT_EQ(reader.secret("password", {.required = true, .shortest = 3}), "  p\tq ");
  EXPECT_EQ(refusal_of(reader), "");
}

SENTENCE(form, "names with a prefix are found and count as read") {
  const auto data = form({{"option.cpu", "2"}, {"option.ram", "4"}, {"options", "x"}});
  FormReader reader(data);
  EXPECT_EQ(reader.names("option."), (std::vector<std::string>{"option.cpu", "option.ram"}));
  EXPECT_THROW(static_cast<void>(reader.finish(1)), BadRequest);
}

SENTENCE(form, "a file that was too large is refused at its field, the others are taken") {
  FormData data = form({{"body", "typed"}});
  data.uploads = {{"proof", "big.pdf", "application/pdf", "", 11'000'000, ""},
                  {"proof", "small.pdf", "application/pdf", "/tmp/x", 5, "00"}};
  FormReader reader(data);
  EXPECT_EQ(reader.uploads("proof").size(), 1u);
  reader.line("body", {});
  EXPECT_EQ(refusal_of(reader), "proof: “big.pdf” is larger than 10 MiB.");
}

SENTENCE(form, "a form that is only a button brings nothing but its token") {
  EXPECT_NO_THROW(require_no_fields(form({})));
  EXPECT_NO_THROW(require_no_fields(form({{"csrf", "t"}})));
  EXPECT_THROW(require_no_fields(form({{"csrf", "t"}, {"amount", "1"}})), BadRequest);
}

}  // namespace cstims
