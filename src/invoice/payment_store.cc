#include "invoice/payment_store.h"

namespace cstims {

namespace {

constexpr Statement select_payments{"payments of invoice", R"(
  select p.id, p.date, p.method, p.reference, a.amount, p.reverses_id, p.proof_name, p.proof_type,
    p.proof_sha256, p.recorded_at, u.username,
    case when r.id is null then 0 else 1 end as is_reversed
  from allocations a
  join payments p on p.id = a.payment_id
  left join payments r on r.reverses_id = p.id
  left join users u on u.id = p.recorded_by
  where a.invoice_id = :invoice
  order by p.id)"};

constexpr Statement raise_paid{"raise what is paid", R"(
  update invoices
  set paid = paid + :amount
  where id = :invoice
    and paid + :amount between 0 and total)"};

constexpr Statement insert_payment_row{"insert payment", R"(
  insert into payments (client_id, date, method, reference, currency, amount, reverses_id,
    proof_name, proof_type, proof_sha256, recorded_at, recorded_by)
  values (:client, :date, :method, :reference, :currency, :amount, :reverses,
    :proof_name, :proof_type, :proof_sha256, :now, :author)
  returning id)"};

constexpr Statement insert_allocation{"insert allocation", R"(
  insert into allocations (payment_id, invoice_id, amount)
  values (:payment, :invoice, :amount))"};

constexpr Statement count_reversals{"reversals of payment", R"(
  select count(*) as reversals
  from payments
  where reverses_id = :payment)"};

Payment payment_of(const Row& row, Currency currency) {
  Payment payment{.id = row.id<struct Payment>("id"),
                  .date = row.date("date"),
                  .method = row.text("method"),
                  .reference = row.text("reference"),
                  .amount = Money(row.number("amount"), currency),
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

/// Absent, and nothing written, when invoices.paid would leave its bounds.
std::optional<PaymentId> insert_allocated(Transaction& tx, const Invoice& invoice,
                                          const NewPayment& payment, const Parameters& more) {
  const auto amount = payment.amount.minor();
  if (tx.execute(raise_paid, {{"amount", amount}, {"invoice", invoice.id}}) == 0)
    return std::nullopt;
  const auto& proof = payment.proof;
  Parameters parameters{{"client", invoice.client},
                        {"date", payment.date},
                        {"method", payment.method},
                        {"reference", payment.reference},
                        {"currency", payment.amount.currency().code()},
                        {"amount", amount},
                        {"proof_name", proof ? Value(proof->name) : Value()},
                        {"proof_type", proof ? Value(proof->media_type) : Value()},
                        {"proof_sha256", proof ? Value(proof->sha256) : Value()},
                        {"now", tx.now()}};
  parameters.insert(parameters.end(), more.begin(), more.end());
  const auto row = tx.require(insert_payment_row, parameters);
  tx.execute(insert_allocation,
             {{"payment", row.number("id")}, {"invoice", invoice.id}, {"amount", amount}});
  return row.id<struct Payment>("id");
}

}  // namespace

std::vector<Payment> list_payments(Transaction& tx, const Invoice& invoice) {
  std::vector<Payment> payments;
  for (const auto& row : tx.select(select_payments, {{"invoice", invoice.id}})) {
    payments.push_back(payment_of(row, invoice.total.currency()));
  }
  return payments;
}

std::optional<Payment> find_payment(Transaction& tx, const Invoice& invoice, PaymentId id) {
  for (auto& payment : list_payments(tx, invoice)) {
    if (payment.id == id) return std::move(payment);
  }
  return std::nullopt;
}

std::optional<PaymentId> insert_payment(Transaction& tx, const Invoice& invoice,
                                        const NewPayment& payment, std::optional<UserId> author) {
  return insert_allocated(tx, invoice, payment, {{"reverses", Value()}, {"author", author}});
}

std::optional<PaymentId> insert_reversal(Transaction& tx, const Invoice& invoice,
                                         const Payment& payment, std::optional<UserId> author) {
  const auto row = tx.require(count_reversals, {{"payment", payment.id}});
  if (row.number("reversals") > 0) return std::nullopt;
  const NewPayment reversal{.amount = -payment.amount,
                            .date = tx.today(),
                            .method = payment.method,
                            .reference = payment.reference};
  return insert_allocated(tx, invoice, reversal, {{"reverses", payment.id}, {"author", author}});
}

}  // namespace cstims
