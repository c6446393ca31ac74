#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <mutex>

#include "base/text.h"
#include "html/escape.h"
#include "html/renderer.h"

namespace cstims {
namespace {

using Node = std::unique_ptr<cmark_node, decltype(&cmark_node_free)>;
using Parser = std::unique_ptr<cmark_parser, decltype(&cmark_parser_free)>;

constexpr int options = CMARK_OPT_VALIDATE_UTF8;  // raw HTML is left out unless asked for

cmark_parser* make_parser() {
  static std::once_flag registered;
  std::call_once(registered, cmark_gfm_core_extensions_ensure_registered);
  cmark_parser* parser = cmark_parser_new(options);
  for (const char* name : {"table", "strikethrough"}) {
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(name));
  }
  return parser;
}

/// The children stand where the node was.
void unwrap(cmark_node* node) {
  while (cmark_node* child = cmark_node_first_child(node)) cmark_node_insert_before(node, child);
  cmark_node_unlink(node);
  cmark_node_free(node);
}

/// `least`: the level of the text's highest headings; the page has its own first one.
void make_safe(cmark_node* root, int least) {
  const std::unique_ptr<cmark_iter, decltype(&cmark_iter_free)> iterator(cmark_iter_new(root),
                                                                         cmark_iter_free);
  std::vector<cmark_node*> unwanted;
  while (cmark_iter_next(iterator.get()) != CMARK_EVENT_DONE) {
    if (cmark_iter_get_event_type(iterator.get()) != CMARK_EVENT_EXIT) continue;
    cmark_node* node = cmark_iter_get_node(iterator.get());
    const cmark_node_type type = cmark_node_get_type(node);
    const bool foreign_link = type == CMARK_NODE_LINK && !is_safe_address(cmark_node_get_url(node));
    if (type == CMARK_NODE_IMAGE || foreign_link) unwanted.push_back(node);
    if (type == CMARK_NODE_HEADING) {
      const int level = cmark_node_get_heading_level(node) + 2 - least;
      cmark_node_set_heading_level(node, std::clamp(level, 2, 6));
    }
  }
  for (cmark_node* node : unwanted) unwrap(node);
}

/// The content security policy allows no style attributes, and `align` is obsolete: a class does
/// it.
std::string with_classes(std::string html) {
  html = replace_all(std::move(html), " align=\"right\"", " class=\"text-end\"");
  html = replace_all(std::move(html), " align=\"center\"", " class=\"text-center\"");
  html = replace_all(std::move(html), " align=\"left\"", "");
  return replace_all(std::move(html), "<!-- raw HTML omitted -->", "");
}

Html markdown_with_headings_from(int least, std::string_view text) {
  const Parser parser(make_parser(), cmark_parser_free);
  cmark_parser_feed(parser.get(), text.data(), text.size());
  const Node root(cmark_parser_finish(parser.get()), cmark_node_free);
  make_safe(root.get(), least);
  const std::unique_ptr<char, decltype(&std::free)> html(
      cmark_render_html(root.get(), options, cmark_parser_get_syntax_extensions(parser.get())),
      std::free);
  return Html::trusted(with_classes(html.get()));
}

}  // namespace

Html markdown(std::string_view text) {
  return markdown_with_headings_from(1, text);
}

MarkdownPage markdown_page(std::string_view text) {
  if (!text.starts_with("# ")) return {"", markdown(text)};
  const std::size_t end = std::min(text.find('\n'), text.size());
  return {std::string(trim(text.substr(2, end - 2))),
          markdown_with_headings_from(2, text.substr(end))};
}

}  // namespace cstims
