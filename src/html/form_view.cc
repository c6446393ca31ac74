#include "html/form_view.h"

#include <algorithm>

#include "base/secret.h"
#include "base/text.h"

namespace cstims {
namespace {

bool is_empty(const Message& message) {
  return message.text.empty();
}

std::string control_id(std::string_view form, std::string_view field) {
  return replace_all(lower_ascii(form) + "-" + std::string(field), ".", "-");
}

std::string_view input_type(FieldKind kind) {
  switch (kind) {
    case FieldKind::email:
      return "email";
    case FieldKind::password:
      return "password";
    case FieldKind::date:
      return "date";
    case FieldKind::file:
      return "file";
    default:
      return "text";  // numbers too: browsers' number inputs drop what they do not understand
  }
}

/// What the person typed wins, but secrets and files are never sent back.
std::string shown_value(const Field& field, const FormData* typed) {
  if (field.kind == FieldKind::password || field.kind == FieldKind::file) return {};
  if (!typed) return field.value;
  if (field.kind == FieldKind::hidden && !field.value.empty()) return field.value;
  if (field.kind == FieldKind::check) return typed->value(field.name);
  const std::string* found = typed->find(field.name);
  return found ? *found : field.value;
}

void set_if(Dictionary& values, std::string_view section, std::string_view name,
            std::string_view text) {
  if (!text.empty()) values.section(section).set(name, text);
}

/// Draws one field; `id` ties label, hint and problem to the control.
class FieldView {
 public:
  FieldView(Dictionary values, const Field& field, std::string id, bool mark_optional)
      : values_(values), field_(field), id_(std::move(id)), mark_optional_(mark_optional) {}

  void fill(const std::string& value, const Message* problem) {
    values_.set("ID", id_);
    values_.set("FIELD", field_.name);
    values_.set("LABEL", field_.label);
    values_.set("COLUMNS", field_.columns);
    if (!is_empty(field_.group)) values_.section("GROUPED").set("GROUP", field_.group);
    values_.show("REQUIRED", field_.required && can_be_left_empty());
    values_.show("AUTOFOCUS", field_.autofocus);
    fill_descriptions(problem);
    const bool check = field_.kind == FieldKind::check;
    if (!check) {
      values_.show("LABELLED");
      values_.show("OPTIONAL", mark_optional_ && !field_.required && can_be_left_empty());
    }
    fill_control(value);
  }

 private:
  void fill_descriptions(const Message* problem) {
    std::string ids;
    if (problem) {
      values_.show("INVALID");
      values_.set("PROBLEM", *problem);
      ids = id_ + "-problem";
    }
    if (!is_empty(field_.hint)) {
      values_.section("HINTED").set("HINT", field_.hint);
      ids += (ids.empty() ? "" : " ") + id_ + "-hint";
    }
    set_if(values_, "DESCRIBED", "DESCRIPTIONS", ids);
  }

  void fill_control(const std::string& value) {
    switch (field_.kind) {
      case FieldKind::lines:
        return fill_lines(value);
      case FieldKind::select:
        return fill_select(value);
      case FieldKind::check:
        values_.show("CHECK");
        return values_.show("CHECKED", !value.empty() && value != "0");
      default:
        return fill_input(value);
    }
  }

  /// A select without an empty choice always has a value; HTML refuses `required` there.
  bool can_be_left_empty() const {
    return field_.kind != FieldKind::select ||
           (!field_.choices.empty() && field_.choices.front().value.empty());
  }

  void fill_lines(const std::string& value) {
    Dictionary lines = values_.section("LINES");
    lines.set("ROWS", field_.rows);
    lines.set("VALUE", value);
  }

  void fill_select(const std::string& value) {
    Dictionary select = values_.section("SELECT");
    set_if(select, "AUTOCOMPLETE", "TOKENS", field_.autocomplete);
    for (const Choice& choice : field_.choices) {
      Dictionary option = select.section("CHOICES");
      option.set("VALUE", choice.value);
      option.set("CHOICE", choice.label);
      option.show("SELECTED", choice.value == value);
    }
  }

  void fill_input(const std::string& value) {
    Dictionary input = values_.section("INPUT");
    input.set("TYPE", input_type(field_.kind));
    set_if(input, "HAS_VALUE", "VALUE", value);
    set_if(input, "AUTOCOMPLETE", "TOKENS", field_.autocomplete);
    const bool number = field_.kind == FieldKind::number && field_.input_mode.empty();
    set_if(input, "INPUT_MODE", "MODE", number ? "decimal" : field_.input_mode);
    // Only dates take limits: numbers are typed as text and judged by the server.
    if (field_.kind == FieldKind::date) {
      set_if(input, "MIN", "LIMIT", field_.min);
      set_if(input, "MAX", "LIMIT", field_.max);
      set_if(input, "STEP", "LIMIT", field_.step);
    }
    set_if(input, "ACCEPT", "TYPES", field_.accept);
    input.show("MULTIPLE", field_.multiple);
  }

  Dictionary values_;
  const Field& field_;
  std::string id_;
  bool mark_optional_;
};

const Field* find_visible(const Form& form, std::string_view name) {
  for (const Field& field : form.fields) {
    if (field.name == name && field.kind != FieldKind::hidden) return &field;
  }
  return nullptr;
}

void fill_problems(Dictionary& values, std::string_view name, const Form& form,
                   const Refusal& refusal) {
  Dictionary refused = values.section("REFUSED");
  for (const Refusal::Item& item : refusal.items) {
    Dictionary problem = refused.section("PROBLEMS");
    problem.set("PROBLEM", item.message);
    if (const Field* field = find_visible(form, item.field)) {
      Dictionary linked = problem.section("LINKED");
      linked.set("ID", control_id(name, field->name));
      linked.set("LABEL", field->label);
    }
  }
}

bool is_only_a_button(const Form& form) {
  const auto hidden = [](const Field& field) { return field.kind == FieldKind::hidden; };
  return is_empty(form.note) && std::ranges::all_of(form.fields, hidden);
}

void fill_frame(Dictionary& values, const Form& form) {
  values.set("ACTION", form.action);
  values.set("METHOD", form.method);
  values.set("SUBMIT", form.submit);
  values.set("TONE", form.tone);
  values.show("CSRF_FIELD", form.method == "post");
  if (!is_empty(form.confirm)) values.section("CONFIRM").set("QUESTION", form.confirm);
}

}  // namespace

void fill_form(Dictionary& page, std::string_view name, Form form, const Refusal* refusal,
               const FormData* typed) {
  if (form.once) {
    form.fields.push_back({.kind = FieldKind::hidden, .name = "once", .value = random_token(16)});
  }
  const bool button = is_only_a_button(form);
  Dictionary values = page.include(name, button ? "form/button.html" : "form/form.html");
  fill_frame(values, form);
  if (!button) {
    const bool files = std::ranges::count(form.fields, FieldKind::file, &Field::kind) > 0;
    values.show("WITH_FILES", form.with_files || files);
    if (!is_empty(form.note)) values.section("NOTED").set("NOTE", form.note);
    if (!form.price_address.empty()) values.show("PRICED");
    if (!is_empty(form.preview)) values.section("PREVIEWED").set("PREVIEW", form.preview);
    values.set("PRICE_ADDRESS", form.price_address);
  }
  for (const Field& field : form.fields) {
    const std::string value = shown_value(field, typed);
    if (field.kind == FieldKind::hidden) {
      Dictionary hidden = values.section("HIDDEN");
      hidden.set("FIELD", field.name);
      hidden.set("VALUE", value);
    } else {
      const Message* problem = refusal ? refusal->find(field.name) : nullptr;
      // Nothing is required of a search.
      FieldView(values.section("FIELDS"), field, control_id(name, field.name),
                form.method == "post")
          .fill(value, problem);
    }
  }
  if (refusal && !refusal->items.empty()) fill_problems(values, name, form, *refusal);
}

Form button_form(std::string action, Message label, std::string tone,
                 std::vector<std::pair<std::string, std::string>> hidden) {
  Form form{.action = std::move(action), .submit = std::move(label), .fields = {}};
  form.tone = std::move(tone);
  for (auto& [name, value] : hidden) {
    form.fields.push_back({.kind = FieldKind::hidden,
                           .name = std::move(name),
                           .label = {},
                           .value = std::move(value)});
  }
  return form;
}

}  // namespace cstims
