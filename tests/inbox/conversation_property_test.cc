// Conversations of nasty words, written by the verbs, composed, and read by a program that shares
// no code with ours (tests/mail/read_messages.py): what each mail must be, whatever people write.
#include <algorithm>
#include <cstdlib>
#include <random>

#include "base/text.h"
#include "inbox/post_office.h"
#include "mail/composer.h"
#include "mail/outbox_store.h"
#include "mail/read_messages.h"

namespace cstims {
namespace {

using namespace test;

constexpr std::string_view secret = "for-staff-eyes-alone";
constexpr Statement list_outbox_ids{"ids of the outbox", "select id from outbox order by id"};

class Words {
 public:
  explicit Words(unsigned seed) : random_(seed) {}

  std::string line(std::size_t longest) {
    static const std::vector<std::string> pieces{
        "word",
        "ñandú",
        "网络",
        "😀",
        "=?utf-8?q?x?=",
        "\"",
        "<",
        ">",
        "@",
        "a,b",
        ";",
        ":",
        "\\",
        "%0d%0a",
        "Bcc: eve@example.org",
        "(comment)",
        "[ARFNET #9]",
        "Re:",
        "{{BODY}}",
        "<script>",
        "&amp;",
        "'",
        "0123456789012345678901234567890123456789012345678901234567890123456789",
        "é́",
        "\u200f",
        "#close"};
    std::string text = "x";
    const auto count = std::uniform_int_distribution<int>(1, 12)(random_);
    for (int i = 0; i < count; ++i) text += (chance() ? " " : "") + pieces[pick(pieces.size())];
    return std::string(first_characters(text, longest));
  }
  std::string lines() {
    static const std::vector<std::string> starts{"",    "> ", ".", "..",   "From ",
                                                 "-- ", "\t", " ", "--=_a"};
    std::string text = line(100);
    const auto count = std::uniform_int_distribution<int>(0, 10)(random_);
    for (int i = 0; i < count; ++i) text += "\n" + starts[pick(starts.size())] + line(400);
    if (chance()) text += "\n" + std::string(2000, 'y');
    return text;
  }

 private:
  bool chance() { return std::uniform_int_distribution<int>(0, 1)(random_) == 1; }
  std::size_t pick(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }
  std::mt19937 random_;
};

void check_bytes(const std::string& message) {
  EXPECT_TRUE(std::ranges::all_of(message, [](char c) { return (c & '\x80') == 0 && c != '\0'; }));
  const std::string rest = replace_all(message, "\r\n", "");
  EXPECT_EQ(rest.find_first_of("\r\n"), std::string::npos);
  const std::size_t head = message.find("\r\n\r\n");
  std::size_t begin = 0;
  while (begin < message.size()) {
    const std::size_t end = message.find("\r\n", begin);
    const std::string line = message.substr(begin, end - begin);
    EXPECT_LE(line.size(), 998U);
    // Where a field has a space, it folds there.
    const bool could_fold = trim(line).find(' ', line.find(": ") + 2) != std::string_view::npos;
    if (begin < head && could_fold) {
      EXPECT_LE(line.size(), 78U) << line;
    }
    begin = end + 2;
  }
}

void check_read(const nlohmann::json& read) {
  static const std::vector<std::string> once{
      "Date",         "From",       "To",       "Subject",       "Message-ID",     "MIME-Version",
      "Content-Type", "References", "Reply-To", "X-CSTIMS-Loop", "X-CSTIMS-Ticket"};
  std::map<std::string, int> counts;
  for (const auto& field : read["fields"]) ++counts[field[0]];
  for (const auto& name : once) EXPECT_EQ(counts[name], 1) << name;
  for (const auto& [name, count] : counts) EXPECT_EQ(count, 1) << name;
  EXPECT_FALSE(counts.contains("Bcc"));
  EXPECT_EQ(read["from"].size(), 1U);
  EXPECT_EQ(read["from"][0][1], "portal@example.test");
  EXPECT_EQ(read["to"].size(), 1U);
  EXPECT_TRUE(read["defects"].empty()) << read["defects"];
  EXPECT_EQ(read["kinds"],
            nlohmann::json::parse(R"(["multipart/alternative", "text/plain", "text/html"])"));
  EXPECT_EQ(read.dump().find(secret), std::string::npos) << "a note got out";
}

std::vector<StoredMail> outbox(World& world) {
  return world.database().read([](Transaction& tx) {
    std::vector<StoredMail> mails;
    for (const Row& row : tx.select(list_outbox_ids)) {
      mails.push_back(find_outbox_message(tx, row.id<struct OutboxMessage>("id")).value().mail);
    }
    return mails;
  });
}

}  // namespace

DATABASE_SENTENCE(conversation_property,
                  "whatever people write, mails are well-formed and hold no note") {
  open_post_office(world);
  const int rounds = std::getenv("CSTIMS_TEST_LONG") != nullptr ? 200 : 12;
  std::vector<std::string> said;
  for (int round = 0; round < rounds; ++round) {
    Words words(static_cast<unsigned>(round));
    const auto ticket =
        open_test_ticket(world, world.ada(), single_line(words.line(200)), words.lines());
    write_note(world, world.grace(), ticket, words.lines() + std::string(secret));
    write(world, world.grace(), ticket, words.lines());
    Letter letter = answer(world, ticket, "Answer " + std::to_string(round));
    EXPECT_EQ(receive(world, letter).verdict, InboundVerdict::taken);
    close(world, world.grace(), ticket, TicketStatus::closed, words.lines());
    world.clock().advance(std::chrono::hours(1));
  }
  std::vector<std::string> messages;
  for (const StoredMail& mail : outbox(world)) {
    messages.push_back(compose_message(mail, {}));
    check_bytes(messages.back());
  }
  ASSERT_GE(messages.size(), static_cast<std::size_t>(6 * rounds));
  for (std::size_t i = 0; i < messages.size(); i += 50) {
    const auto last =
        messages.begin() + static_cast<std::ptrdiff_t>(std::min(i + 50, messages.size()));
    for (const auto& read :
         read_messages({messages.begin() + static_cast<std::ptrdiff_t>(i), last})) {
      check_read(read);
    }
  }
}

}  // namespace cstims
