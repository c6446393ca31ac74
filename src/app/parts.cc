#include "app/parts.h"

#include <array>

#include "account/session.h"
#include "app/frame.h"
#include "app/routes.h"
#include "base/id.h"

namespace cstims {

std::string address_of_predecessor(const Request& request) {
  constexpr std::string_view ending = ".php";
  if (!request.path.ends_with(ending)) return "";
  const std::string_view page =
      std::string_view(request.path).substr(0, request.path.size() - ending.size());
  constexpr std::array pages{
      "/register",    "/login",          "/logout",       "/verify",        "/client",
      "/order",       "/openticket",     "/helpdesk",     "/accountant",    "/admin",
      "/manageusers", "/manageservices", "/manageorders", "/managetickets", "/manageinvoices",
      "/pay",         "/privacy",        "/terms"};
  for (const std::string_view known : pages) {
    if (page != known) continue;
    if (page == "/verify" && !request.query_value("code").empty()) {
      return "/verify?code=" + query_text(request.query_value("code"));
    }
    return std::string(page == "/logout" ? "/login" : page);
  }
  const auto id = parse_id_number(request.query_value("id"));
  if (page == "/viewticket" && id) return "/tickets/" + std::to_string(*id);
  if ((page == "/viewinvoice" || page == "/invoice") && id)
    return "/invoices/" + std::to_string(*id);
  if (page == "/index") return "/";
  return "";
}

Parts make_parts(Installation& installation) {
  return Parts{.services = installation.services(),
               .router = Router(routes_table()),
               .trusted_proxies = installation.trusted_proxies(),
               .identify =
                   [&installation](const Request& request) {
                     auto [viewer, session] =
                         identify(installation.database(), installation.site(), request);
                     return Identity{std::move(viewer), std::move(session)};
                   },
               .frame = frame_page,
               .error_page = frame_error,
               .moved_to = address_of_predecessor};
}

}  // namespace cstims
