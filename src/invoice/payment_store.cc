#include "invoice/payment_store.h"

#include <fmt/format.h>

#include "base/failure.h"
#include "invoice/invoice_store.h"
#include "invoice/payment_rows.h"

namespace cstims {

namespace {

constexpr Statement select_allocations_of_invoice{"allocations of invoice", R"(
  select a.invoice_id, i.number, a.amount as allocated, a.why,
    p.id, p.kind, p.client_id, c.username as client_name, p.date, p.method, p.reference,
    p.currency, p.amount, p.reverses_id, p.proof_name, p.proof_type, p.proof_sha256,
    p.recorded_at, u.username, case when r.id is null then 0 else 1 end as is_reversed
  from allocations a
  join invoices i on i.id = a.invoice_id
  join payments p on p.id = a.payment_id
  join users c on c.id = p.client_id
  left join payments r on r.reverses_id = p.id
  left join users u on u.id = p.recorded_by
  where a.invoice_id = :invoice
  order by a.id)"};

constexpr Statement select_allocations_of_payment{"allocations of payment", R"(
  select a.invoice_id, i.number, a.amount as allocated, a.why
  from allocations a
  join invoices i on i.id = a.invoice_id
  where a.payment_id = :payment
  order by a.id)"};

constexpr Statement select_payment{"payment by id", R"(
  select p.id, p.kind, p.client_id, c.username as client_name, p.date, p.method, p.reference,
    p.currency, p.amount, p.reverses_id, p.proof_name, p.proof_type, p.proof_sha256,
    p.recorded_at, u.username, case when r.id is null then 0 else 1 end as is_reversed
  from payments p
  join users c on c.id = p.client_id
  left join payments r on r.reverses_id = p.id
  left join users u on u.id = p.recorded_by
  where p.id = :payment)"};

constexpr Statement insert_payment_row{"insert payment", R"(
  insert into payments (client_id, kind, date, method, reference, currency, amount, reverses_id,
    proof_name, proof_type, proof_sha256, recorded_at, recorded_by)
  values (:client, :kind, :date, :method, :reference, :currency, :amount, :reverses,
    :proof_name, :proof_type, :proof_sha256, :now, :author)
  returning id)"};

constexpr Statement raise_paid{"raise what is paid", R"(
  update invoices
  set paid = paid + :amount
  where id = :invoice
    and status = 'issued'
    and paid + :amount >= 0
    and (cast(:amount as bigint) < 0 or paid + credited + :amount <= total))"};

constexpr Statement insert_allocation_row{"insert allocation", R"(
  insert into allocations (payment_id, invoice_id, amount, why, allocated_at)
  values (:payment, :invoice, :amount, :why, :now))"};

constexpr Statement select_parts_of_payment{"standing parts of payment", R"(
  select payment_id, invoice_id, cast(sum(amount) as bigint) as amount
  from allocations
  where payment_id = :payment
  group by payment_id, invoice_id
  having sum(amount) <> 0
  order by invoice_id)"};

/// A reversed payment stands no more: its reversal holds the opposite.
constexpr Statement select_parts_of_invoice{"standing parts of invoice", R"(
  select a.payment_id, a.invoice_id, cast(sum(a.amount) as bigint) as amount
  from allocations a
  join payments p on p.id = a.payment_id
  where a.invoice_id = :invoice
    and p.reverses_id is null
    and not exists (select 1 from payments r where r.reverses_id = p.id)
  group by a.payment_id, a.invoice_id
  having sum(a.amount) <> 0
  order by a.payment_id desc)"};

std::vector<StandingPart> parts_of(const std::vector<Row>& rows, Currency currency) {
  std::vector<StandingPart> parts;
  for (const auto& row : rows) {
    parts.push_back({row.id<struct Invoice>("invoice_id"), row.id<struct Payment>("payment_id"),
                     Money(row.number("amount"), currency)});
  }
  return parts;
}

Allocation allocation_of(const Row& row, Payment payment) {
  const Currency currency = payment.amount.currency();
  return {.payment = std::move(payment),
          .invoice = row.id<struct Invoice>("invoice_id"),
          .number = row.maybe_text("number").value_or(""),
          .amount = Money(row.number("allocated"), currency),
          .why = stored_allocation_reason(row.text("why"))};
}

}  // namespace

Payment read_payment_row(const Row& row) {
  const auto currency = Currency::parse(row.text("currency"));
  if (!currency) throw DatabaseError("a payment has the unknown currency " + row.text("currency"));
  Payment payment{.id = row.id<struct Payment>("id"),
                  .kind = stored_payment_kind(row.text("kind")),
                  .client = row.id<struct User>("client_id"),
                  .client_name = row.text("client_name"),
                  .date = row.date("date"),
                  .method = row.text("method"),
                  .reference = row.text("reference"),
                  .amount = Money(row.number("amount"), *currency),
                  .reverses = row.maybe_id<struct Payment>("reverses_id"),
                  .is_reversed = row.flag("is_reversed"),
                  .recorded_at = row.instant("recorded_at"),
                  .recorded_by = row.maybe_text("username").value_or("")};
  if (!row.is_null("proof_sha256")) {
    payment.proof =
        PaymentProof{row.text("proof_name"), row.text("proof_type"), row.text("proof_sha256")};
  }
  return payment;
}

std::vector<Allocation> list_allocations(Transaction& tx, const Invoice& invoice) {
  std::vector<Allocation> allocations;
  for (const auto& row : tx.select(select_allocations_of_invoice, {{"invoice", invoice.id}})) {
    allocations.push_back(allocation_of(row, read_payment_row(row)));
  }
  return allocations;
}

std::vector<Allocation> list_allocations(Transaction& tx, const Payment& payment) {
  std::vector<Allocation> allocations;
  for (const auto& row : tx.select(select_allocations_of_payment, {{"payment", payment.id}})) {
    allocations.push_back(allocation_of(row, payment));
  }
  return allocations;
}

std::optional<Payment> find_payment(Transaction& tx, PaymentId id) {
  const auto row = tx.find(select_payment, {{"payment", id}});
  return row ? std::optional(read_payment_row(*row)) : std::nullopt;
}

Payment require_payment(Transaction& tx, PaymentId id) {
  auto payment = find_payment(tx, id);
  if (!payment) throw NotFound(fmt::format("no payment {}", id.number()));
  return std::move(*payment);
}

PaymentId insert_payment(Transaction& tx, const PaymentRow& row) {
  const auto& [amount, date, method, reference, proof] = row.payment;
  return tx
      .require(insert_payment_row, {{"client", row.client},
                                    {"kind", text(row.kind)},
                                    {"date", date},
                                    {"method", method},
                                    {"reference", reference},
                                    {"currency", amount.currency().code()},
                                    {"amount", amount.minor()},
                                    {"reverses", row.reverses},
                                    {"proof_name", proof ? Value(proof->name) : Value()},
                                    {"proof_type", proof ? Value(proof->media_type) : Value()},
                                    {"proof_sha256", proof ? Value(proof->sha256) : Value()},
                                    {"now", tx.now()},
                                    {"author", row.author}})
      .id<struct Payment>("id");
}

bool insert_allocation(Transaction& tx, PaymentId payment, InvoiceId invoice, const Money& amount,
                       AllocationReason why) {
  if (tx.execute(raise_paid, {{"amount", amount.minor()}, {"invoice", invoice}}) == 0) return false;
  tx.execute(insert_allocation_row, {{"payment", payment},
                                     {"invoice", invoice},
                                     {"amount", amount.minor()},
                                     {"why", text(why)},
                                     {"now", tx.now()}});
  return true;
}

std::vector<StandingPart> list_standing_parts(Transaction& tx, const Payment& payment) {
  return parts_of(tx.select(select_parts_of_payment, {{"payment", payment.id}}),
                  payment.amount.currency());
}

std::vector<StandingPart> list_standing_parts(Transaction& tx, const Invoice& invoice) {
  return parts_of(tx.select(select_parts_of_invoice, {{"invoice", invoice.id}}),
                  invoice.total.currency());
}

}  // namespace cstims
