// Tests are sentences:
//
//     SENTENCE(ticket, "a client cannot reply to a closed ticket") { EXPECT_…; }
//
// and where a database is needed, the same on SQLite and on PostgreSQL (when CSTIMS_TEST_POSTGRESQL
// names a server):
//
//     DATABASE_SENTENCE(ticket, "a closed ticket keeps who closed it") { auto& db =
//     world.database(); … }
//
// In filters write `*closed ticket*`; a colon in a name must be a `?` there.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace cstims::test {

class SentenceTest : public testing::Test {
 public:
  explicit SentenceTest(std::function<void()> body) : body_(std::move(body)) {}
  void TestBody() override { body_(); }

 private:
  std::function<void()> body_;
};

inline bool add_sentence(const char* suite, const std::string& name, const char* file, int line,
                         const std::function<void()>& body) {
  testing::RegisterTest(suite, name.c_str(), nullptr, nullptr, file, line,
                        [body]() -> SentenceTest* { return new SentenceTest(body); });
  return true;
}

}  // namespace cstims::test

#define CSTIMS_JOIN2(a, b) a##b
#define CSTIMS_JOIN(a, b) CSTIMS_JOIN2(a, b)
#define SENTENCE(suite, name)                                                            \
  static void CSTIMS_JOIN(sentence_, __LINE__)();                                        \
  static const bool CSTIMS_JOIN(sentence_added_, __LINE__) = cstims::test::add_sentence( \
      #suite, name, __FILE__, __LINE__, CSTIMS_JOIN(sentence_, __LINE__));               \
  static void CSTIMS_JOIN(sentence_, __LINE__)()
