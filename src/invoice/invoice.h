// Invoices: what was billed to a client. A draft may change; what is issued has a number, a date
// and a document, and never changes again. Whether it is paid follows from the payments allocated
// to it.
//
// Tax is computed per rate on the sum of the lines (EN 16931 BR-CO-17, BR-S-08), never per line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/tax_status.h"
#include "base/date.h"
#include "base/form.h"
#include "base/id.h"
#include "base/money.h"
#include "base/refusal.h"

namespace cstims {

enum class InvoiceKind { ordinary, rectifying };
enum class InvoiceStatus { draft, issued };
enum class LineKind { recurring, setup, once, manual, correction };

std::string_view text(InvoiceKind kind);
std::string_view text(InvoiceStatus status);
std::string_view text(LineKind kind);
InvoiceKind stored_invoice_kind(std::string_view text);  // these throw DatabaseError
InvoiceStatus stored_invoice_status(std::string_view text);
LineKind stored_line_kind(std::string_view text);

/// Derived. `settled`: a rectifying invoice, which nobody pays.
enum class PaidState { draft, unpaid, part_paid, overdue, paid, rectified, settled };

/// "Overdue", for people.
Message shown(PaidState state);
/// Colour of its badge.
std::string_view tone(PaidState state);

struct InvoiceLine {
  LineKind kind = LineKind::manual;
  std::optional<OrderId> order = {};
  std::optional<ServiceId> service = {};
  std::string description;
  Decimal quantity = Decimal::whole(1);
  Decimal unit_price = Decimal::whole(0);
  std::optional<BillingPeriod> period = {};
  Money net;
  TaxRate tax_rate;
  std::string explanation = {};  // why this amount, in one sentence; empty for manual lines
  std::int64_t id = 0;           // of a stored line
  std::optional<std::int64_t> corrects = {};  // the line of the original that it takes back
};

struct TaxSum {
  TaxRate rate;
  Money base;
  Money tax;
  bool operator==(const TaxSum&) const = default;
};

struct InvoiceSums {
  Money net;
  Money tax;
  Money total;
  std::vector<TaxSum> taxes;  // by rate, ascending; a rate that no line has is not there
};

/// EN 16931 BR-CO-10, 13, 14, 15, 17. Throws std::overflow_error.
InvoiceSums sum_up(const std::vector<InvoiceLine>& lines, Currency currency);

struct Invoice {
  InvoiceId id;
  InvoiceKind kind;
  InvoiceStatus status;
  UserId client;
  std::string client_name;                  // as it is today, for pages of staff
  std::optional<InvoiceId> rectifies = {};  // of a rectifying invoice
  std::string reason = {};                  // why it rectifies
  std::string number = {};                  // empty for a draft
  std::optional<Date> issue_date = {};
  std::optional<Date> due_date = {};
  std::string description = {};
  Money net;
  Money tax;
  Money total;
  Money paid;
  Money credited;          // what rectifying invoices take back of it, tax included; never negative
  std::string buyer = {};  // as printed; of a draft empty
  std::string seller = {};
  std::string payment_text = {};
  TaxStatus tax_status = TaxStatus::domestic;  // of the client when it was issued
  std::string tax_note = {};                   // why no tax is charged, as printed
  std::string payment_code = {};  // content of the QR code that banking apps read; may be empty
  Instant created_at;
  std::optional<Instant> issued_at = {};

  bool is_issued() const { return status == InvoiceStatus::issued; }
  /// Taken back entirely.
  bool is_rectified() const;
  /// Issued, ordinary, and not taken back entirely.
  bool may_be_rectified() const;
  /// What is still to be paid: nothing of drafts, rectified and rectifying invoices.
  Money rest() const;
  /// What was paid beyond what is owed since a part was taken back.
  Money surplus() const;
};

PaidState paid_state(const Invoice& invoice, Date today);

/// "9.50 €", "0.0069 €": all its decimals, at least those of the currency.
std::string show_price(const Decimal& price, Currency currency);

/// What somebody typed as a manual invoice.
struct InvoiceDraft {
  UserId client;
  std::string description;
  std::vector<InvoiceLine> lines;  // at least one, unless there are hours
  /// An order and a quantity of hours: order_hours.h makes a line of it.
  struct Hours {
    OrderId order;
    Decimal hours;
  };
  std::optional<Hours> hours = {};
};

constexpr std::size_t most_manual_lines = 50;

/// Fields `client`, `description` and for each line N = 1 … `line.N.description`, `.quantity`,
/// `.unit_price`, `.tax`; a line of which everything but the tax is empty is left out; `order` and
/// `hours` go together. Quantities
/// are above zero, prices at least zero, the total above zero: what lowers an invoice is a
/// rectifying one.
Result<InvoiceDraft> parse_invoice_draft(const FormData& form, Currency currency);

}  // namespace cstims
