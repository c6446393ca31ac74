#include "account/password_rules.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "support/world.h"

using namespace cstims;
using namespace cstims::test;

namespace {

bool refused(std::string_view password, int shortest = 15) {
  auto site = site_of_tests();
  site.shortest_password = shortest;
  return password_complaint(password, {site, "evelyn", "evelyn.hale@example.test"}).has_value();
}

}  // namespace

SENTENCE(account, "14 characters are too few, 15 are enough") {
  EXPECT_TRUE(refused("tall grey hero"));
  EXPECT_FALSE(refused("tall grey heron"));
}

SENTENCE(account, "characters are counted, not bytes") {
  EXPECT_TRUE(refused("\xc3\xb1\xc3\xa9\xc3\xad\xc3\xb3\xc3\xba\xc3\xbc\xc3\xb1x"));
  EXPECT_FALSE(refused("\xc3\xb1 qu\xc3\xa9 h\xc3\xa1 pl\xc3\xb3 t\xc3\xban"));
}

SENTENCE(account, "the setting lowers the length to 8 and never below") {
  EXPECT_FALSE(refused("grey7her", 8));
  EXPECT_TRUE(refused("grey7he", 8));
  EXPECT_TRUE(refused("grey7he", 4));
}

SENTENCE(account, "128 characters and more are accepted, 1024 are the end") {
  std::string text;
  for (int n = 0; text.size() < 1025; ++n) text += "heron" + std::to_string(n * n) + " ";
  EXPECT_FALSE(refused(text.substr(0, 128)));
  EXPECT_FALSE(refused(text.substr(0, 129)));
  EXPECT_FALSE(refused(text.substr(0, 1024)));
  EXPECT_TRUE(refused(text.substr(0, 1025)));
}

SENTENCE(account, "no kind of character is demanded") {
  EXPECT_FALSE(refused("tallgreyheronwalks"));
  EXPECT_FALSE(refused("correct horse battery staple"));
}

SENTENCE(account, "long passwords that everybody chooses are refused") {
  for (const auto* common :
       {"passwordpassword",    "PasswordPassword", "password12345678",   "Password1234567!",
        "P@ssw0rdP@ssw0rd",    "123456789012345",  "1234567890123456",   "qwertyuiopasdfgh",
        "qwertyuiop123456",    "1q2w3e4r5t6y7u8i", "1qaz2wsx3edc4rfv",   "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",  "abcdefghijklmnop", "iloveyouforever",    "iloveyouiloveyou",
        "letmeinletmein!",     "administrator123", "administrator2026",  "welcomewelcome1!",
        "Welcome123456789",    "zxcvbnmasdfghjkl", "qwertyqwertyqwerty", "987654321987654321",
        "sunshinesunshine",    "princessprincess", "footballfootball",   "liverpoolfootball",
        "realmadridbarcelona", "contrasena123456", "11111111111111111",  "qazwsxedcrfvtgb",
        "dragondragon2024",    "monkeymonkey!!!!", "superman12345678",   "changemechangeme"}) {
    EXPECT_TRUE(refused(common)) << common;
  }
}

SENTENCE(account, "where eight characters are allowed the short first guesses are refused") {
  for (const auto* common :
       {"password", "password1", "Passw0rd!", "12345678",  "123456789", "qwertyui", "qwerty123",
        "iloveyou", "sunshine",  "football1", "princess1", "welcome1",  "admin123", "trustno1",
        "letmein1", "superman",  "dragon12",  "monkey123", "charlie1",  "abcd1234", "1q2w3e4r",
        "11111111", "00000000",  "asdfghjk",  "michael1",  "jennifer",  "starwars", "liverpool1"}) {
    EXPECT_TRUE(refused(common, 8)) << common;
  }
}

SENTENCE(account, "more than ten thousand well-known passwords are refused") {
  std::set<std::string> known;
  for (const auto word : weak_words()) {
    for (const auto* tail :
         {"", "1", "123", "1234", "12345", "123456", "2024", "2025", "!", "123!"}) {
      known.insert(std::string(word) + tail);
    }
    known.insert(std::string(word) + std::string(word));
  }
  std::erase_if(known, [](const std::string& password) { return password.size() < 8; });
  EXPECT_GE(known.size(), 10'000U);
  for (const auto& password : known) EXPECT_TRUE(refused(password, 8)) << password;
}

SENTENCE(account, "the list of weak words is sorted, lower case and without doubles") {
  const auto& words = weak_words();
  EXPECT_GE(words.size(), 1'000U);
  EXPECT_TRUE(std::ranges::is_sorted(words));
  EXPECT_EQ(std::ranges::adjacent_find(words), words.end());
  for (const auto word : words) EXPECT_EQ(lower_ascii(word), word);
}

SENTENCE(account, "a password made of the person's or the site's name is refused") {
  for (const auto* own :
       {"evelynevelyn2026", "Evelyn.Hale.1999", "xx-evelyn.hale-xx", "evelyn.hale@example.test",
        "Evelyn.Hale@Example.Test1", "ARFNET-evelyn-12", "arfnet2026secure"}) {
    EXPECT_TRUE(refused(own)) << own;
  }
  EXPECT_FALSE(refused("evelyn feeds a tall grey heron"));
}

SENTENCE(account, "a password with a NUL is refused, it cannot be typed again") {
  EXPECT_TRUE(refused(std::string_view("tall grey\0heron walks", 21)));
}
