#include "ticket/ticket_search.h"

#include "base/text.h"
#include "base/word_table.h"
#include "support/marked.h"
#include "ticket/desk.h"

namespace cstims::test {
namespace {

using Ids = std::vector<TicketId>;

Ids found(World& world, const Viewer& viewer, const std::string& typed) {
  Ids ids;
  world.database().read([&](Transaction& tx) {
    for (const auto& hit : find_tickets(tx, viewer, typed).hits) ids.push_back(hit.ticket);
  });
  return ids;
}

Page<TicketRow> listed(World& world, const Viewer& viewer, const QueryFields& query) {
  return world.database().read([&](Transaction& tx) {
    return list_tickets(tx, viewer, parse_ticket_listing(query, ticket_listing_rules()));
  });
}

std::string excerpt_in(const Page<TicketRow>& page) {
  return page.rows.size() == 1 ? marked(page.rows.front().excerpt) : "not one row";
}

constexpr Statement every_character{"words of characters", R"(
  select term, doc, offset
  from test_vocabulary
  order by doc, offset)"};

}  // namespace

DATABASE_SENTENCE(ticket_search, "subject, opening text, replies, notes and numbers are found") {
  const auto one = open_test_ticket(world, world.ada(), "Network DOWN 100%", "Since the storm.");
  const auto other = open_test_ticket(world, world.bob(), "Password", "I forgot it.");
  ASSERT_TRUE(write(world, world.grace(), one, "We replaced the switch."));
  write_note(world, world.grace(), other, "Called him: impostor?");
  const auto staff = [&](const std::string& typed) { return found(world, world.grace(), typed); };
  EXPECT_EQ(staff("network down"), Ids{one});
  EXPECT_EQ(staff("storm"), Ids{one});
  EXPECT_EQ(staff("Switch replaced"), Ids{one});
  EXPECT_EQ(staff("impostor"), Ids{other});
  EXPECT_EQ(staff("#" + other.text()), Ids{other});
  EXPECT_EQ(staff(other.text()), Ids{other});
  EXPECT_EQ(staff("100%"), Ids{one});
  EXPECT_EQ(staff("bob"), Ids{other}) << "the client's name";
  EXPECT_EQ(staff("Bo"), Ids{other});
  EXPECT_TRUE(staff("storm forgot").empty()) << "all words are wanted";
  EXPECT_TRUE(staff("stor switch").empty()) << "only the last word may be a beginning";
  EXPECT_EQ(staff("switch stor"), Ids{}) << "in one message";
  EXPECT_EQ(staff("down switch"), Ids{one}) << "the subject counts with each message";
  EXPECT_EQ(staff("switc"), Ids{one});
  EXPECT_TRUE(staff("witch").empty());
}

DATABASE_SENTENCE(ticket_search,
                  "capitals, accents and scripts make no difference, the same on both engines") {
  struct Pair {
    const char* written;
    const char* typed;
  };
  for (const auto& [written, typed] :
       std::vector<Pair>{{"El botón no responde", "BOTON"},
                         {"boton sin tilde", "botón sin"},
                         {"Crème brûlée", "creme brulee"},
                         {"a decomposed cafe\u0301", "café"},
                         {"un café composé", "cafe\u0301 compose"},
                         {"Ångström", "angstrom"},
                         {"Łódź über Øresund", "Łódź UBER øresund"},
                         {"Сервер не отвечает", "сервер ОТВЕЧАЕТ"},
                         {"Ο διακομιστής", "ΔΙΑΚΟΜΙΣΤΉΣ"},
                         {"服务器 坏了", "服务器"},
                         {"السيرفر معطل", "السيرفر"},
                         {"IP 192.0.2.7 unreachable", "192.0.2.7"},
                         {"mail to a.b-c@example.test", "b-c@example"},
                         {"error_code=E1337!", "e1337"},
                         {"C++ and C#", "c++"},
                         {"don’t — “quote”", "don't quote"},
                         {"ＦＵＬＬ width", "ｆｕｌｌ"}}) {
    const auto id = open_test_ticket(world, world.ada(), "Subject", written);
    const auto ids = found(world, world.ada(), typed);
    EXPECT_TRUE(std::ranges::find(ids, id) != ids.end()) << written << " / " << typed;
  }
}

DATABASE_SENTENCE(ticket_search, "whatever is typed is looked for and never runs") {
  const auto id =
      open_test_ticket(world, world.ada(), "Quotes", "say \"hello\" or NOT hello* NEAR");
  const std::string mark = "\xee\x80\x80";
  std::vector<std::string> hostile{"\"",
                                   "'",
                                   "\"\"",
                                   "'; drop table tickets; --",
                                   "*",
                                   "**",
                                   "a*",
                                   "\"*",
                                   "AND",
                                   "OR",
                                   "NOT",
                                   "NEAR(",
                                   "hello NEAR/2 say",
                                   "words:hello",
                                   "^hello",
                                   "hello\"*",
                                   "-hello",
                                   "+",
                                   "(((",
                                   ")))",
                                   "{a b}:",
                                   ":*",
                                   "!hello",
                                   "hello & | !",
                                   "<->",
                                   "hello:*",
                                   "\\",
                                   "\\'",
                                   "%",
                                   "_",
                                   "?",
                                   "???",
                                   "…—–",
                                   "\u202e",
                                   mark,
                                   mark + "1",
                                   mark + "2",
                                   " " + mark + "1 hello",
                                   "\x01\x02",
                                   std::string("a\0b", 3),
                                   std::string(5000, 'x'),
                                   std::string(4000, '"'),
                                   "\xff\xfe",
                                   "\xc3",
                                   "\xed\xa0\x80",
                                   "𝒽𝑒𝓁𝓁𝑜",
                                   "🐪",
                                   "🐪🐪🐪 hello🐪",
                                   "0",
                                   "-1",
                                   "#",
                                   "#0",
                                   "99999999999999999999"};
  std::string many;
  for (int i = 0; i < 500; ++i) many += "w" + std::to_string(i) + " ";
  hostile.push_back(many);
  for (const auto& typed : hostile) {
    for (const auto& viewer : {world.ada(), world.bob(), world.grace(), Viewer::nobody()}) {
      const auto ids = found(world, viewer, typed);
      if (!viewer.is_staff() && !(viewer.user == world.ada().user)) {
        EXPECT_TRUE(ids.empty()) << typed;
      }
    }
  }
  EXPECT_EQ(found(world, world.ada(), "\"hello"), Ids{id});
  EXPECT_EQ(found(world, world.ada(), "hello NOT say"), Ids{id}) << "NOT is a word like others";
  EXPECT_TRUE(found(world, world.grace(), "!!! ??? …").empty());
}

DATABASE_SENTENCE(ticket_search,
                  "a client finds neither notes nor what is another's, by no trick") {
  const auto adas = open_test_ticket(world, world.ada(), "Private", "the falcon flies");
  ASSERT_TRUE(write(world, world.grace(), adas, "the heron waits"));
  write_note(world, world.grace(), adas, "the cuckoo is a liar");
  // Bob writes what ada's mark would look like.
  const std::string forged = "\xee\x80\x80" + world.ada().user->text();
  const auto bobs = open_test_ticket(world, world.bob(), "falcon " + forged, "falcon " + forged);
  EXPECT_EQ(found(world, world.ada(), "falcon"), Ids{adas});
  EXPECT_EQ(found(world, world.ada(), "heron"), Ids{adas});
  EXPECT_EQ(found(world, world.bob(), "falcon"), Ids{bobs});
  EXPECT_TRUE(found(world, world.bob(), "heron").empty());
  EXPECT_TRUE(found(world, world.bob(), "private").empty());
  EXPECT_EQ(found(world, world.bob(), adas.text()), Ids{bobs}) << "the number stands in his text";
  EXPECT_TRUE(found(world, world.bob(), "#" + adas.text() + "00").empty());
  for (const auto* word : {"cuckoo", "cuck", "liar", "private cuckoo", "grace"}) {
    EXPECT_TRUE(found(world, world.ada(), word).empty()) << word;
    const auto page = listed(world, world.ada(), {{"search", word}});
    EXPECT_EQ(page.total, 0) << word;
  }
  EXPECT_EQ(found(world, world.grace(), "cuckoo"), Ids{adas});
  EXPECT_TRUE(found(world, Viewer::nobody(), "falcon").empty());
}

DATABASE_SENTENCE(ticket_search, "the index follows whatever happens to a ticket") {
  const auto id = open_test_ticket(world, world.ada(), "walrus", "tusks");
  const auto other = open_test_ticket(world, world.ada(), "seal", "flippers");
  ASSERT_TRUE(write(world, world.ada(), id, "moustache"));
  write_note(world, world.grace(), id, "blubber");
  const auto edit = [&](UserId client, const std::string& subject) {
    ASSERT_TRUE(world.act(world.root(), [&](Act& act) {
      return edit_ticket(act, id,
                         {.client = client,
                          .order = {},
                          .subject = subject,
                          .body = "ivory",
                          .status = TicketStatus::open,
                          .assignee = {}});
    }));
  };
  edit(*world.ada().user, "penguin");
  EXPECT_TRUE(found(world, world.ada(), "walrus").empty());
  EXPECT_TRUE(found(world, world.ada(), "tusks").empty());
  EXPECT_EQ(found(world, world.ada(), "penguin moustache"), Ids{id});
  EXPECT_EQ(found(world, world.ada(), "ivory"), Ids{id});
  EXPECT_TRUE(found(world, world.ada(), "blubber").empty());
  edit(*world.bob().user, "penguin");
  EXPECT_TRUE(found(world, world.ada(), "penguin").empty()) << "it is bob's now";
  EXPECT_EQ(found(world, world.bob(), "moustache"), Ids{id});
  EXPECT_TRUE(found(world, world.bob(), "blubber").empty());
  EXPECT_EQ(found(world, world.grace(), "blubber"), Ids{id});
  world.act(world.root(), [&](Act& act) { delete_ticket(act, id); });
  for (const auto* word : {"penguin", "ivory", "moustache", "blubber"}) {
    EXPECT_TRUE(found(world, world.grace(), word).empty()) << word;
  }
  EXPECT_EQ(found(world, world.ada(), "flippers"), Ids{other});
}

DATABASE_SENTENCE(ticket_search,
                  "a list is narrowed by words, newest message first, with the passage marked") {
  const auto first = open_test_ticket(world, world.ada(), "Disk", "The disk is full.");
  world.clock().advance(std::chrono::hours(1));
  const auto second = open_test_ticket(world, world.bob(), "Other", "A disk again.");
  world.clock().advance(std::chrono::hours(1));
  ASSERT_TRUE(write(world, world.grace(), first, "We made <b>room</b> on the DISKS of the rack."));
  const auto page = listed(world, world.grace(), {{"search", "disk"}});
  ASSERT_EQ(page.rows.size(), 2U);
  EXPECT_EQ(page.rows.at(0).id, first);
  EXPECT_EQ(page.rows.at(1).id, second);
  EXPECT_EQ(marked(page.rows.at(1).excerpt), "A [disk] again.");
  EXPECT_EQ(excerpt_in(listed(world, world.grace(), {{"search", "made disk"}})),
            "We [made] <b>room</b> on the [DISKS] of the rack.");
  EXPECT_EQ(listed(world, world.grace(), {{"search", "disk"}, {"sort", "id"}}).rows.size(), 2U);
  EXPECT_EQ(listed(world, world.grace(), {{"search", "disk"}, {"waiting", "client"}}).rows.size(),
            1U);
  EXPECT_EQ(excerpt_in(listed(world, world.grace(), {{"search", "other"}})), "");
  Visitor grace(world, world.grace());
  const auto shown = grace.get("/helpdesk?search=made");
  EXPECT_NE(shown.body.find("We <mark>made</mark> &lt;b&gt;room"), std::string::npos) << shown.body;
}

DATABASE_SENTENCE(
    ticket_search,
    "pages of a search hold each ticket once, and the last says how many there were") {
  constexpr int tickets = 60;
  std::vector<TicketId> all;
  for (int i = 0; i < tickets; ++i) {
    all.push_back(open_test_ticket(world, world.ada(), "Pump " + std::to_string(i), "The pump."));
  }
  // Many messages of one ticket are newer than everything else.
  for (int i = 0; i < 80; ++i) ASSERT_TRUE(write(world, world.grace(), all.at(7), "A pump."));
  std::vector<TicketId> seen;
  for (int number = 1; number <= 4; ++number) {
    const auto page =
        listed(world, world.grace(), {{"search", "pump"}, {"page", std::to_string(number)}});
    for (const auto& row : page.rows) seen.push_back(row.id);
    if (number == 1) {
      EXPECT_EQ(page.rows.size(), 25U);
      EXPECT_EQ(page.rows.front().id, all.at(7));
      EXPECT_EQ(page.rows.at(1).id, all.back()) << "then the newest";
      EXPECT_TRUE(page.total == 25 ? page.more_than_counted : page.total == tickets);
    }
    if (number == 3) {
      EXPECT_EQ(page.rows.size(), 10U);
      EXPECT_EQ(page.total, tickets);
      EXPECT_FALSE(page.more_than_counted);
    }
    if (number == 4) {
      EXPECT_TRUE(page.rows.empty());
    }
  }
  std::ranges::sort(seen);
  EXPECT_EQ(seen, all);
  Visitor grace(world, world.grace());
  EXPECT_NE(grace.get("/helpdesk?search=pump&page=3").body.find("51–60 of 60"), std::string::npos);
}

DATABASE_SENTENCE(ticket_search, "a client's name goes before what mentions it") {
  const auto named = open_test_ticket(world, world.bob(), "Quiet", "Nothing else.");
  const auto mentioned = open_test_ticket(world, world.ada(), "About bob", "He knows.");
  EXPECT_EQ(found(world, world.grace(), "bob"), (Ids{named, mentioned}));
  EXPECT_EQ(found(world, world.grace(), "bo"), (Ids{mentioned, named}))
      << "what only begins so goes after";
  EXPECT_EQ(found(world, world.ada(), "bob"), Ids{mentioned}) << "clients find no people";
}

SENTENCE(ticket_search, "the pieces of SQLite's index are put together, and found is the same") {
  World world(Engine::sqlite);
  Ids all;
  for (int i = 0; i < 40; ++i) {
    all.push_back(open_test_ticket(world, world.ada(), "Pump", "number " + std::to_string(i)));
  }
  static constexpr Statement pieces{"pieces",
                                    "select count(distinct segid) as n from ticket_search_idx"};
  const auto count = [&] {
    return world.database().read([](Transaction& tx) { return tx.require(pieces).number("n"); });
  };
  EXPECT_GT(count(), 3) << "there is something to put together";
  tidy_search_index(world.database());
  EXPECT_EQ(count(), 1);
  std::ranges::reverse(all);
  EXPECT_EQ(found(world, world.ada(), "pump"), all);
  tidy_search_index(world.database());
  EXPECT_EQ(count(), 1);
}

SENTENCE(ticket_search, "an excerpt is short, whole characters, around the first word found") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "número " + std::to_string(i) + ", ";
  text += "aquí está la ñandú al final";
  const auto shown = marked(excerpt_of(text, {"nandu"}, 120));
  EXPECT_TRUE(shown.starts_with("…")) << shown;
  EXPECT_TRUE(shown.ends_with("la [ñandú] al final")) << shown;
  EXPECT_TRUE(is_utf8(shown));
  EXPECT_EQ(marked(excerpt_of("one\ntwo   three", {"tw"}, 100)), "one [two] three");
  EXPECT_EQ(marked(excerpt_of("one two", {"t"}, 100)), "one two")
      << "one letter marks nothing else";
  EXPECT_EQ(marked(excerpt_of("", {"x"}, 100)), "");
  EXPECT_EQ(marked(excerpt_of("ééééé", {"x"}, 3)), "ééé…");
}

SENTENCE(ticket_search, "SQLite's tokenizer makes the same words of every character as we do") {
  World world(Engine::sqlite);
  world.database().write([&](Transaction& tx) {
    tx.select_built("t", R"(create virtual table test_words using fts5
      (w, tokenize = 'unicode61 remove_diacritics 2'))",
                    {});
    tx.select_built(
        "t", "create virtual table test_vocabulary using fts5vocab(test_words, 'instance')", {});
    for (std::int64_t c = 0x80; c < 0xfffe; ++c) {
      if (c >= 0xd800 && c <= 0xf8ff) continue;  // no characters, or for private use
      static constexpr Statement insert{"t", R"(
        insert into test_words (rowid, w) values (:c, 'a' || char(:c) || 'b'))"};
      tx.execute(insert, {{"c", c}});
    }
    std::map<std::int64_t, std::vector<std::string>> theirs;
    for (const Row& row : tx.select(every_character)) {
      theirs[row.number("doc")].push_back(row.text("term"));
    }
    static constexpr Statement text_of{"t", "select 'a' || char(:c) || 'b' as text"};
    for (const auto& [character, words] : theirs) {
      std::vector<std::string> ours;
      for (const auto& word : search_words(tx.require(text_of, {{"c", character}}).text("text"))) {
        ours.push_back(word.folded);
      }
      EXPECT_EQ(ours, words) << character;
      if (testing::Test::HasFailure()) break;
    }
    EXPECT_GT(theirs.size(), 50'000U);
  });
}

SENTENCE(ticket_search,
         "a search reads as many documents as it may and no more, through the index") {
  World world(Engine::sqlite);
  const auto plan_of = [&](const std::string& text) {
    std::string plan;
    world.database().read([&](Transaction& tx) {
      for (const auto& row : tx.select_built("plan", "explain query plan " + text, {})) {
        plan += row.text("detail") + "; ";
      }
    });
    return plan;
  };
  const auto plan = plan_of(R"(
    select texts.ticket_id, texts.entry_id
    from (select rowid as found from ticket_search where ticket_search match '"a"'
          order by rowid desc limit 1000) hits
    join ticket_texts texts on texts.id = hits.found
    order by texts.id desc)");
  EXPECT_NE(plan.find("ticket_search VIRTUAL TABLE INDEX"), std::string::npos) << plan;
  EXPECT_NE(plan.find("SEARCH texts USING INTEGER PRIMARY KEY"), std::string::npos) << plan;
  const auto of_tickets = plan_of(
      "select id from tickets where id in (select value from json_each('[1]')) "
      "order by last_entry_at desc, id desc limit 25");
  EXPECT_NE(of_tickets.find("SEARCH tickets USING INTEGER PRIMARY KEY"), std::string::npos)
      << of_tickets;
}

}  // namespace cstims::test
