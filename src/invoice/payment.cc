#include "invoice/payment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "base/failure.h"
#include "base/text.h"

namespace cstims {

namespace {

struct ProofType {
  std::string_view media_type;
  std::string_view signature;  // the content's first bytes
  std::array<std::string_view, 2> endings;
};

constexpr std::array<ProofType, 3> proof_types{{
    {"application/pdf", "%PDF-", {".pdf", ".pdf"}},
    {"image/png", "\x89PNG\r\n\x1a\n", {".png", ".png"}},
    {"image/jpeg", "\xff\xd8\xff", {".jpg", ".jpeg"}},
}};

std::string first_bytes(const Upload& upload) {
  std::array<char, 16> bytes{};
  std::ifstream file(upload.file, std::ios::binary);
  file.read(bytes.data(), bytes.size());
  return {bytes.data(), static_cast<std::size_t>(file.gcount())};
}

/// Both what the name says and what the content is must agree: neither alone is to be trusted.
std::optional<PaymentProof> read_proof(FormReader& reader, const Upload& upload) {
  const std::string name =
      shorten(single_line(std::filesystem::path(upload.name).filename().string()), 100);
  const std::string lower = lower_ascii(name);
  const std::string start = first_bytes(upload);
  const auto type = std::ranges::find_if(proof_types, [&](const ProofType& one) {
    return start.starts_with(one.signature) &&
           std::ranges::any_of(one.endings, [&](auto ending) { return lower.ends_with(ending); });
  });
  if (type == proof_types.end()) {
    reader.refuse("proof", message("Give the proof as PDF, PNG or JPEG."));
    return std::nullopt;
  }
  return PaymentProof{name, std::string(type->media_type), upload.sha256};
}

}  // namespace

std::string_view text(PaymentKind kind) {
  return kind == PaymentKind::received ? "received" : "refund";
}

PaymentKind stored_payment_kind(std::string_view stored) {
  if (stored == "received") return PaymentKind::received;
  if (stored == "refund") return PaymentKind::refund;
  throw DatabaseError(fmt::format("'{}' is no kind of payment", stored));
}

std::string_view text(AllocationReason why) {
  switch (why) {
    case AllocationReason::paid:
      return "paid";
    case AllocationReason::credit:
      return "credit";
    case AllocationReason::reversed:
      return "reversed";
    case AllocationReason::freed:
      return "freed";
    case AllocationReason::rectified:
      return "rectified";
  }
  return {};
}

AllocationReason stored_allocation_reason(std::string_view stored) {
  using enum AllocationReason;
  for (const auto why : {paid, credit, reversed, freed, rectified}) {
    if (text(why) == stored) return why;
  }
  throw DatabaseError(fmt::format("'{}' is no reason of an allocation", stored));
}

Message shown(AllocationReason why) {
  switch (why) {
    case AllocationReason::paid:
      return message("paid");
    case AllocationReason::credit:
      return message("from credit");
    case AllocationReason::reversed:
      return message("payment reversed");
    case AllocationReason::freed:
      return message("moved to credit");
    case AllocationReason::rectified:
      return message("to credit: the invoice was rectified");
  }
  return {};
}

const std::vector<std::string>& payment_methods() {
  static const std::vector<std::string> methods{"transfer", "card", "direct debit", "cash",
                                                "other"};
  return methods;
}

Message shown_method(std::string_view method) {
  if (method == "transfer") return message("Bank transfer");
  if (method == "card") return message("Card");
  if (method == "direct debit") return message("Direct debit");
  if (method == "cash") return message("Cash");
  if (method == "other") return message("Other");
  return message("{}", {std::string(method)});
}

Message shown_kind(const Payment& payment) {
  if (payment.reverses) return message("Reversal");
  return payment.kind == PaymentKind::refund ? message("Refund") : message("Payment");
}

NewPayment read_payment(FormReader& reader, Currency currency, Date today) {
  const auto amount = reader.money("amount", currency, true);
  const auto date = reader.date("date", false);
  std::string method = reader.choice("method", payment_methods(), false);
  if (method.empty()) method = payment_methods().front();
  NewPayment payment{.amount = amount.value_or(Money::zero(currency)),
                     .date = date.value_or(today),
                     .method = method,
                     .reference = reader.line("reference", {.longest = 100})};
  if (amount && (amount->is_zero() || amount->is_negative())) {
    reader.refuse("amount", message("Write an amount above zero. To undo a payment, reverse it."));
  }
  if (payment.date > today) reader.refuse("date", message("This day is still to come."));
  if (payment.date < today.plus_days(-3653)) {
    reader.refuse("date", message("This is more than ten years ago."));
  }
  const auto uploads = reader.uploads("proof");
  if (uploads.size() > 1) reader.refuse("proof", message("Give one file."));
  if (uploads.size() == 1) payment.proof = read_proof(reader, uploads.front());
  return payment;
}

Result<NewPayment> parse_payment(const FormData& form, Currency currency, Date today) {
  FormReader reader(form);
  auto payment = read_payment(reader, currency, today);
  return reader.finish(std::move(payment));
}

Result<void> may_pay(const Invoice& invoice) {
  if (!invoice.is_issued()) return refuse("", message("A draft cannot be paid: issue it first."));
  if (invoice.kind == InvoiceKind::rectifying) {
    return refuse("", message("A rectifying invoice is not paid."));
  }
  if (invoice.is_rectified()) return refuse("", message("This invoice was rectified."));
  if (invoice.rest().is_zero()) return refuse("", message("This invoice is paid already."));
  return {};
}

}  // namespace cstims
