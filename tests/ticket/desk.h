// The helpdesk of the tests: orders, tickets, files, and the pages as a browser meets them.
#pragma once

#include <string>
#include <vector>

#include "http/dispatch.h"
#include "support/world.h"
#include "ticket/ticket_actions.h"
#include "ticket/ticket_store.h"

namespace cstims::test {

OrderId insert_test_order(World& world, const Viewer& client, const std::string& name);

TicketId open_test_ticket(World& world, const Viewer& client,
                          const std::string& subject = "No network",
                          const std::string& body = "It stopped at noon.");
Result<TicketEntryId> write(World& world, const Viewer& author, TicketId ticket,
                            const std::string& body);
TicketEntryId write_note(World& world, const Viewer& author, TicketId ticket,
                         const std::string& body);
Result<void> assign(World& world, const Viewer& by, TicketId ticket,
                    const Assignment& assignment = {});
Result<void> close(World& world, const Viewer& by, TicketId ticket,
                   TicketStatus as = TicketStatus::closed, const std::string& comment = "");
Result<void> reopen(World& world, const Viewer& by, TicketId ticket);

Ticket ticket_of(World& world, TicketId ticket);
std::vector<TicketEntry> entries_of(World& world, const Viewer& viewer, TicketId ticket);
/// "ticket opened > helpdesk@arf20.com", in the order they were queued.
std::vector<std::string> mails_told(World& world);

/// A file as http/ leaves it.
Upload upload(World& world, const std::string& name, const std::string& content);

/// Sends requests as one person through dispatch, with the real csrf check.
class Visitor {
 public:
  Visitor(World& world, Viewer viewer) : world_(world), viewer_(std::move(viewer)) {}

  Response get(const std::string& target);
  Response post(const std::string& path, std::map<std::string, std::string, std::less<>> fields,
                std::vector<Upload> uploads = {});
  /// As a page of another site would: without the token.
  Response post_from_elsewhere(const std::string& path);

 private:
  Response send(Request request);
  World& world_;
  Viewer viewer_;
};

std::string header_of(const Response& response, std::string_view name);

}  // namespace cstims::test
