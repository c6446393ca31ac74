#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include "app/command_functions.h"
#include "app/inbox_worker.h"
#include "app/jobs.h"
#include "app/parts.h"
#include "app/post.h"
#include "base/failure.h"
#include "base/log.h"
#include "db/schema.h"
#include "http/background.h"
#include "http/server.h"

namespace cstims {
namespace {

ServerOptions server_options(Installation& installation, const std::string& listen) {
  const Settings& settings = installation.settings();
  ServerOptions options;
  options.listen = listen;
  options.site_url = installation.site().url;
  options.threads = page_threads(settings);
  options.form_threads = form_threads();
  options.queue_limit = static_cast<std::size_t>(settings.number("server.queue"));
  options.connections_per_address =
      static_cast<std::size_t>(settings.number("server.connections_per_address"));
  options.trusted_proxies = installation.trusted_proxies();
  options.tls_certificate = settings.text("server.tls_certificate");
  options.tls_key = settings.text("server.tls_key");
  options.upload_folder = installation.files().folder();
  return options;
}

/// Signals are waited for by the main thread only; threads made later inherit the block.
sigset_t block_ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

}  // namespace

int serve(Invocation& run) {
  const sigset_t signals = block_ending_signals();
  Installation& installation = run.installation();
  const ServerLock lock(run.settings().text("database.url"));
  const std::string listen = run.value("--listen").value_or(run.settings().text("server.listen"));
  const Parts parts = make_parts(installation);
  Metrics metrics;
  installation.set_metrics(metrics);
  Server server(server_options(installation, listen), parts, metrics);
  OutboxWorker post(installation.database(),
                    make_transport(installation.settings(), installation.site()),
                    document_source(installation));
  Background background;
  installation.set_background(background);
  installation.on_mail([&post] { post.wake(); });
  JobRunner jobs(installation);
  InboxWorker inbox(installation);
  post.start();
  jobs.start();
  inbox.start();
  server.start();
  log_info("serving", {{"listen", listen}, {"url", installation.site().url}});
  fmt::print(stderr, "cstims serves {} on {} (Ctrl-C ends it)\n", installation.site().url, listen);

  int received = 0;
  sigwait(&signals, &received);
  // A second signal ends the process at once: everything is safe in the database at any moment.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  log_info("stopping", {{"signal", std::to_string(received)}});
  server.drain_and_stop();
  background.stop();
  inbox.stop();
  jobs.stop();
  post.stop();
  log_info("stopped");
  return 0;
}

}  // namespace cstims
