#include "html/components.h"

#include <cstdlib>
#include <fstream>

#include "support/sentence.h"

namespace cstims::test {

const Renderer& strict_renderer() {
  static const Renderer renderer(
      {.locale = "en", .zone = TimeZone::find("Europe/Madrid").value(), .strict = true});
  return renderer;
}

Layout sample_layout() {
  return {.title = message("Components"),
          .site_name = "ARFNET",
          .tagline = "Small hosting, done by hand",
          .files = {"/static/bootstrap.min.css", "/static/app.css", "/static/theme.js",
                    "/static/app.js", "/static/logo.svg", "/static/favicon.svg"},
          .navigation = {{"/helpdesk", message("Home"), true},
                         {"/managetickets", message("Tickets"), false, 12},
                         {"/manageorders", message("Orders")},
                         {"/manageinvoices", message("Invoices")},
                         {"/manageservices", message("Services")},
                         {"/manageusers", message("Users")}},
          .user_name = "grace",
          .user_role = "helpdesk",
          .csrf = "sample-token",
          .flash = message("The ticket was assigned to you."),
          .contact = "admin@arf20.com"};
}

ListView sample_list() {
  ListView list{.path = "/managetickets",
                .empty = message("No tickets yet."),
                .columns = {{message("Ticket"), "number", true},
                            {message("Subject"), "subject"},
                            {message("Client"), "client"},
                            {message("Status"), "status"},
                            {message("Last answer"), "answered"}},
                .rows = {}};
  list.filters = {
      {"status", message("Status"), {{"open", message("open")}, {"closed", message("closed")}}}};
  list.caption = message("Tickets");
  list.rows = {{{"128"},
                {"The VPS does not answer since the reboot", "/tickets/128", "", "Small VPS · web"},
                {"ada"},
                {"open", "", "warning"},
                {"10 Mar 2026, 09:00"}},
               {{"127"},
                {"Reverse DNS for 2001:db8::1", "/tickets/127"},
                {"bob"},
                {"closed", "", "success"},
                {"9 Mar 2026, 18:21"}},
               {{"126"},
                {"<script>alert(1)</script>", "/tickets/126"},
                {"mallory"},
                {"not fixed", "", "secondary"},
                {"1 Mar 2026, 00:02"}}};
  list.total = 134;
  return list;
}

Form sample_form() {
  Form form{.action = "/order", .submit = message("Place the order"), .fields = {}};
  form.fields = {{.kind = FieldKind::select,
                  .name = "service",
                  .label = message("Service"),
                  .value = "2",
                  .required = true,
                  .choices = {{"1", message("Small VPS")}, {"2", message("Web space")}}},
                 {.kind = FieldKind::line,
                  .name = "name",
                  .label = message("Name"),
                  .value = "web",
                  .hint = message("How you want to call it. You can change it later."),
                  .required = true},
                 {.kind = FieldKind::email,
                  .name = "email",
                  .label = message("E-mail address"),
                  .value = "ada@example.org",
                  .required = true,
                  .autocomplete = "email"},
                 {.kind = FieldKind::password,
                  .name = "password",
                  .label = message("Password"),
                  .value = "hidden-secret",
                  .required = true,
                  .autocomplete = "new-password"},
                 {.kind = FieldKind::number,
                  .name = "amount",
                  .label = message("Amount"),
                  .value = "12.30",
                  .columns = 6},
                 {.kind = FieldKind::date,
                  .name = "date",
                  .label = message("Date"),
                  .value = "2026-03-10",
                  .max = "2026-12-31",
                  .columns = 6},
                 {.kind = FieldKind::lines,
                  .name = "comments",
                  .label = message("Comments"),
                  .value = "first\n\nthird <b>",
                  .rows = 4},
                 {.kind = FieldKind::check,
                  .name = "terms",
                  .label = message("I accept the terms"),
                  .value = "1"},
                 {.kind = FieldKind::file,
                  .name = "attachment",
                  .label = message("Attachment"),
                  .value = "never",
                  .accept = ".pdf,.png"},
                 {.kind = FieldKind::hidden, .name = "period", .label = {}, .value = "1m"}};
  return form;
}

std::string components_page() {
  Refusal refusal;
  refusal.add("name", message("Give it a name."));
  refusal.add("", message("This service is not on offer any more."));
  return render_in_layout(
      strict_renderer(), sample_layout(), "dev/components.html", [&](Dictionary& page) {
        Listing listing;
        listing.sort = "-number";
        listing.page = 2;
        fill_list(page, "LIST", sample_list(), listing);
        ListView plain = sample_list();
        plain.plain = true;
        fill_list(page, "PLAIN_LIST", plain);
        ListView empty = sample_list();
        empty.rows.clear();
        fill_list(page, "EMPTY_LIST", empty);
        fill_form(page, "FORM", sample_form());
        fill_form(page, "REFUSED_FORM", sample_form(), &refusal);
        fill_form(page, "BUTTON", button_form("/tickets/128/assignment", message("Assign to me")));
        page.set("MARKDOWN", markdown("- 2 GB of memory\n- 40 GB on **SSD**\n- IPv4 and IPv6\n"));
        page.set("TYPED", "Hello,\n\nsince the reboot <b>nothing</b> answers:\n  ping 192.0.2.7\n");
      });
}

}  // namespace cstims::test

using namespace cstims::test;

SENTENCE(components, "the gallery holds every kind of control") {
  const std::string page = components_page();
  for (const char* piece : {"<select", "<textarea", "type=\"checkbox\"", "type=\"file\"",
                            "type=\"password\"", "type=\"date\"", "aria-sort=\"descending\""}) {
    EXPECT_NE(page.find(piece), page.npos) << piece;
  }
  if (const char* folder = std::getenv("CSTIMS_TEST_PAGES")) {
    std::ofstream(std::string(folder) + "/components.html") << page;
  }
}
