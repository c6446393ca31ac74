#include "app/outbox_pages.h"

#include "mail/outbox.h"
#include "mail/outbox_store.h"
#include "mail/outbox_worker.h"
#include "support/world.h"

namespace cstims {

namespace {

using test::World;

/// A handler as root asks for it, without the frame around the page.
Response answer(World& world, Response (*handler)(Context&), Request request = {}) {
  Context context{.request = request,
                  .services = world.services(),
                  .viewer = world.root(),
                  .session = {},
                  .frame = [](const Context& context, std::string_view view, const Message&,
                              const Fill& fill, int status) {
                    return Response::html(context.services.renderer.render(view, fill), status);
                  }};
  return handler(context);
}

Request about(MessageId id) {
  Request request;
  request.path_values = {id.text()};
  return request;
}

MessageId queue_test(World& world) {
  return world.act(world.root(), [](Act& act) {
    return queue_test_mail(act, EmailAddress::parse("ada@example.org").value(), "<b>ada</b>")
        .value();
  });
}

bool holds(const Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

class RefusingTransport : public MailTransport {
  SendResult send(const std::string&, const EmailAddress&, const std::string&) override {
    return {.outcome = SendResult::Outcome::dead, .reply = "550 <No such person>"};
  }
};

void refuse_all(World& world) {
  RefusingTransport transport;
  send_waiting({world.database(), transport, [](std::string_view) { return MailDocument{}; }});
}

}  // namespace

DATABASE_SENTENCE(outbox_pages, "the outbox tells what waits and what could not be sent") {
  queue_test(world);
  EXPECT_TRUE(holds(answer(world, show_outbox), "1 mails wait, 0 could not be sent"));
  refuse_all(world);
  const Response page = answer(world, show_outbox);
  EXPECT_TRUE(holds(page, "0 mails wait, 1 could not be sent"));
  EXPECT_TRUE(holds(page, "550 &lt;No such person&gt;"));
}

DATABASE_SENTENCE(outbox_pages, "a dead mail shows why, escaped, and can be tried again") {
  const MessageId id = queue_test(world);
  EXPECT_FALSE(holds(answer(world, show_outbox_message, about(id)), "/resending"));
  refuse_all(world);
  const Response page = answer(world, show_outbox_message, about(id));
  EXPECT_TRUE(holds(page, "550 &lt;No such person&gt;"));
  EXPECT_TRUE(holds(page, "&lt;b&gt;ada&lt;/b&gt;"));
  EXPECT_TRUE(holds(page, "/resending"));
  EXPECT_EQ(answer(world, resend_outbox_message, about(id)).status, 303);
  EXPECT_EQ(world.database().read(count_outbox).waiting, 1);
}

DATABASE_SENTENCE(outbox_pages,
                  "a mail whose text is forgotten says so and cannot be tried again") {
  const MessageId id = queue_test(world);
  refuse_all(world);
  world.clock().advance(std::chrono::hours(91 * 24));
  world.database().write([](Transaction& tx) { return forget_old_bodies(tx, 10); });
  const Response page = answer(world, show_outbox_message, about(id));
  EXPECT_TRUE(holds(page, "forgotten"));
  EXPECT_FALSE(holds(page, "/resending"));
}

DATABASE_SENTENCE(outbox_pages, "a test mail goes to whoever asked for it") {
  const Response response = answer(world, send_test_mail);
  EXPECT_EQ(response.status, 303);
  ASSERT_EQ(world.mails().size(), 1u);
  EXPECT_TRUE(world.mails()[0].recipient.starts_with("root@")) << world.mails()[0].recipient;
}

}  // namespace cstims
