#include "base/secret.h"

#include <set>

#include "base/text.h"
#include "support/sentence.h"

namespace cstims {

SENTENCE(secret, "digests agree with the published examples") {
  // FIPS 180-4 and RFC 4231 §4.3.
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), sha256_hex("abc"));
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

SENTENCE(secret, "keys longer than a block are hashed first") {
  // RFC 4231 §4.7.
  EXPECT_EQ(hex(hmac_sha256(std::string(131, '\xaa'),
                            "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

SENTENCE(secret, "tokens are URL-safe, of the asked strength, and never twice the same") {
  start_cryptography();
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const auto token = random_token();
    ASSERT_EQ(token.size(), 43U);
    ASSERT_EQ(
        token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        std::string::npos);
    ASSERT_TRUE(seen.insert(token).second);
  }
  EXPECT_EQ(random_token(16).size(), 22U);
  EXPECT_EQ(random_bytes(7).size(), 7U);
}

SENTENCE(secret, "comparison sees every difference") {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
  EXPECT_FALSE(equal_in_constant_time("", "a"));
}

}  // namespace cstims
