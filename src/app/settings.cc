#include "app/settings.h"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "app/days_setting.h"
#include "bank/bank_import.h"
#include "base/failure.h"
#include "base/iban.h"
#include "base/text.h"
#include "invoice/invoice_numbering.h"
#include "pdf/pdf_document.h"
#include "ticket/ticket_targets.h"

namespace cstims {
namespace {

using enum SettingKind;

constexpr std::array table{
    Setting{"site.name", text, "ARFNET", "The provider's name on pages, mails and invoices."},
    Setting{"site.url", text, "http://127.0.0.1:8080",
            "The address people use, without a slash at the end. Links in mails use only this."},
    Setting{"site.tagline", text, "Servers run with care, by people you can write to.",
            "One sentence below the name on the landing page."},
    Setting{"site.locale", text, "en", "Language of pages and mails: en or es."},
    Setting{"site.timezone", text, "Europe/Madrid", "Zone in which a day begins and ends."},
    Setting{"site.currency", text, "EUR", "ISO 4217 code of all prices."},
    Setting{"site.seller", lines, "ARFNET",
            "Name, address and tax number as printed on invoices, several lines."},
    Setting{"site.logo", text, "", "A PNG file printed on invoices; empty: the name."},
    Setting{"site.pages", text, "",
            "Folder with pay.md, privacy.md, terms.md that replace the built-in texts."},
    Setting{"server.listen", text, "127.0.0.1:8080", "Address and port to listen on."},
    Setting{"server.threads", number, "0",
            "Threads that answer pages (forms have their own); 0: with SQLite one per core, "
            "with PostgreSQL eight per core."},
    Setting{"server.queue", number, "256", "Requests that may wait; more are answered with 503."},
    Setting{"server.connections_per_address", number, "64",
            "Connections one address may hold; trusted proxies may hold any number."},
    Setting{"server.trusted_proxies", list, "",
            "Addresses or networks whose X-Forwarded-For is believed and that may read /metrics."},
    Setting{"server.tls_certificate", text, "",
            "PEM file with the certificate chain; empty: no TLS."},
    Setting{"server.tls_key", text, "", "PEM file with its private key."},
    Setting{"database.url", text, "sqlite:var/cstims.db",
            "sqlite:PATH or postgresql://USER:PASSWORD@HOST/DATABASE."},
    Setting{
        "database.connections", number, "0",
        "Connections one process may hold; 0: four more than threads that answer pages and forms."},
    Setting{"files.folder", text, "var/files",
            "Attachments and proofs of payment; several instances share it."},
    Setting{"files.scanner", text, "",
            "clamd, which scans each file that comes in for viruses: unix:/run/clamav/clamd.ctl or "
            "127.0.0.1:3310; empty: nobody does."},
    Setting{"mail.transport", text, "maildir", "maildir or smtp."},
    Setting{"mail.maildir", text, "var/mail", "Folder of the Maildir."},
    Setting{"mail.smtp_url", text, "",
            "smtps://HOST:465, or smtp://HOST:587 (STARTTLS required except on loopback)."},
    Setting{"mail.username", text, "", "User name at the SMTP server; empty: no sign-in."},
    Setting{"mail.password_file", text, "",
            "File that holds the password, readable by this user only."},
    Setting{"mail.smtp_ca_file", text, "",
            "PEM file of certificate authorities; empty: the system's."},
    Setting{"mail.from", text, "support@arf20.com", "Sender of every mail."},
    Setting{"mail.admin", text, "admin@arf20.com",
            "Gets registrations and orders; shown as contact."},
    Setting{"mail.helpdesk", text, "helpdesk@arf20.com", "Gets tickets."},
    Setting{"mail.accounting", text, "accounting@arf20.com", "Gets invoices and payments."},
    Setting{
        "mail.reply_address", text, "",
        "Where answers to tickets come in: with tickets@HOST, mail to tickets+ANYTHING@HOST must "
        "arrive. Empty: answers are known by their Message-ID and subject only."},
    Setting{"mail.bounce_address", text, "",
            "Where mail that cannot be delivered returns to, with +ANYTHING likewise; empty: to "
            "mail.from."},
    Setting{
        "mail.staff_mail", text, "confirm",
        "Replies of staff by mail: off (held), confirm (kept as a note until the author confirms "
        "it after signing in) or proven (taken where mail.authserv_id vouches for the sender)."},
    Setting{"mail.authserv_id", text, "",
            "The name by which the own mail server signs Authentication-Results; empty: nobody "
            "vouches."},
    Setting{"mail.helpdesk_list_id", text, "",
            "List-Id of the helpdesk's mailing list, if it is one; other lists' mail is held."},
    Setting{
        "mail.known_clients_open_tickets", flag, "false",
        "Whether mail of a client about no ticket opens one; else it is held for the helpdesk."},
    Setting{"mail.raw_days", number, "90",
            "Days for which mail is kept as it came in; what it said stays on the ticket."},
    Setting{
        "imap.url", text, "",
        "imaps://HOST or imap://HOST (STARTTLS required except on loopback) to fetch mail from; "
        "empty: mail comes by cstims mail receive."},
    Setting{"imap.username", text, "", "User name at the IMAP server."},
    Setting{"imap.password_file", text, "",
            "File that holds the password, readable by this user only."},
    Setting{"imap.ca_file", text, "", "PEM file of certificate authorities; empty: the system's."},
    Setting{"imap.inbox", text, "INBOX", "Folder whose mails are taken in, all of them."},
    Setting{"imap.done", text, "Done", "Folder where they go then."},
    Setting{"imap.failed", text, "Failed", "Folder for what failed three times."},
    Setting{"imap.oversize", text, "Oversize", "Folder for mails over 25 MiB."},
    Setting{"imap.seconds", number, "60", "Seconds between two looks of the server."},
    Setting{"billing.due_days", number, "14", "Days from the issue of an invoice to its due date."},
    Setting{"billing.lead_days", number, "0",
            "Invoices are made this many days before a period begins."},
    Setting{"billing.reminder_days_before", days, "3",
            "Clients are reminded so many days before an invoice is due; off: never."},
    Setting{"billing.overdue_days", days_list, "1,7,14",
            "Overdue notices are mailed so many days after the due date; off: never."},
    Setting{
        "billing.suspend_days", days, "off",
        "Orders billed on an invoice are suspended so many days after its due date; off: never."},
    Setting{"billing.most_lines", number, "100",
            "More lines of one order in one run are a fault, not a bill: invoice run --force."},
    Setting{
        "billing.anchor_day", number, "0",
        "Day of the month on which periods of new orders begin, 1 to 31; 0: on their first day."},
    Setting{"billing.bill_suspended", flag, "true",
            "Whether days of a suspension are billed, for new orders: what was reserved is kept."},
    Setting{"billing.credit_at_end", flag, "false",
            "Whether clients who end an order at once get back what they paid for days after it."},
    Setting{"billing.tax_rate", percent, "0",
            "Tax in per cent. An invoice at 0 % needs a legal reason: ask your accountant."},
    Setting{"billing.country", text, "ES",
            "Country of the seller, two letters; clients elsewhere in the EU may be taxed there."},
    Setting{
        "billing.number_format", text, "{series}{year}-{number:6}",
        "Form of invoice numbers: {series}, {year} and {number} or {number:DIGITS}, each once."},
    Setting{"billing.payment_text", lines, "Bank transfer. Please give the invoice number.",
            "How to pay, printed on invoices; several lines."},
    Setting{"billing.account_holder", text, "", "Whose account clients pay to; empty: site.name."},
    Setting{"billing.iban", text, "",
            "That account; with it invoices in euros carry a code that banking apps read."},
    Setting{"billing.bic", text, "", "Its bank; needed outside the EEA only."},
    Setting{"bank.csv_columns", text, "",
            "Which columns of the bank's CSV hold what, by title or number: "
            "date=Fecha;amount=Importe;text=Concepto. Empty: found by usual titles."},
    Setting{"bank.csv_separator", text, "",
            "Between its columns: one character, or tab. Empty: found out."},
    Setting{"bank.csv_decimal", text, "", "Its decimal sign, , or . Empty: found out."},
    Setting{"bank.csv_dates", text, "dmy",
            "Order of day, month and year: dmy, mdy or ymd; years of four digits in front are "
            "always understood."},
    Setting{"tickets.targets", text, "",
            "Hours of business to the first reply and to the solution, by priority: "
            "urgent=1/8, high=4/24, normal=8/40, low=0/0. 0: none; empty: no targets."},
    Setting{"tickets.business_hours", text, "09:00-18:00",
            "When those hours pass, each day; 00:00-24:00: day and night."},
    Setting{"tickets.business_days", text, "mon-fri", "On which days: mon-fri or mon,wed,sat."},
    Setting{
        "helpdesk.warn_days", days, "off",
        "A client who has not answered a ticket for so many days is told that it will be closed; "
        "off: never."},
    Setting{"helpdesk.close_days", number, "7",
            "The ticket is closed so many days after that, unless somebody writes: 1 to 365."},
    Setting{"helpdesk.ratings", flag, "true",
            "Whether the mail about a closed ticket asks its client how we did."},
    Setting{"account.shortest_password", number, "15", "Characters a password needs: 8 to 64."},
    Setting{"jobs.order_end", time_of_day, "00:05",
            "When orders that reached their last day end; off: never."},
    Setting{"jobs.invoice_run", time_of_day, "00:15", "When due orders are invoiced; off: never."},
    Setting{"jobs.dunning", time_of_day, "08:20",
            "When reminders are sent and unpaid orders suspended; off: never."},
    Setting{"jobs.ticket_closing", time_of_day, "09:05",
            "When silent clients are told and their tickets closed; off: never."},
    Setting{"jobs.invoice_audit", time_of_day, "04:05", "When the books are checked; off: never."},
    Setting{"jobs.clean_up", time_of_day, "03:35", "When what has expired is removed; off: never."},
};

const Setting* find_setting(std::string_view key) {
  const auto found = std::ranges::find(table, key, &Setting::key);
  return found == table.end() ? nullptr : &*found;
}

std::string environment_name(std::string_view key) {
  std::string name = "CSTIMS_";
  for (const char letter : key) {
    if (letter == '.') {
      name += "__";
    } else {
      name += static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    }
  }
  return name;
}

bool is_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool is_time_of_day(std::string_view text) {
  if (text == "off") return true;
  if (text.size() != 5 || text[2] != ':') return false;
  return is_number(text.substr(0, 2)) && is_number(text.substr(3)) && text.substr(0, 2) < "24" &&
         text.substr(3) < "60";
}

/// What is wrong with `value`, or empty.
std::string complaint(const Setting& setting, const std::string& value) {
  switch (setting.kind) {
    case number:
      return is_number(value) && value[0] != '-' ? "" : "must be a whole number of 0 or more";
    case flag:
      return value == "true" || value == "false" ? "" : "must be true or false";
    case percent:
      return TaxRate::parse(value) ? "" : "must be a per cent such as 21 or 5.2";
    case time_of_day:
      return is_time_of_day(value) ? "" : "must be HH:MM or off";
    case days:
      return value == "off" || read_days(value) ? "" : "must be a number of days up to 365, or off";
    case days_list:
      return read_days_list(value)
                 ? ""
                 : "must be up to 8 different numbers of days from 1 to 365, or off";
    case text:
      return has_controls(value, true) ? "must be one line" : "";
    default:
      return is_utf8(value) ? "" : "must be UTF-8";
  }
}

class Reader {
 public:
  void set(std::string_view key, std::string value, std::string_view where) {
    const Setting* setting = find_setting(key);
    if (setting == nullptr) {
      mistakes.push_back(
          fmt::format("{}: there is no setting {} (see: cstims config describe)", where, key));
      return;
    }
    if (const auto wrong = complaint(*setting, value); !wrong.empty()) {
      mistakes.push_back(fmt::format("{}: {} {}", where, key, wrong));
      return;
    }
    values[std::string(key)] = std::move(value);
  }

  void read_table(const toml::table& from, const std::string& prefix, std::string_view file) {
    for (const auto& [name, node] : from) {
      const std::string key = prefix + std::string(name.str());
      if (const auto* inner = node.as_table()) {
        read_table(*inner, key + ".", file);
      } else {
        read_value(key, node, file);
      }
    }
  }

  std::map<std::string, std::string, std::less<>> values;
  std::vector<std::string> mistakes;

 private:
  void read_value(const std::string& key, const toml::node& node, std::string_view file) {
    if (const auto* words = node.as_array()) {
      std::vector<std::string> pieces;
      for (const auto& word : *words) {
        const auto whole = word.as_integer();
        pieces.push_back(whole ? std::to_string(whole->get()) : word.value_or(std::string()));
      }
      set(key, join(pieces, ","), file);
    } else if (const auto whole = node.as_integer()) {
      set(key, std::to_string(whole->get()), file);
    } else if (const auto yes = node.as_boolean()) {
      set(key, yes->get() ? "true" : "false", file);
    } else if (const auto words_of = node.as_string()) {
      set(key, words_of->get(), file);
    } else {
      mistakes.push_back(
          fmt::format("{}: {} must be text in quotes, a whole number or a list", file, key));
    }
  }
};

void read_file(Reader& reader, const std::optional<std::string>& file) {
  const std::string path = file.value_or("cstims.conf");
  if (!file && !std::filesystem::exists(path)) return;
  if (!std::filesystem::exists(path)) throw UsageError(fmt::format("There is no file {}.", path));
  try {
    reader.read_table(toml::parse_file(path), "", path);
  } catch (const toml::parse_error& error) {
    throw UsageError(
        fmt::format("{} line {}: {}", path, error.source().begin.line, error.description()));
  }
}

template <typename T>
T checked(std::vector<std::string>& mistakes, std::string_view key, Result<T> result, T instead) {
  if (result) return std::move(*result);
  mistakes.push_back(fmt::format("{}: {}", key, result.error().english()));
  return instead;
}

void throw_mistakes(const std::vector<std::string>& mistakes) {
  if (!mistakes.empty()) throw UsageError(join(mistakes, "\n"));
}

std::optional<unsigned> anchor_day(const Settings& settings, std::vector<std::string>& mistakes) {
  const auto day = settings.number("billing.anchor_day");
  if (day > 31) mistakes.emplace_back("billing.anchor_day: a day of the month is 1 to 31, or 0");
  return day >= 1 && day <= 31 ? std::optional(static_cast<unsigned>(day)) : std::nullopt;
}

StaffMail staff_mail(const Settings& settings, std::vector<std::string>& mistakes) {
  const std::string& how = settings.text("mail.staff_mail");
  if (how == "off") return StaffMail::off;
  if (how == "proven") return StaffMail::proven;
  if (how != "confirm") mistakes.emplace_back("mail.staff_mail: write off, confirm or proven");
  return StaffMail::confirm;
}

}  // namespace

std::span<const Setting> settings_table() {
  return table;
}

Settings Settings::load(const std::optional<std::string>& file,
                        const std::vector<std::string>& assignments,
                        const std::map<std::string, std::string>& environment) {
  Reader reader;
  for (const auto& setting : table) reader.values[std::string(setting.key)] = setting.standard;
  read_file(reader, file);
  std::map<std::string, std::string_view> keys;
  for (const auto& setting : table) keys[environment_name(setting.key)] = setting.key;
  for (const auto& [name, value] : environment) {
    const auto key = keys.find(name);
    reader.set(key == keys.end() ? name : key->second, value, "environment");
  }
  for (const auto& assignment : assignments) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos) {
      reader.mistakes.push_back(fmt::format("--set {}: write key=value", assignment));
    } else {
      reader.set(assignment.substr(0, equals), assignment.substr(equals + 1), "--set");
    }
  }
  throw_mistakes(reader.mistakes);
  Settings settings;
  settings.values_ = std::move(reader.values);
  return settings;
}

const std::string& Settings::text(std::string_view key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) throw std::logic_error(fmt::format("no setting {}", key));
  return found->second;
}

std::int64_t Settings::number(std::string_view key) const {
  return std::stoll(text(key));
}

bool Settings::flag(std::string_view key) const {
  return text(key) == "true";
}

std::vector<std::string> Settings::list(std::string_view key) const {
  std::vector<std::string> words;
  for (const auto word : split(text(key), ',')) {
    if (const auto trimmed = trim(word); !trimmed.empty()) words.emplace_back(trimmed);
  }
  return words;
}

std::optional<int> Settings::days(std::string_view key) const {
  return read_days(text(key));
}

std::vector<int> Settings::days_list(std::string_view key) const {
  return read_days_list(text(key)).value();
}

std::map<std::string, std::string> environment_settings() {
  std::map<std::string, std::string> found;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view line = *entry;
    const auto equals = line.find('=');
    // Variables of the test and build scripts begin with CSTIMS_TEST_ and are no settings.
    if (line.starts_with("CSTIMS_") && !line.starts_with("CSTIMS_TEST_") && equals != line.npos) {
      found.emplace(line.substr(0, equals), line.substr(equals + 1));
    }
  }
  return found;
}

Site make_site(const Settings& settings) {
  std::vector<std::string> mistakes;
  const auto address = [&](std::string_view key) {
    return checked(mistakes, key, EmailAddress::parse(settings.text(key)),
                   EmailAddress::stored("nobody@localhost"));
  };
  const std::string& url = settings.text("site.url");
  const bool has_scheme = url.starts_with("http://") || url.starts_with("https://");
  if (!has_scheme || url.ends_with("/") || url.find_first_of(" ?#@\"<>") != url.npos) {
    mistakes.emplace_back(
        "site.url: write it as https://portal.example.org, without a slash at the end");
  }
  auto zone = checked(mistakes, "site.timezone", TimeZone::find(settings.text("site.timezone")),
                      *TimeZone::find("UTC"));
  auto currency = checked(mistakes, "site.currency",
                          Currency::parse(settings.text("site.currency")), Currency::eur());
  auto rate = checked(mistakes, "billing.tax_rate",
                      TaxRate::parse(settings.text("billing.tax_rate")), TaxRate::basis_points(0));
  const auto optional = [&](std::string_view key, Result<std::string> (*parse)(std::string_view)) {
    const auto& value = settings.text(key);
    return value.empty() ? value : checked(mistakes, key, parse(value), std::string());
  };
  const std::string iban = optional("billing.iban", parse_iban);
  const std::string bic = optional("billing.bic", parse_bic);
  const auto& holder = settings.text("billing.account_holder");
  const std::string account_holder = holder.empty() ? settings.text("site.name") : holder;
  if (count_characters(account_holder) > 70) {
    mistakes.emplace_back("billing.account_holder: banks take at most 70 characters");
  }
  const auto& country = settings.text("billing.country");
  if (country.size() != 2 ||
      !(country[0] >= 'A' && country[0] <= 'Z' && country[1] >= 'A' && country[1] <= 'Z')) {
    mistakes.emplace_back("billing.country: write two capital letters, such as ES");
  }
  if (const auto wrong = fault_of_number_format(settings.text("billing.number_format"));
      !wrong.empty()) {
    mistakes.push_back("billing.number_format: " + wrong);
  }
  if (const auto wrong = fault_of_logo(settings.text("site.logo")); !wrong.empty()) {
    mistakes.push_back("site.logo: " + wrong);
  }
  const BankCsvSettings bank_csv{.columns = settings.text("bank.csv_columns"),
                                 .separator = settings.text("bank.csv_separator"),
                                 .decimal_sign = settings.text("bank.csv_decimal"),
                                 .dates = settings.text("bank.csv_dates")};
  if (const auto wrong = fault_of_csv_rules(csv_rules(bank_csv)); !wrong.empty()) {
    mistakes.push_back(wrong);
  }
  const auto maybe_address = [&](std::string_view key) -> std::optional<EmailAddress> {
    if (settings.text(key).empty()) return std::nullopt;
    return address(key);
  };
  const MailInSettings mail_in{
      .reply_address = maybe_address("mail.reply_address"),
      .bounce_address = maybe_address("mail.bounce_address"),
      .staff_mail = staff_mail(settings, mistakes),
      .authserv_id = lower_ascii(settings.text("mail.authserv_id")),
      .helpdesk_list_id = settings.text("mail.helpdesk_list_id"),
      .known_clients_open_tickets = settings.flag("mail.known_clients_open_tickets"),
      .raw_days = static_cast<int>(settings.number("mail.raw_days"))};
  auto targets =
      read_targets(settings.text("tickets.targets"), settings.text("tickets.business_hours"),
                   settings.text("tickets.business_days"));
  if (!targets) mistakes.push_back(targets.error().english());
  const SilenceSettings silence{
      .warn_days = settings.days("helpdesk.warn_days"),
      .close_days = static_cast<int>(settings.number("helpdesk.close_days"))};
  if (silence.close_days < 1 || silence.close_days > 365 || silence.warn_days == 0) {
    mistakes.emplace_back("helpdesk.warn_days, helpdesk.close_days: at least 1 day, at most 365");
  }
  Site site{.name = single_line(settings.text("site.name")),
            .url = url,
            .tagline = settings.text("site.tagline"),
            .locale = settings.text("site.locale"),
            .zone = zone,
            .currency = currency,
            .mail_from = address("mail.from"),
            .mail_admin = address("mail.admin"),
            .mail_helpdesk = address("mail.helpdesk"),
            .mail_accounting = address("mail.accounting"),
            .seller = settings.text("site.seller"),
            .payment_text = settings.text("billing.payment_text"),
            .due_days = static_cast<int>(settings.number("billing.due_days")),
            .lead_days = static_cast<int>(settings.number("billing.lead_days")),
            .most_lines = static_cast<std::size_t>(settings.number("billing.most_lines")),
            .anchor_day = anchor_day(settings, mistakes),
            .bills_suspended = settings.flag("billing.bill_suspended"),
            .credits_at_end = settings.flag("billing.credit_at_end"),
            .tax_rate = rate,
            .seller_country = settings.text("billing.country"),
            .account_holder = account_holder,
            .iban = iban,
            .bic = bic,
            .number_format = settings.text("billing.number_format"),
            .pages_folder = settings.text("site.pages"),
            .logo = settings.text("site.logo"),
            .dunning = {.reminder_days_before = settings.days("billing.reminder_days_before"),
                        .overdue_days = settings.days_list("billing.overdue_days"),
                        .suspend_days = settings.days("billing.suspend_days")},
            .bank_csv = bank_csv,
            .mail_in = mail_in,
            .targets = targets.value_or(TargetSettings())};
  site.silence = silence;
  site.asks_ratings = settings.flag("helpdesk.ratings");
  if (site.name.empty()) mistakes.emplace_back("site.name: the provider needs a name");
  throw_mistakes(mistakes);
  return site;
}

std::string describe_settings() {
  std::string description =
      "# Every setting with its default. A setting can also be given in the environment:\n"
      "# CSTIMS_ and the key in upper case with __ for the dot (CSTIMS_DATABASE__URL).\n";
  std::string section;
  for (const auto& setting : table) {
    const auto dot = setting.key.find('.');
    if (setting.key.substr(0, dot) != section) {
      section = setting.key.substr(0, dot);
      description += fmt::format("\n[{}]\n", section);
    }
    const auto name = setting.key.substr(dot + 1);
    description += fmt::format("# {}\n", setting.sentence);
    switch (setting.kind) {
      case number:
      case flag:
        description += fmt::format("#{} = {}\n", name, setting.standard);
        break;
      case list:
        description += fmt::format("#{} = []\n", name);
        break;
      case days:
        description += read_days(setting.standard)
                           ? fmt::format("#{} = {}\n", name, setting.standard)
                           : fmt::format("#{} = \"{}\"\n", name, setting.standard);
        break;
      case days_list:
        description += fmt::format("#{} = [{}]\n", name, setting.standard);
        break;
      default:
        description += fmt::format("#{} = \"{}\"\n", name, setting.standard);
    }
  }
  return description;
}

}  // namespace cstims
