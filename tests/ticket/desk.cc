#include "ticket/desk.h"

#include <fstream>

#include "base/secret.h"
#include "base/text.h"
#include "html/layout.h"
#include "http/csrf.h"
#include "ticket/canned_reply_pages.h"
#include "ticket/ticket_link_pages.h"
#include "ticket/ticket_management_pages.h"
#include "ticket/ticket_pages.h"
#include "ticket/ticket_presence.h"
#include "ticket/ticket_queue_pages.h"
#include "ticket/ticket_rating_pages.h"
#include "ticket/ticket_report_pages.h"

namespace cstims::test {
namespace {

constexpr Statement insert_service{"service of tests", R"(
  insert into services (name, type, billing, created_at)
  values ('Small VPS', 'standard', '5 €/mo', :now)
  on conflict (name) do nothing)"};
constexpr Statement insert_order{"order of tests", R"(
  insert into orders (service_id, name, client_id, status, ordered_at, billing)
  values ((select max(id) from services), :name, :client, 'setting up', :now, '5 €/mo')
  returning id)"};

using enum Who;
constexpr std::array routes{
    Route{"GET", "/openticket", client, new_ticket},
    Route{"POST", "/openticket", client, create_ticket, Body::files},
    Route{"GET", "/tickets/{ticket}", signed_in, show_ticket},
    Route{"POST", "/tickets/{ticket}/replies", signed_in, create_reply, Body::files},
    Route{"POST", "/tickets/{ticket}/assignment", helpdesk, create_assignment, Body::form},
    Route{"POST", "/tickets/{ticket}/priority", helpdesk, update_ticket_priority, Body::form},
    Route{"POST", "/tickets/{ticket}/closure", signed_in, create_closure, Body::form},
    Route{"POST", "/tickets/{ticket}/reopening", signed_in, create_reopening, Body::form},
    Route{"GET", "/tickets/{ticket}/attachments/{attachment}", signed_in, download_attachment},
    Route{"GET", "/ratings/{rating}", anyone, show_rating},
    Route{"POST", "/ratings/{rating}", anyone, create_rating, Body::form},
    Route{"GET", "/tickets/{ticket}/merge", helpdesk, show_ticket_merger},
    Route{"POST", "/tickets/{ticket}/merge", helpdesk, create_ticket_merger, Body::form},
    Route{"POST", "/tickets/{ticket}/links", helpdesk, create_ticket_link, Body::form},
    Route{"POST", "/tickets/{ticket}/links/deletion", helpdesk, delete_ticket_link, Body::form},
    Route{"POST", "/tickets/{ticket}/order", helpdesk, update_ticket_order, Body::form},
    Route{"POST", "/tickets/{ticket}/presence", helpdesk, create_presence, Body::form},
    Route{"GET", "/helpdesk", helpdesk, show_helpdesk},
    Route{"GET", "/helpdesk/report", helpdesk, show_ticket_report},
    Route{"GET", "/tickets/{ticket}/cannedreplies/{canned}", helpdesk, show_canned_reply_text},
    Route{"GET", "/cannedreplies", helpdesk, list_canned_replies_page},
    Route{"GET", "/cannedreplies/new", helpdesk, new_canned_reply},
    Route{"POST", "/cannedreplies", helpdesk, create_canned_reply, Body::form},
    Route{"GET", "/cannedreplies/{canned}", helpdesk, edit_canned_reply_page},
    Route{"POST", "/cannedreplies/{canned}", helpdesk, update_canned_reply_entry, Body::form},
    Route{"POST", "/cannedreplies/{canned}/deletion", helpdesk, delete_canned_reply_entry,
          Body::form},
    Route{"POST", "/helpdesk/filters", helpdesk, create_ticket_filter, Body::form},
    Route{"POST", "/helpdesk/filters/deletion", helpdesk, delete_ticket_filter, Body::form},
    Route{"GET", "/managetickets", admin, list_tickets_page},
    Route{"GET", "/managetickets/new", admin, new_ticket_entry},
    Route{"POST", "/managetickets", admin, create_ticket_entry, Body::form},
    Route{"GET", "/managetickets/{ticket}", admin, edit_ticket_page},
    Route{"POST", "/managetickets/{ticket}", admin, update_ticket_entry, Body::form},
    Route{"POST", "/managetickets/{ticket}/deletion", admin, delete_ticket_entry, Body::form},
};

constexpr std::string_view secret = "a secret of 32 bytes for tests..";
const std::string session_token = random_token();

Response frame(const Context& context, std::string_view view, const Message& title,
               const Fill& fill, int status) {
  const Layout layout{.title = title,
                      .site_name = context.site().name,
                      .tagline = {},
                      .files = {},
                      .navigation = {},
                      .user_name = context.viewer.name,
                      .user_role = std::string(text(context.viewer.role)),
                      .csrf = csrf_token(context.services.secret, context.session.token),
                      .contact = context.site().mail_admin.text()};
  return Response::html(render_in_layout(context.services.renderer, layout, view, fill), status);
}

Response draw_error(const Context&, const ErrorPage& page) {
  return Response::text(page.title.english(), page.status);
}

}  // namespace

OrderId insert_test_order(World& world, const Viewer& client, const std::string& name) {
  return world.database().write([&](Transaction& tx) {
    tx.execute(insert_service, {{"now", tx.now()}});
    return tx.require(insert_order, {{"name", name}, {"client", client.user}, {"now", tx.now()}})
        .id<struct Order>("id");
  });
}

TicketId open_test_ticket(World& world, const Viewer& client, const std::string& subject,
                          const std::string& body) {
  return world.act(client,
                   [&](Act& act) {
                     return open_ticket(act, {{}, subject, body, {}});
                   })
      .value();
}

Result<TicketEntryId> write(World& world, const Viewer& author, TicketId ticket,
                            const std::string& body) {
  return world.act(author, [&](Act& act) {
    return reply_to_ticket(act, ticket, {.body = body, .seen = {}, .attachments = {}});
  });
}

TicketEntryId write_note(World& world, const Viewer& author, TicketId ticket,
                         const std::string& body) {
  return world
      .act(author,
           [&](Act& act) {
             return reply_to_ticket(
                 act, ticket, {.body = body, .internal = true, .seen = {}, .attachments = {}});
           })
      .value();
}

Result<void> assign(World& world, const Viewer& by, TicketId ticket, const Assignment& assignment) {
  return world.act(by, [&](Act& act) { return assign_ticket(act, ticket, assignment); });
}

Result<void> close(World& world, const Viewer& by, TicketId ticket, TicketStatus as,
                   const std::string& comment) {
  return world.act(by, [&](Act& act) { return close_ticket(act, ticket, {as, comment}); });
}

Result<void> reopen(World& world, const Viewer& by, TicketId ticket) {
  return world.act(by, [&](Act& act) { return reopen_ticket(act, ticket); });
}

Ticket ticket_of(World& world, TicketId ticket) {
  return world.database().read(
      [&](Transaction& tx) { return require_ticket(tx, world.root(), ticket); });
}

std::vector<TicketEntry> entries_of(World& world, const Viewer& viewer, TicketId ticket) {
  return world.database().read(
      [&](Transaction& tx) { return list_ticket_entries(tx, viewer, ticket); });
}

std::vector<std::string> mails_told(World& world) {
  std::vector<std::string> told;
  for (const auto& mail : world.mails()) told.push_back(mail.kind + " > " + mail.recipient);
  return told;
}

Upload upload(World& world, const std::string& name, const std::string& content) {
  static int count = 0;
  const auto path = world.folder() / ("upload-" + std::to_string(++count));
  std::ofstream(path, std::ios::binary) << content;
  Upload made;
  made.field = "attachment";
  made.name = name;
  made.media_type = "text/html";
  made.file = path;
  made.size = static_cast<std::int64_t>(content.size());
  made.sha256 = sha256_hex(content);
  return made;
}

Response Visitor::get(const std::string& target) {
  Request request;
  request.method = "GET";
  const auto mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string::npos) {
    for (const auto pair : split(std::string_view(target).substr(mark + 1), '&')) {
      const auto equals = pair.find('=');
      request.query.emplace(std::string(pair.substr(0, equals)),
                            std::string(pair.substr(equals + 1)));
    }
  }
  return send(std::move(request));
}

Response Visitor::post(const std::string& path,
                       std::map<std::string, std::string, std::less<>> fields,
                       std::vector<Upload> uploads) {
  Request request;
  request.method = "POST";
  request.path = path;
  request.form.fields = std::move(fields);
  request.form.fields.emplace("csrf", csrf_token(secret, session_token));
  request.form.uploads = std::move(uploads);
  return send(std::move(request));
}

Response Visitor::post_from_elsewhere(const std::string& path) {
  Request request;
  request.method = "POST";
  request.path = path;
  return send(std::move(request));
}

Response Visitor::send(Request request) {
  Services services = world_.services();
  services.secret = secret;
  const Parts parts{.services = services,
                    .router = Router(routes),
                    .trusted_proxies = {},
                    .identify =
                        [this](const Request&) {
                          const bool known = viewer_.user.has_value();
                          return Identity{viewer_, {session_token, "hash", known}};
                        },
                    .frame = frame,
                    .error_page = draw_error,
                    .moved_to = {}};
  request.peer = "192.0.2.7";
  request.id = "test";
  return dispatch(parts, std::move(request));
}

std::string header_of(const Response& response, std::string_view name) {
  const auto* found = response.find(name);
  return found ? *found : std::string();
}

}  // namespace cstims::test
