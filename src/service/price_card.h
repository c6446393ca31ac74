// How prices look to people: the card of a service on the landing and order pages.
#pragma once

#include <string>

#include "base/site.h"
#include "html/renderer.h"
#include "service/service.h"

namespace cstims {

/// Fills `{{>NAME}}` with views/service/_price.html; `order_address` empty: without the button.
void fill_price_card(Dictionary& values, std::string_view name, const Service& service,
                     const Site& site, const std::string& order_address);

/// "4.50 €/mo, 10.00 € setup": one line of text. Free: "Free".
Message price_line(const ResolvedTerm& term);
/// "plus 21 % tax"; empty at a rate of zero.
Message tax_note(const Site& site);

}  // namespace cstims
