#include "base/search_words.h"

#include <gtest/gtest.h>

#include "support/marked.h"
#include "support/sentence.h"

namespace cstims {

namespace {

using test::marked;

/// "folded@begin-end" of each.
std::vector<std::string> told(std::string_view text) {
  std::vector<std::string> words;
  for (const auto& word : search_words(text)) {
    words.push_back(word.folded + "@" + std::to_string(word.begin) + "-" +
                    std::to_string(word.end));
  }
  return words;
}

using Told = std::vector<std::string>;

}  // namespace

SENTENCE(search_words, "words are told with where they stand") {
  EXPECT_EQ(told("Web-01 is DOWN"), (Told{"web@0-3", "01@4-6", "is@7-9", "down@10-14"}));
  EXPECT_EQ(told("  one"), Told{"one@2-5"});
  EXPECT_EQ(told(""), Told{});
  EXPECT_EQ(told(" .,;\n"), Told{});
}

SENTENCE(search_words, "letters of all scripts go on in one word, accents fall off") {
  EXPECT_EQ(told("aÉb"), Told{"aeb@0-4"});
  EXPECT_EQ(told("Éa"), Told{"ea@0-3"});
  EXPECT_EQ(told("cafe\u0301s x"), (Told{"cafes@0-7", "x@8-9"})) << "a combining accent";
  EXPECT_EQ(told("один два"), (Told{"один@0-8", "два@9-15"}));
  EXPECT_EQ(told("a—b"), (Told{"a@0-1", "b@4-5"})) << "a dash parts";
}

SENTENCE(search_words, "bytes that are no UTF-8 part words") {
  EXPECT_EQ(told("ab\xff"
                 "cd\xc3"),
            (Told{"ab@0-2", "cd@3-5"}));
}

SENTENCE(search_words,
         "an excerpt begins with a whole word, at most sixty bytes before what was found") {
  const std::string before(70, 'x');
  EXPECT_EQ(marked(excerpt_of(before + " one two found it", {"found"}, 100)),
            "…one two [found] it");
  EXPECT_EQ(marked(excerpt_of(before + "found", {before + "found"}, 200)), "[" + before + "found]");
  EXPECT_EQ(marked(excerpt_of(before + "—found", {"found"}, 100)), "…[found]")
      << "where nothing else parts the words before";
  EXPECT_EQ(marked(excerpt_of("one two found", {"found"}, 100)), "one two [found]");
}

SENTENCE(search_words, "an excerpt marks all words that are looked for, accents or not") {
  const auto marked_in = [](const std::string& text, const std::vector<std::string>& words) {
    return marked(excerpt_of(text, words, 200));
  };
  EXPECT_EQ(marked_in("A naïve cafe\u0301, xñandú, ñandú", {"naive", "cafe", "nandu"}),
            "A [naïve] [cafe\u0301], xñandú, [ñandú]");
  EXPECT_EQ(marked_in("новый nový New-NEW", {"new"}), "новый nový [New]-[NEW]");
  EXPECT_EQ(marked_in("Новый сервер", {"сер"}), "Новый [сервер]");
  EXPECT_EQ(marked_in("\xffnode1 node", {"node1"}), "[node1] node") << "what is no text goes";
}

SENTENCE(search_words, "an excerpt without a word that is found is the beginning") {
  EXPECT_EQ(marked(excerpt_of("one two three", {"four"}, 7)), "one two…");
}

}  // namespace cstims
