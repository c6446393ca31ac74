#include <array>

#include "app/command_functions.h"

namespace cstims {
namespace {

using Parameter = CommandParameter;

constexpr Parameter json{"--json", "", "print JSON"};
constexpr Parameter search{"--search", "TEXT", "only what contains this"};
constexpr std::array listing{json, search};
constexpr std::array json_only{json};

constexpr std::array serve_parameters{
    Parameter{"--listen", "ADDR:PORT", "instead of server.listen"},
};
constexpr std::array outbox_list_parameters{json, Parameter{"--all", "", "also what was sent"}};
constexpr std::array file_to_write{Parameter{"FILE", "", "the copy; must not exist yet", true}};
constexpr std::array restore_parameters{
    Parameter{"FILE", "", "a copy made by db backup", true},
    Parameter{"--verify", "", "only look whether it is whole"},
};
constexpr std::array invoice_run_parameters{
    Parameter{"--date", "YYYY-MM-DD", "run as if today were that day"},
    Parameter{"--dry-run", "", "say what would be issued, write nothing"},
    Parameter{"--force", "", "allow a day that has not come yet"},
    json,
};
constexpr std::array simulate_parameters{
    Parameter{"--until", "YYYY-MM-DD", "up to that day; without it a month ahead"},
    Parameter{"--client", "USERNAME", "only this client"},
    Parameter{"--order", "ID", "only this order"},
    json,
};
constexpr std::array dunning_parameters{
    Parameter{"--date", "YYYY-MM-DD", "as if today were that day"},
    Parameter{"--dry-run", "", "say what would be done, do nothing"},
    json,
};
constexpr std::array bank_import_parameters{
    Parameter{"FILE", "", "a statement: CAMT.053 (XML), Norma 43 or CSV", true},
    Parameter{"--format", "FORMAT", "auto (default), camt053, csv or norma43"},
    Parameter{"--dry-run", "", "say what would be recorded, write nothing"},
    json,
};
constexpr std::array user_create_parameters{
    Parameter{"--username", "NAME", "how the person signs in", true},
    Parameter{"--email", "ADDRESS", "where mail goes", true},
    Parameter{"--type", "TYPE", "client, helpdesk, accountant or admin", true},
    Parameter{"--password-stdin", "",
              "read the password from standard input; else one is made and printed"},
};
constexpr std::array set_password_parameters{
    Parameter{"--username", "NAME", "whose", true},
    Parameter{"--password-stdin", "",
              "read the password from standard input; else one is made and printed"},
};
constexpr std::array job_name{Parameter{"NAME", "", "see: cstims job list", true}};
constexpr std::array periods_parameters{
    Parameter{"--start", "YYYY-MM-DD", "the first day that is billed", true},
    Parameter{"--period", "PERIOD", "h d w mo 3mo 6mo y 2y 3y or once", true},
    Parameter{"--as-of", "YYYY-MM-DD", "all that is due up to this day", true},
    Parameter{"--anchor", "DAY", "periods of months begin on this day of the month, 1 to 31"},
    Parameter{"--mode", "MODE", "advance (default) or arrears"},
    Parameter{"--end", "YYYY-MM-DD", "the first day that is not billed any more"},
    json,
};
constexpr std::array price_parameters{
    Parameter{"--term", "TERM", "a billing term such as \"(1*cpu + 0.5*ram) €/mo\"", true},
    Parameter{"--option", "KEY=VALUE", "the value of an option of the term; once for each", false,
              true},
    Parameter{"--period", "PERIOD", "which alternative: mo, y, …"},
    Parameter{"--days", "N", "of a period cut short: its days"},
    Parameter{"--period-days", "M", "… of the days of the whole period"},
    json,
};
constexpr std::array receive_parameters{
    Parameter{"--recipient", "ADDRESS", "the envelope's recipient, as the mail server names it"},
};
constexpr std::array bench_parameters{
    Parameter{"--clients", "N", "how many clients", true},
    Parameter{"--replies", "N", "replies to a ticket on average (10)", false}};

constexpr std::array table{
    Command{"serve", "", "Serves the pages and runs the jobs; ends on SIGTERM.", serve_parameters,
            serve},
    Command{"db", "migrate", "Brings the database to this program's schema.", {}, migrate_database},
    Command{"db", "check", "Checks the integrity of the database.", {}, check_database_command},
    Command{"db", "backup", "Copies an SQLite database while it is in use.", file_to_write,
            backup_database},
    Command{"db", "restore", "Puts a copy in the place of the SQLite database; no server may run.",
            restore_parameters, restore_database},
    Command{"invoice", "run", "Invoices all that is due and mails it.", invoice_run_parameters,
            run_invoices_command},
    Command{"makeinvoices", "", "The same as invoice run.", invoice_run_parameters,
            run_invoices_command},
    Command{"invoice", "remind", "Sends the reminders and overdue notices that are due.",
            dunning_parameters, remind_command},
    Command{"invoice",
            "audit",
            "Checks the books; prints violations only.",
            {},
            audit_invoices_command},
    Command{"invoice", "simulate",
            "Shows what the daily runs up to a day would issue, line by line with reasons.",
            simulate_parameters, simulate_invoices_command},
    Command{"invoice", "list", "Lists the newest invoices.", listing, list_invoices_command},
    Command{"bank", "import",
            "Stores a bank statement and records the payments that name their invoice.",
            bank_import_parameters, import_bank_command},
    Command{"user", "create", "Makes a verified account.", user_create_parameters,
            create_user_command},
    Command{"user", "list", "Lists the newest accounts.", listing, list_users_command},
    Command{"user", "set-password", "Sets a password and ends the person's sessions.",
            set_password_parameters, set_password_command},
    Command{"service", "list", "Lists what is sold.", json_only, list_services_command},
    Command{"order", "list", "Lists the newest orders.", listing, list_orders_command},
    Command{"order", "suspend-unpaid",
            "Suspends orders long unpaid that were announced, and announces the next.",
            dunning_parameters, suspend_unpaid_command},
    Command{"ticket", "list", "Lists the newest tickets.", listing, list_tickets_command},
    Command{"job", "run", "Runs a periodic job once, now.", job_name, run_job_command},
    Command{"job", "list", "Lists the periodic jobs and how they went.", json_only,
            list_jobs_command},
    Command{"outbox", "list", "Lists the mail that is waiting or could not be sent.",
            outbox_list_parameters, list_outbox_command},
    Command{"outbox", "send", "Sends the waiting mail now.", {}, send_outbox_command},
    Command{"mail",
            "inspect",
            "Shows as JSON what a mail on standard input is taken for; no database.",
            {},
            inspect_mail_command},
    Command{"mail", "receive", "Takes in one mail from standard input: for the mail server's pipe.",
            receive_parameters, receive_mail_command},
    Command{"mail", "fetch", "Empties the mailbox of imap.url once.", json_only,
            fetch_mail_command},
    Command{"mail",
            "rotate-key",
            "Makes a new key for the codes in mails; those of the last one stay good.",
            {},
            rotate_mail_key_command},
    Command{"billing", "periods", "Lists the periods that are due, [from, to), oldest first.",
            periods_parameters, show_billing_periods},
    Command{"billing", "price", "Shows the price of a billing term and the amount of a line.",
            price_parameters, show_billing_price},
    Command{"sample",
            "load",
            "Fills an empty database with sample data and prints its accounts.",
            {},
            load_sample},
    Command{"bench", "load", "Fills an empty database with large made-up data.", bench_parameters,
            load_bench},
    Command{"config",
            "describe",
            "Prints a complete commented example configuration.",
            {},
            describe_config},
    Command{"config",
            "commands",
            "Prints the reference of all commands.",
            {},
            describe_commands_command},
    Command{"config", "routes", "Lists every address of the server and who may.", json_only,
            list_routes_command},
};

}  // namespace

std::span<const Command> commands_table() {
  return table;
}

}  // namespace cstims
