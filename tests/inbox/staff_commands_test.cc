#include "inbox/staff_commands.h"

#include "support/sentence.h"

namespace cstims {

SENTENCE(staff_commands, "lines of a hash sign and a word at the top are commands and taken off") {
  const auto read = read_staff_commands("\n#Take\n #close \n\nDone, bye.\n");
  EXPECT_TRUE(read.takes);
  EXPECT_EQ(read.closes, TicketStatus::closed);
  EXPECT_FALSE(read.is_note);
  EXPECT_EQ(read.unknown, "");
  EXPECT_EQ(read.text, "Done, bye.\n");
  EXPECT_EQ(read_staff_commands("#nofix").closes, TicketStatus::nofix);
  EXPECT_EQ(read_staff_commands("#nofix").text, "");
  EXPECT_TRUE(read_staff_commands("#note\nNot for the client").is_note);
}

SENTENCE(staff_commands, "what stands below the first words is text") {
  const auto read = read_staff_commands("Hello\n#close\n");
  EXPECT_FALSE(read.closes);
  EXPECT_EQ(read.text, "Hello\n#close\n");
  for (const char* text : {"# close\nx", "#1\nx", "#close now\nx", "#\nx", "close\nx"}) {
    EXPECT_EQ(read_staff_commands(text).text, text);
    EXPECT_EQ(read_staff_commands(text).unknown, "");
  }
}

SENTENCE(staff_commands, "an unknown word is told, so that a slip is not sent to a client") {
  EXPECT_EQ(read_staff_commands("#clsoe\nbye").unknown, "#clsoe");
  EXPECT_EQ(read_staff_commands("#close\n#colse\nbye").unknown, "#colse");
}

}  // namespace cstims
