// What one rendering holds: the values as ctemplate asks for them. Own dictionaries instead of
// ctemplate's: they know which markup is trusted, notice names that do not fit the view, and cost a
// fraction.
#pragma once

#include <ctemplate/template_dictionary_interface.h>
#include <ctemplate/template_emitter.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "html/view_source.h"

namespace cstims {

class Renderer;
class Values;

/// Memory and findings of one call of Renderer::render.
class Rendering {
 public:
  explicit Rendering(const Renderer& renderer, bool strict) : renderer(renderer), strict(strict) {}
  Rendering(const Rendering&) = delete;
  Rendering& operator=(const Rendering&) = delete;

  const Renderer& renderer;
  const bool strict;

  std::string_view copy(std::string_view text);
  /// A stand-in that escaping leaves alone and `Output` recognises by its address, which no text
  /// from outside can have.
  std::string_view stand_in(std::string_view markup);
  const std::string_view* markup_of(const char* address) const;
  Values& make_values(std::string_view view, const ViewNames& names, Values* outer);
  /// Aligned for what a dictionary holds: pointers.
  void* allocate(std::size_t size) {
    const std::size_t whole = (size + alignof(void*) - 1) & ~(alignof(void*) - 1);
    if (static_cast<std::size_t>(end_ - next_) < whole) add_block(whole);
    std::byte* place = next_;
    next_ += whole;
    return place;
  }
  void complain(std::string complaint);
  const std::vector<std::string>& complaints() const { return complaints_; }

  Values* everywhere = nullptr;

 private:
  void add_block(std::size_t least);
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* next_ = nullptr;
  std::byte* end_ = nullptr;
  std::vector<std::string_view> markups_;
  std::vector<std::string> complaints_;
};

/// One dictionary. Lives in the memory of its rendering and is never destroyed: it owns nothing.
class Values final : public ctemplate::TemplateDictionaryInterface {
 public:
  Values(Rendering& rendering, std::string_view view, const ViewNames& names, Values* outer)
      : rendering_(rendering), view_(view), names_(names), outer_(outer) {}

  Rendering& rendering() const { return rendering_; }
  void set(std::string_view name, std::string_view kept_text);
  void show(std::string_view name, bool shown);
  Values& add_round(std::string_view name);
  Values& add_include(std::string_view name, const char* view, const ViewNames& names);

 protected:
  ctemplate::TemplateString GetValue(const ctemplate::TemplateString& name) const override;
  bool IsHiddenSection(const ctemplate::TemplateString& name) const override;
  bool IsUnhiddenSection(const ctemplate::TemplateString& name) const override {
    return !IsHiddenSection(name);
  }
  bool IsHiddenTemplate(const ctemplate::TemplateString& name) const override;
  const char* GetIncludeTemplateName(const ctemplate::TemplateString& name, int n) const override;
  Iterator* CreateSectionIterator(const ctemplate::TemplateString& name) const override;
  Iterator* CreateTemplateIterator(const ctemplate::TemplateString& name) const override;
  void DumpToString(std::string* out, int level) const override;

 private:
  /// Names are compared very often: hardly two of a view have the same key.
  struct Name {
    explicit Name(std::string_view name) : text(name), key(name.empty() ? 0 : key_of(name)) {}
    bool operator==(const Name& other) const { return key == other.key && text == other.text; }
    std::uint64_t bit() const { return std::uint64_t{1} << (key * 0x9E3779B1U >> 26); }
    std::string_view text;
    std::uint32_t key;

   private:
    static std::uint32_t key_of(std::string_view name) {
      const auto at = [&](std::size_t place) {
        return std::uint32_t{static_cast<unsigned char>(name[place])};
      };
      return static_cast<std::uint32_t>(name.size()) << 24 | at(0) << 16 |
             at(name.size() / 2) << 8 | at(name.size() - 1);
    }
  };
  struct Text {
    Name name;
    std::string_view text;
    Text* before;
  };
  /// A section or an include: its rounds, oldest first.
  struct Rounds {
    Name name;
    bool shown;
    Values* first;
    Values* last;
    Rounds* before;
  };
  class RoundsIterator;

  template <typename Part>
  Part* make(Part part);
  /// Of the same name, in the memory of the rendering.
  Name kept(const Name& name) const;
  const std::string_view* find_text(const Name& name) const;
  static Rounds* find(Rounds* newest, const Name& name);
  const Rounds* find_outwards(Rounds* Values::*which, const Name& name) const;
  Values& append(Rounds*& newest, const Name& name, Values& round);
  void check_mentioned(const ViewNames::Names& mentioned, std::string_view kind,
                       std::string_view name) const {
    if (rendering_.strict && !mentioned.contains(name)) complain_unmentioned(kind, name);
  }
  void complain_unmentioned(std::string_view kind, std::string_view name) const;

  Rendering& rendering_;
  std::string_view view_;
  const ViewNames& names_;
  Values* outer_;
  const char* included_view_ = nullptr;
  Values* next_round_ = nullptr;
  std::uint64_t bits_ = 0;  // of all names below: where one lacks, its name is not there
  Text* texts_ = nullptr;
  Rounds* sections_ = nullptr;
  Rounds* includes_ = nullptr;
};

/// Collects the page; puts trusted markup in the place of its stand-in.
class Output final : public ctemplate::ExpandEmitter {
 public:
  explicit Output(const Rendering& rendering, std::string& page)
      : rendering_(rendering), page_(page) {}
  void Emit(char c) override { page_ += c; }
  void Emit(const std::string& text) override { page_ += text; }
  void Emit(const char* text) override { page_ += text; }
  void Emit(const char* text, std::size_t length) override;

 private:
  bool inside_a_tag() const;
  const Rendering& rendering_;
  std::string& page_;
};

}  // namespace cstims
