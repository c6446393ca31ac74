// Every address of the program, and who may. Acts are nouns: POST /tickets/{ticket}/closure.
#include "app/routes.h"

#include "account/account_pages.h"
#include "account/billing_pages.h"
#include "account/registration_pages.h"
#include "account/sign_in_pages.h"
#include "account/user_pages.h"
#include "app/home_pages.h"
#include "app/outbox_pages.h"
#include "app/own_lists.h"
#include "app/site_pages.h"
#include "bank/bank_pages.h"
#include "http/metrics.h"
#include "http/router.h"
#include "inbox/inbox_pages.h"
#include "invoice/account_statement_pages.h"
#include "invoice/accountant_pages.h"
#include "invoice/accounting_pages.h"
#include "invoice/billing_run_pages.h"
#include "invoice/closed_period_pages.h"
#include "invoice/dunning_pages.h"
#include "invoice/invoice_pages.h"
#include "invoice/manage_pages.h"
#include "invoice/order_change_pages.h"
#include "invoice/payment_pages.h"
#include "invoice/payment_ways_page.h"
#include "invoice/rectification_pages.h"
#include "invoice/revenue_pages.h"
#include "invoice/simulation_pages.h"
#include "order/manage_pages.h"
#include "order/order_pages.h"
#include "service/coupon_pages.h"
#include "service/service_pages.h"
#include "service/tax_rate_pages.h"
#include "ticket/canned_reply_pages.h"
#include "ticket/ticket_link_pages.h"
#include "ticket/ticket_management_pages.h"
#include "ticket/ticket_pages.h"
#include "ticket/ticket_presence.h"
#include "ticket/ticket_queue_pages.h"
#include "ticket/ticket_rating_pages.h"
#include "ticket/ticket_report_pages.h"

namespace cstims {
namespace {

using enum Who;

constexpr Route table[] = {
    // Anyone
    {"GET", "/", anyone, show_landing},
    {"GET", "/pay", anyone, show_pay_page},
    {"GET", "/privacy", anyone, show_privacy_page},
    {"GET", "/terms", anyone, show_terms_page},
    {"GET", "/healthz", anyone, show_health},
    {"GET", "/metrics", trusted_address, show_metrics},

    // Accounts
    {"GET", "/register", anyone, new_registration},
    {"POST", "/register", anyone, create_registration, Body::form},
    {"GET", "/verify", anyone, show_verification},
    {"POST", "/verify", anyone, create_verification, Body::form, true},
    {"GET", "/login", anyone, show_sign_in},
    {"POST", "/login", anyone, create_session, Body::form, true},
    {"GET", "/logout", signed_in, show_sign_out},
    {"POST", "/logout", signed_in, end_session_here, Body::form},
    {"GET", "/forgot", anyone, new_reset_request},
    {"POST", "/forgot", anyone, create_reset_request, Body::form},
    {"GET", "/reset", anyone, new_password},
    {"POST", "/reset", anyone, create_password, Body::form, true},
    {"GET", "/account", signed_in, show_account},
    {"POST", "/account/password", signed_in, update_own_password, Body::form, true},
    {"POST", "/account/email", signed_in, update_own_email, Body::form, true},
    {"GET", "/account/email/confirmation", anyone, show_email_confirmation},
    {"POST", "/account/email/confirmation", anyone, create_email_confirmation, Body::form, true},
    {"POST", "/account/billing", signed_in, update_own_billing, Body::form},
    {"POST", "/account/mails", signed_in, update_own_mail_choices, Body::form},
    {"POST", "/account/sessions/{session}/ending", signed_in, end_own_session, Body::form},
    {"POST", "/account/sessions/ending", signed_in, end_own_other_sessions, Body::form},
    {"GET", "/manageusers", admin, list_users_page},
    {"GET", "/manageusers/new", admin, new_user},
    {"POST", "/manageusers", admin, create_user_entry, Body::form},
    {"GET", "/manageusers/{user}", admin, edit_user_page},
    {"POST", "/manageusers/{user}", admin, update_user_entry, Body::form},
    {"POST", "/manageusers/{user}/deletion", admin, delete_user_entry, Body::form},
    {"POST", "/manageusers/{user}/reachability", admin, create_user_reachability, Body::form},

    {"GET", "/clients/{client}/billing", accountant, edit_client_billing},
    {"POST", "/clients/{client}/billing", accountant, update_client_billing, Body::form},

    // Home pages
    {"GET", "/client", client, show_client_home},
    {"GET", "/admin", admin, show_admin_home},
    {"GET", "/orders", client, list_own_orders},
    {"GET", "/tickets", client, list_own_tickets},
    {"GET", "/invoices", client, list_own_invoices},

    // Services
    {"GET", "/manageservices", admin, list_services_page},
    {"GET", "/manageservices/new", admin, new_service},
    {"GET", "/manageservices/price", admin, show_term_price},
    {"POST", "/manageservices", admin, create_service, Body::form},
    {"GET", "/manageservices/{service}", admin, edit_service_page},
    {"POST", "/manageservices/{service}", admin, update_service_entry, Body::form},
    {"POST", "/manageservices/{service}/deactivation", admin, deactivate_service_entry, Body::form},
    {"POST", "/manageservices/{service}/deletion", admin, delete_service_entry, Body::form},

    {"GET", "/taxrates", accountant, list_tax_rates_page},
    {"POST", "/taxrates", accountant, create_tax_rate, Body::form},
    {"GET", "/managecoupons", admin, list_coupons_page},
    {"GET", "/managecoupons/new", admin, new_coupon},
    {"POST", "/managecoupons", admin, create_coupon, Body::form},
    {"GET", "/managecoupons/{coupon}", admin, edit_coupon_page},
    {"POST", "/managecoupons/{coupon}", admin, update_coupon_entry, Body::form},
    {"POST", "/managecoupons/{coupon}/deletion", admin, delete_coupon_entry, Body::form},

    // Orders
    {"GET", "/order", client, show_order_form},
    {"GET", "/order/price", client, show_order_price},
    {"POST", "/order", client, create_order, Body::form},
    {"GET", "/orders/{order}", signed_in, show_order},
    {"POST", "/orders/{order}/ending", signed_in, end_order_entry, Body::form},
    {"POST", "/orders/{order}/continuation", signed_in, continue_order_entry, Body::form},
    {"GET", "/manageorders", admin, list_orders_page},
    {"GET", "/manageorders/new", admin, new_order},
    {"POST", "/manageorders", admin, create_order_entry, Body::form},
    {"GET", "/manageorders/{order}", admin, edit_order_page},
    {"POST", "/manageorders/{order}", admin, update_order_entry, Body::form},
    {"POST", "/manageorders/{order}/deletion", admin, delete_order_entry, Body::form},
    {"GET", "/manageorders/{order}/change", admin, show_order_change},
    {"POST", "/manageorders/{order}/change", admin, create_order_change, Body::form},
    {"POST", "/manageorders/{order}/change/ending", admin, create_order_change_end, Body::form},

    // Tickets
    {"GET", "/openticket", client, new_ticket},
    {"POST", "/openticket", client, create_ticket, Body::files},
    {"GET", "/tickets/{ticket}", signed_in, show_ticket},
    {"POST", "/tickets/{ticket}/replies", signed_in, create_reply, Body::files},
    {"POST", "/tickets/{ticket}/assignment", helpdesk, create_assignment, Body::form},
    {"POST", "/tickets/{ticket}/priority", helpdesk, update_ticket_priority, Body::form},
    {"POST", "/tickets/{ticket}/closure", signed_in, create_closure, Body::form},
    {"POST", "/tickets/{ticket}/reopening", signed_in, create_reopening, Body::form},
    {"GET", "/tickets/{ticket}/attachments/{attachment}", signed_in, download_attachment},
    {"GET", "/ratings/{rating}", anyone, show_rating},
    {"POST", "/ratings/{rating}", anyone, create_rating, Body::form},
    {"GET", "/tickets/{ticket}/merge", helpdesk, show_ticket_merger},
    {"POST", "/tickets/{ticket}/merge", helpdesk, create_ticket_merger, Body::form},
    {"POST", "/tickets/{ticket}/links", helpdesk, create_ticket_link, Body::form},
    {"POST", "/tickets/{ticket}/links/deletion", helpdesk, delete_ticket_link, Body::form},
    {"POST", "/tickets/{ticket}/order", helpdesk, update_ticket_order, Body::form},
    {"POST", "/tickets/{ticket}/presence", helpdesk, create_presence, Body::form},
    {"GET", "/helpdesk", helpdesk, show_helpdesk},
    {"GET", "/helpdesk/report", helpdesk, show_ticket_report},
    {"GET", "/tickets/{ticket}/cannedreplies/{canned}", helpdesk, show_canned_reply_text},
    {"GET", "/cannedreplies", helpdesk, list_canned_replies_page},
    {"GET", "/cannedreplies/new", helpdesk, new_canned_reply},
    {"POST", "/cannedreplies", helpdesk, create_canned_reply, Body::form},
    {"GET", "/cannedreplies/{canned}", helpdesk, edit_canned_reply_page},
    {"POST", "/cannedreplies/{canned}", helpdesk, update_canned_reply_entry, Body::form},
    {"POST", "/cannedreplies/{canned}/deletion", helpdesk, delete_canned_reply_entry, Body::form},
    {"POST", "/helpdesk/filters", helpdesk, create_ticket_filter, Body::form},
    {"POST", "/helpdesk/filters/deletion", helpdesk, delete_ticket_filter, Body::form},
    {"GET", "/managetickets", admin, list_tickets_page},
    {"GET", "/managetickets/new", admin, new_ticket_entry},
    {"POST", "/managetickets", admin, create_ticket_entry, Body::form},
    {"GET", "/managetickets/{ticket}", admin, edit_ticket_page},
    {"POST", "/managetickets/{ticket}", admin, update_ticket_entry, Body::form},
    {"POST", "/managetickets/{ticket}/deletion", admin, delete_ticket_entry, Body::form},

    // Unpaid invoices
    {"POST", "/orders/{order}/exemption", accountant, create_exemption, Body::form},
    {"POST", "/orders/{order}/exemption/ending", accountant, end_exemption, Body::form},
    {"POST", "/invoices/{invoice}/reminders/pause", accountant, create_dunning_pause, Body::form},
    {"POST", "/invoices/{invoice}/reminders/resumption", accountant, end_dunning_pause, Body::form},
    {"GET", "/suspensions", accountant, show_suspensions},

    // Invoices
    {"GET", "/invoices/{file}", signed_in, show_invoice},
    {"GET", "/invoices/{invoice}/pay", signed_in, show_payment_ways},
    {"POST", "/invoices/{invoice}/payments", accountant, create_payment, Body::files},
    {"POST", "/invoices/{invoice}/payments/{payment}/reversal", accountant, create_payment_reversal,
     Body::form},
    {"GET", "/invoices/{invoice}/payments/{payment}/proof", accountant, show_payment_proof},
    {"POST", "/invoices/{invoice}/credit", accountant, create_credit_use, Body::form},
    {"POST", "/invoices/{invoice}/paid", accountant, create_paid_mark, Body::form},
    {"POST", "/invoices/{invoice}/unpaid", accountant, create_unpaid_mark, Body::form},
    {"GET", "/invoices/{invoice}/rectification", accountant, new_rectification},
    {"POST", "/invoices/{invoice}/rectification", accountant, create_rectification, Body::form},
    {"GET", "/accountant", accountant, show_accountant},
    {"GET", "/accounting", accountant, show_accounting},
    {"GET", "/accounting/vat", accountant, show_vat_book},
    {"GET", "/accounting/payments", accountant, show_received_payments},
    {"GET", "/accounting/debt", accountant, show_aged_debt},
    {"GET", "/accounting/debt/{client}", accountant, show_client_debt},
    {"GET", "/accounting/revenue", accountant, show_revenue},
    {"GET", "/accounting/periods", accountant, show_closed_periods},
    {"POST", "/accounting/periods", accountant, create_closed_period, Body::form},
    {"POST", "/accounting/periods/{month}/reopening", admin, create_period_reopening, Body::form},
    {"GET", "/billing/runs", accountant, list_billing_runs_page},
    {"POST", "/billing/runs", accountant, create_billing_run, Body::form},
    {"GET", "/billing/runs/{run}", accountant, show_billing_run},
    {"GET", "/billing/simulation", accountant, show_simulation},
    {"GET", "/upcoming", client, show_own_upcoming},
    {"GET", "/clients/{client}/upcoming", accountant, show_client_upcoming},
    {"GET", "/manageinvoices", admin, list_managed_invoices},
    {"GET", "/manageinvoices/new", admin, new_invoice},
    {"POST", "/manageinvoices", admin, create_invoice, Body::form},
    {"GET", "/manageinvoices/{invoice}", admin, edit_invoice},
    {"POST", "/manageinvoices/{invoice}", admin, update_invoice, Body::form},
    {"POST", "/manageinvoices/{invoice}/issue", admin, create_issue, Body::form},
    {"POST", "/manageinvoices/{invoice}/deletion", admin, delete_invoice_entry, Body::form},

    // Money
    {"GET", "/payments", accountant, list_payments_page},
    {"GET", "/payments/new", accountant, new_client_payment},
    {"POST", "/payments", accountant, create_client_payment, Body::files},
    {"GET", "/payments/{payment}", accountant, show_payment},
    {"GET", "/payments/{payment}/proof", accountant, show_proof},
    {"POST", "/payments/{payment}/reversal", accountant, create_reversal, Body::form},
    {"POST", "/payments/{payment}/refunds", accountant, create_refund, Body::files},
    {"POST", "/payments/{payment}/allocations", accountant, create_allocation, Body::form},
    {"POST", "/payments/{payment}/release", accountant, create_release, Body::form},
    {"GET", "/statement", client, show_own_statement},
    {"GET", "/clients/{client}/statement", accountant, show_client_statement},
    {"POST", "/clients/{client}/refunds", accountant, create_client_refund, Body::files},

    // Bank statements
    {"GET", "/accounting/bank", accountant, show_bank},
    {"POST", "/accounting/bank/statements", accountant, create_bank_statement, Body::files},
    {"GET", "/accounting/bank/statements/{statement}", accountant, show_bank_statement},
    {"POST", "/accounting/bank/matching", accountant, create_bank_matching, Body::form},
    {"GET", "/accounting/bank/transactions", accountant, list_bank_transactions_page},
    {"GET", "/accounting/bank/transactions/{transaction}", accountant, show_bank_transaction},
    {"POST", "/accounting/bank/transactions/{transaction}/match", accountant, create_bank_match,
     Body::form},
    {"POST", "/accounting/bank/transactions/{transaction}/ignoring", accountant,
     create_bank_ignoring, Body::form},
    {"POST", "/accounting/bank/transactions/{transaction}/undoing", accountant, create_bank_undoing,
     Body::form},

    // Mail
    {"GET", "/inbox", helpdesk, show_inbox},
    {"GET", "/inbox/{mail}", helpdesk, show_inbound_mail},
    {"GET", "/inbox/{mail}/raw", helpdesk, download_inbound_mail},
    {"POST", "/inbox/{mail}/attachment", helpdesk, create_mail_attachment, Body::form},
    {"POST", "/inbox/{mail}/ticket", helpdesk, create_mail_ticket, Body::form},
    {"POST", "/inbox/{mail}/retry", helpdesk, create_mail_retry, Body::form},
    {"POST", "/inbox/{mail}/rejection", helpdesk, create_mail_rejection, Body::form},
    {"GET", "/inbox/{mail}/confirmation", helpdesk, show_mail_confirmation},
    {"POST", "/inbox/{mail}/confirmation", helpdesk, create_mail_confirmation, Body::form},
    {"GET", "/outbox", admin, show_outbox},
    {"GET", "/outbox/{message}", admin, show_outbox_message},
    {"POST", "/outbox/{message}/resending", admin, resend_outbox_message, Body::form},
    {"POST", "/outbox/tests", admin, send_test_mail, Body::form},
};
static_assert(no_duplicates(table));

}  // namespace

Routes routes_table() {
  return table;
}

}  // namespace cstims
