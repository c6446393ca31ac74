#include "ticket/ticket_mail_store.h"

#include "base/listing.h"

namespace cstims {

constexpr Statement find_note_of_ticket{"note of a ticket", R"(
  select id, author_id, source, body, quoted, mail_id, created_at
  from ticket_entries
  where id = :entry
    and ticket_id = :ticket
    and kind = 'note')"};
constexpr Statement list_attachments_of_note{"attachments of a note", R"(
  select id, name, media_type, size, sha256
  from attachments
  where entry_id = :entry
  order by id)"};

std::optional<TicketEntry> find_note(Transaction& tx, TicketId ticket, TicketEntryId entry) {
  const auto row = tx.find(find_note_of_ticket, {{"ticket", ticket}, {"entry", entry}});
  if (!row) return std::nullopt;
  TicketEntry note{.id = entry,
                   .ticket = ticket,
                   .kind = EntryKind::note,
                   .author = row->maybe_id<struct User>("author_id"),
                   .author_name = "",
                   .by_staff = true,
                   .source = stored_entry_source(row->text("source")),
                   .body = row->text("body"),
                   .created_at = row->instant("created_at"),
                   .attachments = {},
                   .quoted = row->text("quoted"),
                   .mail = row->maybe_id<InboundMail>("mail_id")};
  for (const Row& file : tx.select(list_attachments_of_note, {{"entry", entry}})) {
    note.attachments.push_back({.id = file.id<struct Attachment>("id"),
                                .name = file.text("name"),
                                .media_type = file.text("media_type"),
                                .size = file.number("size"),
                                .sha256 = file.text("sha256")});
  }
  return note;
}

constexpr Statement publish_note_row{"note becomes a reply", R"(
  update ticket_entries
  set kind = 'reply', body = :body
  where id = :entry
    and kind = 'note')"};

bool mark_note_public(Transaction& tx, TicketEntryId note, std::string_view body) {
  return tx.execute(publish_note_row, {{"entry", note}, {"body", body}}) == 1;
}

constexpr Statement count_held{"mails that wait", R"(
  select count(*) as total
  from (
    select id from inbound_mails where verdict = 'held'
    union all
    select id from inbound_mails where verdict = 'failed'
    limit :most) waiting)"};

std::int64_t count_held_mails(Transaction& tx) {
  return tx.require(count_held, {{"most", Listing::most_counted}}).number("total");
}

constexpr Statement find_mail_of_opening{"mail of a ticket's opening", R"(
  select min(id) as id
  from inbound_mails
  where ticket_id = :ticket
    and entry_id is null
    and verdict = 'taken')"};

std::optional<InboundMailId> find_opening_mail(Transaction& tx, TicketId ticket) {
  return tx.require(find_mail_of_opening, {{"ticket", ticket}}).maybe_id<InboundMail>("id");
}

}  // namespace cstims
