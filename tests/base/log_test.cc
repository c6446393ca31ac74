#include "base/log.h"

#include "support/sentence.h"

namespace cstims {
namespace {

std::string warned(std::string_view event, LogFields fields) {
  testing::internal::CaptureStderr();
  log_warning(event, fields);
  return testing::internal::GetCapturedStderr();
}

}  // namespace

SENTENCE(log, "an event is one line of JSON with its time in UTC") {
  const auto line = warned("mail refused", {{"to", "ada@example.org"}, {"note", "a \"b\" \\"}});
  EXPECT_EQ(line.substr(0, 10), "{\"time\":\"2");
  EXPECT_EQ(line.substr(line.find(",\"level\"")),
            ",\"level\":\"warning\",\"event\":\"mail refused\",\"to\":\"ada@example.org\","
            "\"note\":\"a \\\"b\\\" \\\\\"}\n");
  EXPECT_EQ(line.find("Z\",\"level\""), std::string("{\"time\":\"2026-03-10T09:00:00.000").size());
}

SENTENCE(log, "nobody can forge a line or send the terminal commands") {
  const auto line = warned("sign-in", {{"name", "x\n{\"event\":\"y\"}\r\x1b[2J\x7f\u0085\u2028"}});
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
  EXPECT_NE(line.find("x\\u000a"), std::string::npos);
  EXPECT_NE(line.find("\\u001b[2J\\u007f\\u0085\\u2028"), std::string::npos);
}

SENTENCE(log, "bytes that are no UTF-8 are replaced, the rest stays readable") {
  EXPECT_NE(warned("x", {{"name", "añ\xff€"}}).find("añ\\ufffd€"), std::string::npos);
}

}  // namespace cstims
