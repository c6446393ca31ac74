#include "app/post.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "base/failure.h"
#include "base/text.h"
#include "invoice/invoice_document.h"

namespace cstims {

/// A password file that others may read is as good as published.
std::string read_password_file(const Settings& settings, std::string_view key) {
  const std::string& path = settings.text(key);
  if (path.empty()) return "";
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error || !std::filesystem::is_regular_file(status)) {
    throw UsageError(fmt::format("{}: there is no file {}", key, path));
  }
  using std::filesystem::perms;
  if ((status.permissions() & (perms::others_all | perms::group_write)) != perms::none) {
    throw UsageError(fmt::format("{}: others may read {}; chmod 600 it", key, path));
  }
  std::ifstream file(path);
  std::string password;
  std::getline(file, password);
  return std::string(trim(password));
}

std::unique_ptr<MailTransport> make_transport(const Settings& settings, const Site& site) {
  const std::string& transport = settings.text("mail.transport");
  if (transport == "maildir") return maildir_transport(settings.text("mail.maildir"));
  if (transport != "smtp") throw UsageError("mail.transport: write maildir or smtp");
  const std::string& url = settings.text("mail.smtp_url");
  if (url.empty()) throw UsageError("mail.smtp_url: write smtps://HOST:465 or smtp://HOST:587");
  SmtpOptions options;
  options.url = url;
  options.username = settings.text("mail.username");
  options.password = read_password_file(settings, "mail.password_file");
  options.ca_file = settings.text("mail.smtp_ca_file");
  options.helo = std::string(site.mail_from.domain());
  options.security = smtp_security(url);
  return smtp_transport(std::move(options));
}

DocumentResolver document_source(Installation& installation) {
  return [&installation](std::string_view reference) -> MailDocument {
    constexpr std::string_view invoice = "invoice ";
    const bool is_invoice = reference.starts_with(invoice);
    const auto id = is_invoice ? InvoiceId::parse(reference.substr(invoice.size())) : std::nullopt;
    if (!id) throw MailError(fmt::format("no document is called {}", reference));
    const auto found = installation.database().read(
        [&](Transaction& tx) { return load_printed_invoice(tx, *id).invoice; });
    const DocumentParts parts{installation.database(), installation.renderer(),
                              installation.site()};
    return {.name = document_name(found),
            .type = "application/pdf",
            .bytes = ensure_invoice_document(parts, *id)};
  };
}

}  // namespace cstims
