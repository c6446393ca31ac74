// The operator's own pages, html/operator_text.h: how to pay, privacy, terms.
#pragma once

#include "http/context.h"

namespace cstims {

Response show_pay_page(Context& context);      // GET /pay, anyone
Response show_privacy_page(Context& context);  // GET /privacy, anyone
Response show_terms_page(Context& context);    // GET /terms, anyone

}  // namespace cstims
