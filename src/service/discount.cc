#include "service/discount.h"

#include <charconv>

#include "base/failure.h"
#include "base/text.h"

namespace cstims {

std::string Discount::text() const {
  const std::string value =
      share ? share->text() + " %"
            : amount.value().text() + ' ' + std::string(amount->currency().code());
  return code + ' ' + value + ' ' + (periods ? std::to_string(*periods) : "always");
}

Discount Discount::stored(std::string_view text) {
  const auto fail = [&] { return DatabaseError("stored discount: " + std::string(text)); };
  const auto words = split(text, ' ');
  if (words.size() != 4) throw fail();
  Discount discount{.code = std::string(words[0]), .share = {}, .amount = {}};
  if (words[2] == "%") {
    const auto share = TaxRate::parse(words[1]);
    if (!share) throw fail();
    discount.share = *share;
  } else {
    const auto currency = Currency::parse(words[2]);
    const auto amount = currency ? Money::parse(words[1], *currency)
                                 : Result<Money>(std::unexpected(currency.error()));
    if (!amount) throw fail();
    discount.amount = *amount;
  }
  if (words[3] == "always") return discount;
  int periods = 0;
  const auto [end, error] =
      std::from_chars(words[3].data(), words[3].data() + words[3].size(), periods);
  if (error != std::errc() || end != words[3].data() + words[3].size()) throw fail();
  discount.periods = periods;
  return discount;
}

std::string Discount::show() const {
  return share ? share->text() + " %" : amount.value().show();
}

}  // namespace cstims
