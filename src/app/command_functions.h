// The functions behind the rows of commands.cc, by noun.
#pragma once

#include "app/commands.h"

namespace cstims {

int serve(Invocation& run);

int migrate_database(Invocation& run);
int check_database_command(Invocation& run);
int backup_database(Invocation& run);
int restore_database(Invocation& run);

int run_invoices_command(Invocation& run);
int remind_command(Invocation& run);
int audit_invoices_command(Invocation& run);
int simulate_invoices_command(Invocation& run);
int list_invoices_command(Invocation& run);

int import_bank_command(Invocation& run);

int create_user_command(Invocation& run);
int list_users_command(Invocation& run);
int set_password_command(Invocation& run);

int list_services_command(Invocation& run);
int list_orders_command(Invocation& run);
int suspend_unpaid_command(Invocation& run);
int list_tickets_command(Invocation& run);

int run_job_command(Invocation& run);
int list_jobs_command(Invocation& run);

int list_outbox_command(Invocation& run);
int send_outbox_command(Invocation& run);

int inspect_mail_command(Invocation& run);
int receive_mail_command(Invocation& run);
int fetch_mail_command(Invocation& run);
int rotate_mail_key_command(Invocation& run);

int show_billing_periods(Invocation& run);
int show_billing_price(Invocation& run);

int load_sample(Invocation& run);
int load_bench(Invocation& run);

int describe_config(Invocation& run);
int describe_commands_command(Invocation& run);
int list_routes_command(Invocation& run);

}  // namespace cstims
