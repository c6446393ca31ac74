#include "html/form_view.h"

#include "html/components.h"
#include "support/sentence.h"

using namespace cstims;
using namespace cstims::test;

namespace {

struct Drawing {
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
};

std::string drawn(const Form& form, const Drawing& drawing = {}) {
  return strict_renderer().render("dev/form.html", [&](Dictionary& page) {
    page.set_everywhere("CSRF", "tok\"en");
    fill_form(page, "FORM", form, drawing.refusal, drawing.typed);
  });
}

Form form_of(Field field) {
  return {.action = "/x", .submit = message("Send"), .fields = {std::move(field)}};
}

bool has(std::string_view page, std::string_view part) {
  return page.find(part) != page.npos;
}

Field field_of(FieldKind kind, std::string value = "") {
  return {.kind = kind, .name = "f", .label = message("Label"), .value = std::move(value)};
}

}  // namespace

SENTENCE(forms, "every form that is posted carries the csrf token, a search does not") {
  Form form = form_of(field_of(FieldKind::line));
  EXPECT_TRUE(has(drawn(form), R"(<input type="hidden" name="csrf" value="tok&quot;en">)"));
  form.method = "get";
  EXPECT_FALSE(has(drawn(form), "csrf"));
  EXPECT_TRUE(has(drawn(form), R"(method="get")"));
  EXPECT_TRUE(has(drawn(button_form("/x", message("Go"))), "name=\"csrf\""));
}

SENTENCE(forms, "a label belongs to its control") {
  for (const FieldKind kind :
       {FieldKind::line, FieldKind::email, FieldKind::password, FieldKind::number, FieldKind::date,
        FieldKind::lines, FieldKind::select, FieldKind::check, FieldKind::file}) {
    const std::string page = drawn(form_of(field_of(kind)));
    EXPECT_TRUE(has(page, "for=\"form-f\"")) << static_cast<int>(kind) << page;
    EXPECT_TRUE(has(page, "id=\"form-f\" name=\"f\"")) << static_cast<int>(kind) << page;
  }
}

SENTENCE(forms, "dots of a name do not stand in its id") {
  Field field = field_of(FieldKind::line);
  field.name = "line.1.tax";
  const std::string page = drawn(form_of(field));
  EXPECT_TRUE(has(page, "id=\"form-line-1-tax\" name=\"line.1.tax\"")) << page;
}

SENTENCE(forms, "hint and message are read out with the control") {
  Field field = field_of(FieldKind::line, "typed");
  field.hint = message("A hint.");
  EXPECT_TRUE(has(drawn(form_of(field)), "aria-describedby=\"form-f-hint\""));
  Refusal refusal;
  refusal.add("f", message("Wrong: {}.", {"<b>"}));
  const std::string page = drawn(form_of(field), {.refusal = &refusal});
  EXPECT_TRUE(has(page, R"(aria-invalid="true" aria-describedby="form-f-problem form-f-hint")"));
  EXPECT_TRUE(has(page, R"(<p class="field-problem" id="form-f-problem">Wrong: &lt;b&gt;.</p>)"));
  EXPECT_TRUE(has(page, R"(id="form-f-hint">A hint.)"));
}

SENTENCE(forms, "a refusal is summed up above the form, with links to the fields") {
  Refusal refusal;
  refusal.add("f", message("Wrong."));
  refusal.add("", message("All wrong."));
  refusal.add("elsewhere", message("No such field here."));
  const std::string page = drawn(form_of(field_of(FieldKind::line)), {.refusal = &refusal});
  EXPECT_TRUE(has(page, "role=\"alert\""));
  EXPECT_TRUE(has(page, R"(<li><a href="#form-f">Label</a>: Wrong.</li>)")) << page;
  EXPECT_TRUE(has(page, "<li>All wrong.</li>"));
  EXPECT_TRUE(has(page, "<li>No such field here.</li>"));
  EXPECT_FALSE(has(drawn(form_of(field_of(FieldKind::line))), "role=\"alert\""));
}

SENTENCE(forms, "a control without fault is not marked as invalid") {
  Form form = form_of(field_of(FieldKind::line));
  form.fields.push_back(field_of(FieldKind::line));
  form.fields.back().name = "g";
  Refusal refusal;
  refusal.add("g", message("Wrong."));
  const std::string page = drawn(form, {.refusal = &refusal});
  EXPECT_FALSE(has(page, "form-f-problem"));
  EXPECT_TRUE(has(page, "form-g-problem"));
}

SENTENCE(forms, "what was typed stands there again") {
  FormData typed;
  typed.fields = {{"f", "<typed> \"text\"\nsecond"}};
  const auto page = [&](FieldKind kind) {
    return drawn(form_of(field_of(kind, "from the database")), {.typed = &typed});
  };
  EXPECT_TRUE(has(page(FieldKind::line), "value=\"&lt;typed&gt; &quot;text&quot;\nsecond\""));
  EXPECT_TRUE(has(page(FieldKind::lines), ">\n&lt;typed&gt; &quot;text&quot;\nsecond</textarea>"));
  EXPECT_FALSE(has(page(FieldKind::line), "from the database"));
  typed.fields = {{"f", ""}};
  EXPECT_FALSE(has(page(FieldKind::line), "value=\"from the database\"")) << "emptied on purpose";
}

SENTENCE(forms, "the first line of a text area may be empty") {
  EXPECT_TRUE(has(drawn(form_of(field_of(FieldKind::lines, "\na"))), ">\n\na</textarea>"));
}

SENTENCE(forms, "passwords and files are never sent back") {
  FormData typed;
  typed.fields = {{"f", "typed-secret"}};
  for (const FieldKind kind : {FieldKind::password, FieldKind::file}) {
    const std::string page = drawn(form_of(field_of(kind, "kept-secret")), {.typed = &typed});
    EXPECT_FALSE(has(page, "secret")) << page;
  }
}

SENTENCE(forms, "a hidden value of ours is not replaced by a typed one") {
  FormData typed;
  typed.fields = {{"f", "forged"}};
  Form form = form_of(field_of(FieldKind::hidden, "ours"));
  form.fields.push_back(field_of(FieldKind::line));
  form.fields.back().name = "g";
  EXPECT_TRUE(
      has(drawn(form, {.typed = &typed}), R"(<input type="hidden" name="f" value="ours">)"));
  form.fields.front().value = "";
  EXPECT_TRUE(has(drawn(form, {.typed = &typed}), R"(name="f" value="forged">)"));
}

SENTENCE(forms, "the choice is selected, what is offered is escaped") {
  Field field = field_of(FieldKind::select, "2");
  field.choices = {{"1", message("<One>")}, {"2", message("Two")}};
  const std::string page = drawn(form_of(field));
  EXPECT_TRUE(has(page, "<option value=\"1\">&lt;One&gt;</option>")) << page;
  EXPECT_TRUE(has(page, "<option value=\"2\" selected>Two</option>"));
  FormData typed;
  typed.fields = {{"f", "1"}};
  EXPECT_TRUE(has(drawn(form_of(field), {.typed = &typed}), "<option value=\"1\" selected>"));
}

SENTENCE(forms, "a select is required only where it can be left empty") {
  Field field = field_of(FieldKind::select);
  field.required = true;
  field.choices = {{"1", message("One")}};
  EXPECT_FALSE(has(drawn(form_of(field)), " required"));
  field.choices.insert(field.choices.begin(), {"", message("Choose")});
  EXPECT_TRUE(has(drawn(form_of(field)), " required"));
}

SENTENCE(forms, "a check box is ticked by 1, and unticked when it was not sent") {
  const Form ticked = form_of(field_of(FieldKind::check, "1"));
  EXPECT_TRUE(has(drawn(ticked), " checked"));
  EXPECT_FALSE(has(drawn(form_of(field_of(FieldKind::check, "0"))), " checked"));
  EXPECT_FALSE(has(drawn(form_of(field_of(FieldKind::check))), " checked"));
  const FormData nothing;
  EXPECT_FALSE(has(drawn(ticked, {.typed = &nothing}), " checked"));
}

SENTENCE(forms, "required fields say so, the others are marked as optional") {
  Field field = field_of(FieldKind::line);
  EXPECT_TRUE(has(drawn(form_of(field)), "optional"));
  EXPECT_FALSE(has(drawn(form_of(field)), " required"));
  Form search = form_of(field);
  search.method = "get";
  EXPECT_FALSE(has(drawn(search), "optional"));
  field.required = true;
  EXPECT_FALSE(has(drawn(form_of(field)), "optional"));
  EXPECT_TRUE(has(drawn(form_of(field)), " required"));
}

SENTENCE(forms, "files make a form of parts") {
  EXPECT_TRUE(has(drawn(form_of(field_of(FieldKind::file))), "enctype=\"multipart/form-data\""));
  EXPECT_FALSE(has(drawn(form_of(field_of(FieldKind::line))), "enctype"));
}

SENTENCE(forms,
         "numbers are typed as text with the right keyboard, dates are picked within limits") {
  Field number = field_of(FieldKind::number, "1.50");
  number.min = "0";
  EXPECT_TRUE(has(drawn(form_of(number)), R"(type="text" value="1.50" inputmode="decimal")"));
  Field date = field_of(FieldKind::date, "2026-03-10");
  date.min = "2026-01-01";
  EXPECT_TRUE(has(drawn(form_of(date)), R"(type="date" value="2026-03-10" min="2026-01-01")"));
}

SENTENCE(forms, "a form of nothing but hidden fields is a button") {
  Form form = button_form("/tickets/7/closure", message("Close"), "danger", {{"status", "closed"}});
  form.confirm = message("Close it?");
  EXPECT_EQ(
      drawn(form),
      R"(<form class="button-form" action="/tickets/7/closure" method="post" data-confirm="Close it?">)"
      "\n"
      R"(<input type="hidden" name="csrf" value="tok&quot;en">)"
      "\n"
      R"(<input type="hidden" name="status" value="closed">)"
      "\n"
      R"(<button class="btn btn-danger" type="submit">Close</button>)"
      "\n</form>\n");
}
