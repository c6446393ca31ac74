// What people do with invoices by hand: admins write and issue them. Rectifying:
// rectification_actions.h.
// Throws Forbidden for anybody else; what is not there throws NotFound.
#pragma once

#include <string>
#include <vector>

#include "account/user.h"
#include "base/id.h"
#include "invoice/invoice.h"
#include "invoice/invoice_store.h"
#include "mail/outbox.h"

namespace cstims {

/// Refuses (field "client") who is no client, and hours of an order as order_hours.h does.
Result<InvoiceId> create_draft(Act& act, const InvoiceDraft& draft);
/// Refuses what is issued.
Result<void> update_draft(Act& act, InvoiceId id, const InvoiceDraft& draft);
/// A draft goes. What is issued stays for ever: refused with the way to rectify it.
Result<void> delete_invoice(Act& act, InvoiceId id);
/// Numbers, dates and mails a draft. Refuses what is issued already.
Result<Invoice> issue_invoice(Act& act, InvoiceId id);

/// For issue_invoice, rectify and the billing run: freezes the draft, uses the client's credit for
/// it and queues its mails. Returns it as it is now, issued. Throws Conflict when it is no draft
/// any more.
Invoice issue_draft(Act& act, const Invoice& draft, const std::vector<InvoiceLine>& lines,
                    const User& client, const InvoiceNumber& number);
/// The same for many, in order: the billing run's. The numbers rise.
struct DraftToIssue {
  const Invoice& draft;
  const std::vector<InvoiceLine>& lines;
  const User& client;
  const InvoiceNumber& number;
};
std::vector<Invoice> issue_drafts(Act& act, const std::vector<DraftToIssue>& drafts);

/// Name, address and tax number as they are today: what an invoice freezes.
std::string buyer_text(const User& client, const Renderer& renderer);

}  // namespace cstims
