// The conversation of a ticket: what was written in it, and the files.
#include <algorithm>
#include <map>

#include "ticket/ticket_store.h"

namespace cstims {
namespace {

Attachment attachment_of(const Row& row) {
  return {.id = row.id<struct Attachment>("id"),
          .name = row.text("name"),
          .media_type = row.text("media_type"),
          .size = row.number("size"),
          .sha256 = row.text("sha256")};
}

bool is_merger(const TicketEntry& entry) {
  return entry.kind == EntryKind::event &&
         EventText::stored(entry.body).event == TicketEvent::merged_into;
}

// A ticket at a time: the index gives its entries in their order, while those of several tickets
// would have to be sorted with all their text.
constexpr Statement list_openings_merged{"openings merged into a ticket", R"(
  select id, subject, body, opened_at
  from tickets
  where merged_into = :ticket
  order by opened_at, id)"};
constexpr Statement list_entries_of_ticket{"entries of a ticket", R"(
  select id, kind, author_id, by_staff, source, body, created_at, quoted, mail_id
  from ticket_entries
  where ticket_id = :ticket
    and (:all = 1 or kind <> 'note')
  order by id)"};
constexpr Statement list_attachments_of_thread{"attachments of a ticket", R"(
  select id, entry_id, name, media_type, size, sha256
  from attachments
  where ticket_id = :ticket
  order by id)"};
constexpr Statement find_name_of_author{"name of an author", R"(
  select username
  from users
  where id = :author)"};

/// Few people write in a ticket: each is looked up once.
class AuthorNames {
 public:
  explicit AuthorNames(Transaction& tx) : tx_(tx) {}

  std::string of(std::optional<UserId> author) {
    if (!author) return "";
    const auto known = names_.find(*author);
    if (known != names_.end()) return known->second;
    const auto row = tx_.find(find_name_of_author, {{"author", *author}});
    return names_.emplace(*author, row ? row->text("username") : "").first->second;
  }

 private:
  Transaction& tx_;
  std::map<UserId, std::string> names_;
};

TicketEntry entry_of(const Row& row, TicketId ticket, AuthorNames& names) {
  TicketEntry entry{.id = row.id<TicketEntry>("id"),
                    .ticket = ticket,
                    .kind = stored_entry_kind(row.text("kind")),
                    .author = row.maybe_id<struct User>("author_id"),
                    .author_name = {},
                    .by_staff = row.flag("by_staff"),
                    .source = stored_entry_source(row.text("source")),
                    .body = row.text("body"),
                    .created_at = row.instant("created_at"),
                    .attachments = {},
                    .quoted = row.text("quoted"),
                    .mail = row.maybe_id<InboundMail>("mail_id")};
  entry.author_name = names.of(entry.author);
  return entry;
}

void add_attachments(Transaction& tx, TicketId ticket, std::vector<TicketEntry>& entries,
                     std::vector<Attachment>& of_opening) {
  for (const Row& row : tx.select(list_attachments_of_thread, {{"ticket", ticket}})) {
    const auto id = row.maybe_id<TicketEntry>("entry_id");
    if (!id) {
      of_opening.push_back(attachment_of(row));
      continue;
    }
    const auto entry = std::ranges::lower_bound(entries, *id, {}, &TicketEntry::id);
    if (entry == entries.end() || entry->id != *id) continue;
    entry->attachments.push_back(attachment_of(row));
  }
}

void add_entries(Transaction& tx, const Viewer& viewer, TicketId ticket, bool merged,
                 AuthorNames& names, std::vector<TicketEntry>& entries) {
  for (const Row& row :
       tx.select(list_entries_of_ticket, {{"ticket", ticket}, {"all", viewer.is_staff()}})) {
    auto entry = entry_of(row, ticket, names);
    if (!visible_to(viewer, entry)) continue;
    // Where it went is said in the thread by the ticket that it went to.
    if (merged && is_merger(entry)) continue;
    if (entry.by_staff && !viewer.is_staff()) entry.author_name.clear();
    entries.push_back(std::move(entry));
  }
}

}  // namespace

TicketThread read_ticket_thread(Transaction& tx, const Viewer& viewer, TicketId ticket) {
  TicketThread thread;
  for (const Row& row : tx.select(list_openings_merged, {{"ticket", ticket}})) {
    thread.merged.push_back({.ticket = row.id<Ticket>("id"),
                             .subject = row.text("subject"),
                             .body = row.text("body"),
                             .opened_at = row.instant("opened_at"),
                             .attachments = {}});
  }
  AuthorNames names(tx);
  add_entries(tx, viewer, ticket, false, names, thread.entries);
  for (const auto& merged : thread.merged) {
    add_entries(tx, viewer, merged.ticket, true, names, thread.entries);
  }
  if (!thread.merged.empty()) std::ranges::sort(thread.entries, {}, &TicketEntry::id);
  add_attachments(tx, ticket, thread.entries, thread.opening_attachments);
  for (auto& merged : thread.merged) {
    add_attachments(tx, merged.ticket, thread.entries, merged.attachments);
  }
  return thread;
}

std::vector<TicketEntry> list_ticket_entries(Transaction& tx, const Viewer& viewer,
                                             TicketId ticket) {
  return read_ticket_thread(tx, viewer, ticket).entries;
}

constexpr Statement list_attachments_of_opening{"attachments of a ticket's opening", R"(
  select id, name, media_type, size, sha256
  from attachments
  where ticket_id = :ticket
    and entry_id is null
  order by id)"};

std::vector<Attachment> list_opening_attachments(Transaction& tx, TicketId ticket) {
  std::vector<Attachment> attachments;
  for (const Row& row : tx.select(list_attachments_of_opening, {{"ticket", ticket}})) {
    attachments.push_back(attachment_of(row));
  }
  return attachments;
}

constexpr Statement find_attachment_of_ticket{"attachment of a ticket", R"(
  select attachments.id, attachments.name, attachments.media_type, attachments.size,
    attachments.sha256
  from attachments
  join tickets on tickets.id = attachments.ticket_id
  left join ticket_entries entries on entries.id = attachments.entry_id
  where attachments.id = :attachment
    and attachments.ticket_id = :ticket
    and (:all = 1
      or (tickets.client_id = :viewer and (entries.kind is null or entries.kind <> 'note'))))"};

std::optional<Attachment> find_attachment(Transaction& tx, const Viewer& viewer, TicketId ticket,
                                          AttachmentId attachment) {
  const auto row =
      tx.find(find_attachment_of_ticket, {{"ticket", ticket},
                                          {"attachment", attachment},
                                          {"all", viewer.is_staff()},
                                          {"viewer", viewer.user ? viewer.user->number() : 0}});
  return row ? std::optional(attachment_of(*row)) : std::nullopt;
}

constexpr Statement find_reply_after{"reply written meanwhile", R"(
  select id
  from ticket_entries
  where ticket_id = :ticket
    and kind = 'reply'
    and id > :seen
    and (author_id is null or author_id <> :reader)
  order by id desc
  limit 1)"};

std::optional<TicketEntryId> find_newer_reply(Transaction& tx, TicketId ticket, std::int64_t seen,
                                              std::optional<UserId> reader) {
  const auto row =
      tx.find(find_reply_after,
              {{"ticket", ticket}, {"seen", seen}, {"reader", reader ? reader->number() : 0}});
  return row ? std::optional(row->id<TicketEntry>("id")) : std::nullopt;
}

}  // namespace cstims
