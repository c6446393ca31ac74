// Forms and lists look alike on every page: described here as data, drawn by views/form/*.html and
// views/list/*.html. Every label is tied to its control, every message to its field
// (aria-describedby, aria-invalid), what was typed is kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/form.h"
#include "base/listing.h"
#include "base/search_words.h"
#include "html/renderer.h"

namespace cstims {

struct Choice {
  std::string value;
  Message label;
};

enum class FieldKind { line, email, password, number, date, lines, select, check, file, hidden };

struct Field {
  FieldKind kind = FieldKind::line;
  std::string name;
  Message label = {};
  std::string value = {};  // for check: "1" when ticked
  Message hint = {};
  bool required = false;
  std::string autocomplete = {};  // "username", "new-password", …
  int rows = 6;                   // of `lines`
  std::vector<Choice> choices = {};
  std::string input_mode = {};  // "decimal", "numeric"
  std::string min = {}, max = {}, step = {};
  int columns = 12;       // width in twelfths of the form, from tablets up: line items side by side
  Message group = {};     // begins a group of fields under this heading
  bool multiple = false;  // of `file`
  std::string accept = {};  // of `file`: ".pdf,.png"
  bool autofocus = false;
};

struct Form {
  std::string action;  // address it is posted to
  Message submit;
  std::vector<Field> fields;
  bool with_files = false;
  std::string tone = "primary";  // button colour: primary, danger, secondary, success
  Message note = {};             // a line above the fields
  std::string method = "post";   // "get" for searches: no csrf
  Message confirm = {};          // asked before it is sent (where scripts run)
  Message preview = {};  // a second button, named "preview": shows the form again without acting
  bool once = false;     // carries a key: a second click or a repeated request acts only once
  std::string price_address = {};  // app.js shows the price found there while the form is filled in
};

/// Fills `{{>NAME}}` with the form. Messages of `refusal` stand beside their fields, the rest
/// above; `typed`, when given, replaces the fields' values (never of passwords and files; hidden
/// ones only when they are empty). The id of a control is name and field, "form-username": several
/// forms can stand on one page.
void fill_form(Dictionary& page, std::string_view name, Form form, const Refusal* refusal = nullptr,
               const FormData* typed = nullptr);

/// A form that is only a button (close, delete, assign to me), with csrf; `hidden` are its fields.
Form button_form(std::string action, Message label, std::string tone = "secondary",
                 std::vector<std::pair<std::string, std::string>> hidden = {});

struct Column {
  Message title;
  std::string sort = {};  // key of ListingRules; empty: not sortable
  bool number = false;    // right-aligned
};
struct Cell {
  std::string text;
  std::string href = {};  // the text is a link
  std::string badge =
      {};  // drawn as a badge of that tone: success, warning, danger, secondary, info, primary
  std::string detail = {};  // a second, quieter line
  Excerpt excerpt = {};     // a passage below, with found words marked
  std::string post = {};    // the text is a button that posts to this address, with csrf alone
};
struct ListFilter {
  std::string name;  // "status"
  Message label;
  std::vector<Choice> choices;  // "All" is added
  bool always = false;          // no "All": one of them always holds (a period)
};
/// A table with search box, filters, sort links, pager, CSV link and a sentence when empty.
struct ListView {
  std::string path;  // "/managetickets"
  Message empty;     // "No tickets yet."
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::vector<ListFilter> filters = {};
  bool searchable = true;
  Message caption = {};  // for screen readers
  std::int64_t total = 0;
  bool more_than_counted = false;
  bool plain = false;  // no search, pager, CSV: a short list on a home page
};
/// Fills `{{>NAME}}` with the list.
void fill_list(Dictionary& page, std::string_view name, const ListView& list,
               const Listing& listing = {});

}  // namespace cstims
