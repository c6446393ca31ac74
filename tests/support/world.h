// The world of a test: a database of its own with the cast in it, a clock that stands still, a
// site, the outbox.
//
//     DATABASE_SENTENCE(ticket, "a client cannot close a ticket of another") {
//       const auto ticket = world.act(world.ada(), [](Act& act) { return open_ticket(act, …); });
//       …
//       EXPECT_EQ(world.mails().size(), 2);
//     }
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/background.h"
#include "http/context.h"
#include "support/cast.h"
#include "support/sentence.h"
#include "support/test_database.h"

namespace cstims::test {

/// A row of the outbox.
struct QueuedMail {
  std::string kind;
  std::string event;
  std::string recipient;
  std::string recipient_name;
  std::string from_name;
  std::string subject;
  std::string body_text;
  std::string body_html;
  std::string headers;
  std::string documents;
  std::optional<TicketId> ticket;
};

class World {
 public:
  explicit World(Engine engine);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Database& database() { return database_; }
  /// For another Database beside it: a second program.
  const std::string& url() const { return own_.url(); }
  FakeClock& clock() { return clock_; }
  Site& site() { return site_; }
  /// Strict: a name that a view uses and its page does not fill throws. Made once a process.
  const Renderer& renderer();
  FileStore& files();
  const Mailer& mailer();
  const Services& services();
  /// Files that come in are shown to it from now on.
  void scan_with(const FileScanner& scanner);
  /// What pages started and did not wait for.
  Background& background() { return background_; }
  /// How often mail was announced to the worker.
  int wakes() const { return wakes_; }
  /// A folder for the files of this test.
  const ScratchFolder& folder() const { return folder_; }

  Viewer ada() const { return member(1, Role::client, "ada"); }
  Viewer bob() const { return member(2, Role::client, "bob"); }
  Viewer grace() const { return member(3, Role::helpdesk, "grace"); }
  Viewer luca() const { return member(4, Role::accountant, "luca"); }
  Viewer root() const { return member(5, Role::admin, "root"); }

  /// Runs a verb as `viewer` in a write transaction, like Context::act.
  template <typename Verb>
  auto act(const Viewer& viewer, Verb&& verb) {
    const Mailer& post = mailer();
    return database_.write([&](Transaction& tx) {
      Act act{tx, viewer, post, site_};
      return verb(act);
    });
  }
  /// The whole outbox, oldest first.
  std::vector<QueuedMail> mails();
  /// Forgets the mails so far.
  void clear_mails();

 private:
  static Viewer member(std::int64_t id, Role role, std::string name) {
    return {UserId(id), role, std::move(name)};
  }

  CastDatabase own_;
  ScratchFolder folder_;
  FakeClock clock_;
  Site site_;
  Database database_;
  int wakes_ = 0;
  std::unique_ptr<FileStore> files_;
  std::unique_ptr<Mailer> mailer_;
  std::unique_ptr<Services> services_;
  Background background_;
};

/// The site of tests: ARFNET, euros, Madrid, 21 % tax.
Site site_of_tests();

bool add_database_sentence(const char* suite, const std::string& name, const char* file, int line,
                           void (*body)(World&));

}  // namespace cstims::test

#define DATABASE_SENTENCE(suite, name)                                                            \
  static void CSTIMS_JOIN(sentence_, __LINE__)(cstims::test::World & world);                      \
  static const bool CSTIMS_JOIN(sentence_added_, __LINE__) = cstims::test::add_database_sentence( \
      #suite, name, __FILE__, __LINE__, CSTIMS_JOIN(sentence_, __LINE__));                        \
  static void CSTIMS_JOIN(sentence_, __LINE__)([[maybe_unused]] cstims::test::World & world)
