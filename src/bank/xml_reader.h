// XML from outside as small trees, by Expat: no document type, hence no entities, nothing fetched.
// Only what a caller asks for is kept: each time an element of that name ends, it is handed over
// and let go of, so that a long file needs no more memory than its largest piece.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"

namespace cstims {

struct XmlElement {
  std::string name;  // without prefix
  int line = 0;
  std::string text = {};  // its own, without that of its children
  std::vector<std::pair<std::string, std::string>> attributes = {};
  std::vector<XmlElement> children = {};

  /// The first child of that name; null when there is none.
  const XmlElement* find(std::string_view name) const;
  /// "Acct/Id/IBAN": the first of each.
  const XmlElement* at(std::string_view path) const;
  /// The trimmed text there; empty when there is no such element.
  std::string text_at(std::string_view path) const;
  std::string attribute(std::string_view name) const;  // empty when absent
};

struct XmlFault {
  int line;
  Message fault;  // "Line {}: …"
};

/// What a caller wants handed over. `take` throws to end the reading.
struct XmlTaker {
  std::vector<std::string_view> names;
  std::function<void(const XmlElement&)> take;
};
/// Elements taken inside of others that are taken stay out of these. Throws XmlFault.
void read_xml(std::string_view bytes, const XmlTaker& taker);

}  // namespace cstims
