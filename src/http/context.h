// What a handler gets. Built for each request by app/ (frame: who is signed in, navigation, csrf,
// flash).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/site.h"
#include "base/viewer.h"
#include "db/database.h"
#include "db/file_store.h"
#include "html/form_view.h"
#include "html/renderer.h"
#include "http/form_keys.h"
#include "http/request.h"
#include "mail/outbox.h"

namespace cstims {

class Background;      // http/background.h
class PasswordHasher;  // account/password.h
class Metrics;         // http/metrics.h
class FileScanner;     // db/file_scanner.h

/// One per process: what every request shares.
struct Services {
  Database& database;
  const Renderer& renderer;
  const Site& site;
  FileStore& files;
  const Mailer& mailer;
  PasswordHasher* hasher = nullptr;  // app/ sets it; pages that take passwords need it
  std::string_view secret = {};      // this installation's key for csrf tokens and flash messages
  Metrics* metrics = nullptr;        // absent in commands and tests
  Background* background = nullptr;  // absent in commands
  const FileScanner* scanner = nullptr;  // absent: no file is scanned
};

/// The session the request came with; account/ looks it up, http/ checks csrf against it.
struct SessionInfo {
  std::string token;    // the cookie's value; empty: none yet
  std::string id_hash;  // sha256 hex of the token: how the database knows it
  bool signed_in = false;
};

class Context {
 public:
  const Request& request;
  const Services& services;
  Viewer viewer;
  SessionInfo session;

  Database& database() const { return services.database; }
  const Site& site() const { return services.site; }

  /// Runs a verb in a write transaction as this viewer: `context.act([&](Act& act) { return
  /// open_ticket(act, new_ticket); })`. Throws FormRepeated when the form was acted on before.
  template <typename Verb>
  auto act(Verb&& verb) const {
    return database().write([&](Transaction& tx) {
      claim_form(tx);
      Act act{tx, viewer, services.mailer, services.site};
      return verb(act);
    });
  }

  /// The page in the layout: navigation, title, csrf and flash are filled by the frame.
  Response page(std::string_view view, const Message& title, const Fill& fill,
                int status = 200) const;
  /// The next page drawn reads itself again after so many seconds, as long as it is looked at.
  void refresh_after(int seconds) { refresh_seconds = seconds; }
  /// 303 with a one-time message shown on the next page.
  Response redirect(std::string_view path, const Message& flash = {}) const;

  // Set by app/ when building the context.
  std::function<Response(const Context&, std::string_view view, const Message& title, const Fill&,
                         int status)>
      frame;
  int refresh_seconds = 0;  // 0: never

  // Of dispatch: the key of a form that must not act twice, and whether `act` claimed it.
  FormKey form_key = {};
  mutable bool form_claimed = false;
  void claim_form(Transaction& tx) const;
};

/// The one-time message that came with the request, if it is ours (signed), and the header values
/// that set or clear it.
std::optional<Message> read_flash(const Request& request, std::string_view secret);
std::string flash_cookie(const Message& flash, const Site& site, std::string_view secret);
std::string no_flash_cookie(const Site& site);

/// A page struct names its view and title and has a `fill(Dictionary&, const Page&)`:
///
///     struct TicketPage { static constexpr std::string_view view = "ticket/show.html"; Message
///     title() const; … };
template <typename PageStruct>
Response render(const Context& context, const PageStruct& page, int status = 200) {
  return context.page(
      PageStruct::view, page.title(), [&](Dictionary& values) { fill(values, page); }, status);
}

}  // namespace cstims
