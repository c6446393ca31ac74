// The statement of account as PDF and CSV.
#pragma once

#include <string>

#include "base/site.h"
#include "html/renderer.h"
#include "invoice/account_statement.h"
#include "pdf/pdf_document.h"

namespace cstims {

PdfDocument describe_account_statement(const AccountStatement& statement, const Site& site,
                                       const Renderer& renderer, Instant created);
/// "statement-ada-2026-01-01-2026-12-31.pdf"; `ending` without the dot.
std::string account_statement_name(const AccountStatement& statement, std::string_view ending);
std::string account_statement_csv(const AccountStatement& statement);

}  // namespace cstims
