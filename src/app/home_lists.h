// Short lists of each noun for the home pages.
#pragma once

#include <vector>

#include "account/user.h"
#include "html/form_view.h"
#include "invoice/invoice_store.h"
#include "order/order.h"
#include "ticket/ticket_store.h"

namespace cstims {

ListView short_order_list(const std::vector<Order>& orders, const Renderer& renderer,
                          bool for_staff);
ListView short_ticket_list(const std::vector<TicketRow>& tickets, const Renderer& renderer,
                           bool for_staff);
ListView short_invoice_list(const std::vector<InvoiceRow>& invoices, const Renderer& renderer,
                            Date today, bool for_staff);
ListView short_user_list(const std::vector<User>& users, const Renderer& renderer);

}  // namespace cstims
