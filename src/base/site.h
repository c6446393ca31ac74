// What every part may know of this installation; made by app/ from the settings, never changed
// while running.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/email_address.h"
#include "base/money.h"

namespace cstims {

/// When clients are reminded of invoices and what follows; each may be off.
struct DunningSettings {
  std::optional<int> reminder_days_before = 3;
  std::vector<int> overdue_days = {1, 7, 14};  // ascending; empty: off
  std::optional<int> suspend_days = {};        // after the due date
};

/// What becomes of mail of the staff that came in (an address alone is easily forged).
enum class StaffMail {
  off,      // held
  confirm,  // kept as an internal note until its author confirms it after signing in
  proven,   // the same, except where our mail server vouches for the sender
};

/// Mail in: where it comes to, and how far it is believed.
struct MailInSettings {
  std::optional<EmailAddress> reply_address = {};   // answers go to "local+CODE@host" of it
  std::optional<EmailAddress> bounce_address = {};  // the envelope's sender likewise
  StaffMail staff_mail = StaffMail::confirm;
  std::string authserv_id = {};       // of our mail server, in Authentication-Results
  std::string helpdesk_list_id = {};  // of the helpdesk's mailing list, without brackets
  bool known_clients_open_tickets = false;
  int raw_days = 90;  // how long mails are kept as they came
};

/// By when tickets should be answered and solved, in hours of business; 0: no such target.
struct TargetHours {
  int first_reply = 0;
  int solution = 0;
};
struct TargetSettings {
  std::array<TargetHours, 4> of_priority = {};  // low, normal, high, urgent
  std::chrono::minutes opens{9 * 60};           // of each business day, in the site's zone
  std::chrono::minutes closes{18 * 60};
  std::array<bool, 7> days = {true, true, true, true, true, false, false};  // Monday first
};

/// What becomes of tickets whose client does not answer.
struct SilenceSettings {
  std::optional<int> warn_days = {};  // after the last message; absent: nothing
  int close_days = 7;                 // after the warning
};

/// How the bank writes CSV files, as far as it is not found out: bank/bank_file.h says it in full.
struct BankCsvSettings {
  std::string columns = {};
  std::string separator = {};
  std::string decimal_sign = {};
  std::string dates = {};
};

struct Site {
  std::string name;  // "ARFNET"
  std::string
      url;  // "https://portal.example.org", no slash at the end; links in mails use only this
  std::string tagline;
  std::string locale;  // "en", "es"
  TimeZone zone;
  Currency currency;
  EmailAddress mail_from;
  EmailAddress mail_admin;
  EmailAddress mail_helpdesk;
  EmailAddress mail_accounting;
  std::string seller;        // name, address and tax number as printed on invoices, several lines
  std::string payment_text;  // how to pay, printed on invoices; several lines
  int due_days = 14;         // from issue date to due date
  int lead_days = 0;         // invoices are made this many days before the period begins
  std::size_t most_lines = 100;             // of one order in one billing run; more is a fault
  std::optional<unsigned> anchor_day = {};  // on which the periods of new orders begin
  bool bills_suspended = true;              // days of a suspension are billed, of new orders
  bool credits_at_end = false;              // clients who end at once get unused days back
  TaxRate tax_rate;                         // the standard rate, where tax_rates has none
  std::string seller_country = "ES";        // ISO 3166-1 alpha-2
  std::string account_holder = {};          // of the account clients pay to
  std::string iban = {};                    // without spaces; empty: no payment code on invoices
  std::string bic = {};
  std::string number_format;   // "{series}{year}-{number:6}"
  int shortest_password = 15;  // characters; never below 8
  std::string pages_folder =
      {};                 // the operator's pay.md, privacy.md, terms.md; empty: the built-in ones
  std::string logo = {};  // a PNG file printed on invoices; empty: the name
  DunningSettings dunning = {};
  BankCsvSettings bank_csv = {};
  MailInSettings mail_in = {};
  TargetSettings targets = {};
  SilenceSettings silence = {};
  bool asks_ratings = true;  // of clients whose ticket was closed
  bool https() const { return url.starts_with("https://"); }
};

}  // namespace cstims
