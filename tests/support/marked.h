#pragma once

#include <string>

#include "base/search_words.h"

namespace cstims::test {

/// "It [stopped] at noon."
inline std::string marked(const Excerpt& excerpt) {
  std::string text = excerpt.text;
  for (auto place = excerpt.found.rbegin(); place != excerpt.found.rend(); ++place) {
    text.insert(place->end, "]").insert(place->begin, "[");
  }
  return text;
}

}  // namespace cstims::test
