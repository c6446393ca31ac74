#include "account/mail_choices.h"

#include "account/account_pages.h"
#include "account/mail_choices_store.h"
#include "base/failure.h"
#include "html/languages.h"
#include "support/visit.h"

namespace cstims::test {
namespace {

using Fields = std::map<std::string, std::string, std::less<>>;

Response save(World& world, const Viewer& viewer, const Fields& fields) {
  return visit(
      world, viewer,
      {.handler = update_own_mail_choices, .path_values = {}, .query = {}, .fields = fields});
}

std::string locale_of(World& world, const Viewer& viewer) {
  return world.database().read([&](Transaction& tx) { return find_mail_locale(tx, *viewer.user); });
}

TicketMails mails_of(World& world, const Viewer& viewer) {
  return world.database().read(
      [&](Transaction& tx) { return find_ticket_mails(tx, *viewer.user); });
}

std::string account_of(World& world, const Viewer& viewer) {
  return visit(world, viewer,
               {.handler = show_account, .path_values = {}, .query = {}, .fields = {}})
      .body;
}

}  // namespace

SENTENCE(mail_choices,
         "a language has its own renderer; the site's stands in for what is not known") {
  const Renderer english({.locale = "en_GB", .zone = madrid(), .strict = true});
  const Languages languages(english);
  EXPECT_EQ(&languages.in(""), &english);
  EXPECT_EQ(&languages.in("en"), &english);
  EXPECT_EQ(&languages.in("xx"), &english);
  EXPECT_EQ(languages.in("es").translate(message("The ticket was closed.")),
            "La consulta se ha cerrado.");
  EXPECT_EQ(&languages.in("es"), &languages.in("es"));
}

DATABASE_SENTENCE(mail_choices,
                  "a client chooses the language of its mails, and nothing about tickets") {
  EXPECT_EQ(redirected_to(save(world, world.ada(), {{"locale", "es"}})), "/account");
  EXPECT_EQ(locale_of(world, world.ada()), "es");
  const auto page = account_of(world, world.ada());
  EXPECT_NE(page.find("<option value=\"es\" selected>Español"), std::string::npos);
  EXPECT_EQ(page.find("name=\"new_tickets\""), std::string::npos);
  EXPECT_EQ(save(world, world.ada(), {{"locale", "xx"}}).status, 422);
  EXPECT_EQ(locale_of(world, world.ada()), "es");
  EXPECT_EQ(redirected_to(save(world, world.ada(), {{"locale", ""}})), "/account");
  EXPECT_EQ(locale_of(world, world.ada()), "");
  EXPECT_THROW(save(world, world.ada(), {{"locale", ""}, {"messages", "all"}}), BadRequest);
  EXPECT_THROW(save(world, world.luca(), {{"locale", ""}, {"new_tickets", "1"}}), BadRequest);
}

DATABASE_SENTENCE(mail_choices, "helpdesk people choose the mails of tickets") {
  EXPECT_EQ(mails_of(world, world.grace()), TicketMails());
  const Fields all{{"locale", ""}, {"new_tickets", "1"}, {"messages", "all"}};
  EXPECT_EQ(redirected_to(save(world, world.grace(), all)), "/account");
  EXPECT_EQ(mails_of(world, world.grace()), (TicketMails{true, MessageMails::all}));
  EXPECT_NE(account_of(world, world.grace()).find("<option value=\"all\" selected>"),
            std::string::npos);
  EXPECT_EQ(save(world, world.grace(), {{"locale", ""}, {"messages", "none"}}).status, 422);
  const Fields none{{"locale", ""}, {"messages", "mine"}};
  EXPECT_EQ(redirected_to(save(world, world.grace(), none)), "/account");
  EXPECT_EQ(mails_of(world, world.grace()), TicketMails());
}

}  // namespace cstims::test
