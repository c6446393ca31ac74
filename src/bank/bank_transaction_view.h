// A transaction as pages of bank/ draw it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bank/bank_actions.h"
#include "html/form_view.h"
#include "html/renderer.h"

namespace cstims {

std::string bank_transaction_path(BankTransactionId id, std::string_view rest = {});
std::string bank_statement_path(BankStatementId id);
std::string_view tone(BankState state);
/// The name, else the account, else a dash.
std::string other_side(const BankTransaction& transaction);
/// What was written, with the structured reference in front.
std::string words_of(const BankTransaction& transaction);

/// The rows of a list of transactions under `path`.
ListView bank_transaction_list(const std::string& path, const Page<StoredTransaction>& page,
                               const Renderer& renderer);

/// Fills `{{>NAME}}` with views/bank/_suggestions.html: invoices it may be for, each with a button.
void fill_suggestions(Dictionary& values, std::string_view name, BankTransactionId id,
                      const std::vector<Suggestion>& suggestions);

}  // namespace cstims
