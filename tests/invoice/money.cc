#include "invoice/money.h"

#include "invoice/payment_audit.h"

namespace cstims::test {

NewPayment money_of(std::int64_t cents) {
  return {Money(cents, Currency::eur()), Date(2026, 3, 10), "transfer", "R1", {}};
}

PaymentId pay(World& world, InvoiceId invoice, std::int64_t cents) {
  return world
      .act(world.luca(), [&](Act& act) { return record_payment(act, invoice, money_of(cents)); })
      .value();
}

PaymentId pay_for(World& world, UserId client, std::int64_t cents) {
  return world
      .act(world.luca(),
           [&](Act& act) {
             return record_client_payment(act, client, money_of(cents), PaymentUse::oldest_first);
           })
      .value();
}

Result<void> reverse(World& world, PaymentId payment) {
  return world.act(world.luca(), [&](Act& act) { return reverse_payment(act, payment); });
}

Payment payment_of(World& world, PaymentId id) {
  return world.database().read([&](Transaction& tx) { return require_payment(tx, id); });
}

std::int64_t credit_of(World& world, UserId client) {
  return world.database().read(
      [&](Transaction& tx) { return find_credit(tx, client, Currency::eur()).minor(); });
}

std::int64_t rest_of(World& world, InvoiceId id) {
  return invoice_of(world, id).rest().minor();
}

std::string faults_of(World& world) {
  std::string faults;
  world.database().read([&](Transaction& tx) {
    audit_payments(tx, [&](const std::string& fault) { faults += fault + "\n"; });
  });
  return faults;
}

}  // namespace cstims::test
