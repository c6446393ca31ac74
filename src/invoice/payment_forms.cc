#include "invoice/payment_forms.h"

#include "http/upload_check.h"

namespace cstims {

std::vector<Field> payment_fields(const Money& amount, Date today, Message date_label) {
  std::vector<Choice> methods;
  for (const auto& method : payment_methods()) methods.push_back({method, shown_method(method)});
  return {{.name = "amount",
           .label = message("Amount in {}", {std::string(amount.currency().code())}),
           .value = amount.is_zero() ? "" : amount.text(),
           .required = true,
           .input_mode = "decimal",
           .columns = 6},
          {.kind = FieldKind::date,
           .name = "date",
           .label = std::move(date_label),
           .value = today.text(),
           .required = true,
           .max = today.text(),
           .columns = 6},
          {.kind = FieldKind::select,
           .name = "method",
           .label = message("Method"),
           .value = payment_methods().front(),
           .choices = std::move(methods),
           .columns = 6},
          {.name = "reference", .label = message("Reference"), .columns = 6},
          {.kind = FieldKind::file,
           .name = "proof",
           .label = message("Proof"),
           .hint = message("PDF, PNG or JPEG."),
           .accept = ".pdf,.png,.jpg,.jpeg"}};
}

Result<void> keep_proof(const Context& context, const NewPayment& payment) {
  if (!payment.proof) return {};
  if (auto clean = check_uploads(context); !clean) return clean;
  for (const auto& upload : context.request.form.uploads) {
    if (upload.sha256 == payment.proof->sha256) {
      context.services.files.keep(upload.file, upload.sha256);
    }
  }
  return {};
}

}  // namespace cstims
