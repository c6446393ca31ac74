#include "html/values.h"

#include <ctemplate/template_string.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <new>
#include <stdexcept>

namespace cstims {
namespace {

// Only the addresses of these characters matter: NUL is passed on by every escaping, and as a piece
// of its own.
constexpr std::size_t most_markups = 65'536;
const char stand_ins[most_markups] = {};

std::string_view view_of(const ctemplate::TemplateString& text) {
  return {text.data(), text.size()};
}

}  // namespace

void Rendering::add_block(std::size_t least) {
  constexpr std::size_t usual = 64 * 1024;
  const std::size_t size = std::max(least, usual);
  blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
  next_ = blocks_.back().get();
  end_ = next_ + size;
}

std::string_view Rendering::copy(std::string_view text) {
  if (text.empty()) return {};
  char* place = static_cast<char*>(allocate(text.size()));
  std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

std::string_view Rendering::stand_in(std::string_view markup) {
  if (markups_.size() == most_markups) throw std::length_error("too much markup on one page");
  markups_.push_back(copy(markup));
  return {&stand_ins[markups_.size() - 1], 1};
}

const std::string_view* Rendering::markup_of(const char* address) const {
  const std::less<const char*> before;
  if (before(address, stand_ins) || !before(address, stand_ins + markups_.size())) return nullptr;
  return &markups_[static_cast<std::size_t>(address - stand_ins)];
}

void Rendering::complain(std::string complaint) {
  if (std::ranges::find(complaints_, complaint) == complaints_.end()) {
    complaints_.push_back(std::move(complaint));
  }
}

Values& Rendering::make_values(std::string_view view, const ViewNames& names, Values* outer) {
  return *new (allocate(sizeof(Values))) Values(*this, view, names, outer);
}

/// ctemplate deletes it after the last round.
class Values::RoundsIterator final : public ctemplate::TemplateDictionaryInterface::Iterator {
 public:
  explicit RoundsIterator(const Values* first) : next_(first) {}
  bool HasNext() const override { return next_ != nullptr; }
  const TemplateDictionaryInterface& Next() override {
    const Values& round = *next_;
    next_ = round.next_round_;
    return round;
  }

 private:
  const Values* next_;
};

template <typename Part>
Part* Values::make(Part part) {
  static_assert(alignof(Part) <= alignof(void*) && alignof(Values) <= alignof(void*));
  bits_ |= part.name.bit();
  return new (rendering_.allocate(sizeof(Part))) Part(part);
}

void Values::set(std::string_view name, std::string_view kept_text) {
  if (this != rendering_.everywhere) check_mentioned(names_.variables, "value", name);
  texts_ = make(Text{kept(Name(name)), kept_text, texts_});
}

void Values::show(std::string_view name, bool shown) {
  check_mentioned(names_.sections, "section", name);
  const Name section(name);
  if (Rounds* rounds = find(sections_, section)) {
    rounds->shown = shown;
  } else {
    sections_ = make(Rounds{kept(section), shown, nullptr, nullptr, sections_});
  }
}

Values& Values::add_round(std::string_view name) {
  check_mentioned(names_.sections, "section", name);
  return append(sections_, Name(name), rendering_.make_values(view_, names_, this));
}

Values& Values::add_include(std::string_view name, const char* view, const ViewNames& names) {
  check_mentioned(names_.includes, "include", name);
  Values& values = append(includes_, Name(name), rendering_.make_values(view, names, nullptr));
  values.included_view_ = view;
  return values;
}

Values::Name Values::kept(const Name& name) const {
  Name same = name;
  same.text = rendering_.copy(name.text);
  return same;
}

Values& Values::append(Rounds*& newest, const Name& name, Values& round) {
  Rounds* rounds = find(newest, name);
  if (!rounds) {
    rounds = newest = make(Rounds{kept(name), true, nullptr, nullptr, newest});
  }
  (rounds->last ? rounds->last->next_round_ : rounds->first) = &round;
  rounds->last = &round;
  rounds->shown = true;
  return round;
}

void Values::complain_unmentioned(std::string_view kind, std::string_view name) const {
  // A mail is filled twice, for its text and for its HTML, and each may leave something out.
  if (view_.starts_with("mail/")) return;
  rendering_.complain(
      fmt::format("the {} {} is filled, but {} does not mention it", kind, name, view_));
}

Values::Rounds* Values::find(Rounds* newest, const Name& name) {
  while (newest && !(newest->name == name)) newest = newest->before;
  return newest;
}

const Values::Rounds* Values::find_outwards(Rounds* Values::*which, const Name& name) const {
  const std::uint64_t bit = name.bit();
  for (const Values* values = this; values; values = values->outer_) {
    if (!(values->bits_ & bit)) continue;
    if (const Rounds* found = find(values->*which, name)) return found;
  }
  return nullptr;
}

const std::string_view* Values::find_text(const Name& name) const {
  const std::uint64_t bit = name.bit();
  for (const Values* values = this; values; values = values->outer_) {
    if (!(values->bits_ & bit)) continue;
    for (const Text* text = values->texts_; text; text = text->before) {
      if (text->name == name) return &text->text;
    }
  }
  const Values* everywhere = rendering_.everywhere;
  return everywhere && everywhere != this ? everywhere->find_text(name) : nullptr;
}

ctemplate::TemplateString Values::GetValue(const ctemplate::TemplateString& name) const {
  if (const std::string_view* text = find_text(Name(view_of(name)))) {
    return {text->data() ? text->data() : "", text->size()};
  }
  // ctemplate's names for white space that its stripping would take away.
  if (view_of(name) == "BI_NEWLINE") return {"\n", 1};
  if (view_of(name) == "BI_SPACE") return {" ", 1};
  if (rendering_.strict) {
    rendering_.complain(
        fmt::format("{} names the value {}, which is not filled", view_, view_of(name)));
  }
  return {"", 0};
}

bool Values::IsHiddenSection(const ctemplate::TemplateString& name) const {
  const Rounds* rounds = find_outwards(&Values::sections_, Name(view_of(name)));
  return !rounds || !rounds->shown;
}

bool Values::IsHiddenTemplate(const ctemplate::TemplateString& name) const {
  return !find_outwards(&Values::includes_, Name(view_of(name)));
}

const char* Values::GetIncludeTemplateName(const ctemplate::TemplateString& name, int n) const {
  const Values* round = find_outwards(&Values::includes_, Name(view_of(name)))->first;
  while (n-- > 0) round = round->next_round_;
  return round->included_view_;
}

Values::Iterator* Values::CreateSectionIterator(const ctemplate::TemplateString& name) const {
  return new RoundsIterator(find_outwards(&Values::sections_, Name(view_of(name)))->first);
}

Values::Iterator* Values::CreateTemplateIterator(const ctemplate::TemplateString& name) const {
  return new RoundsIterator(find_outwards(&Values::includes_, Name(view_of(name)))->first);
}

void Values::DumpToString(std::string* out, int) const {
  for (const Text* text = texts_; text; text = text->before) {
    out->append(fmt::format("{} = {}\n", text->name.text, text->text));
  }
}

void Output::Emit(const char* text, std::size_t length) {
  const std::string_view* markup = rendering_.markup_of(text);
  if (!markup) {
    page_.append(text, length);
  } else if (!inside_a_tag()) {
    page_ += *markup;
  } else {
    throw std::logic_error("markup cannot stand inside a tag");
  }
}

/// Escaped text holds neither < nor >, so the last of them tells.
bool Output::inside_a_tag() const {
  const std::size_t last = page_.find_last_of("<>");
  return last != page_.npos && page_[last] == '<';
}

}  // namespace cstims
