// Bank statements for accountants and admins: the queue of what could not be recorded by itself,
// the files, and each transaction with what may be done about it.
#pragma once

#include "http/context.h"

namespace cstims {

/// The queue with suggestions, the form for a file, the newest statements.
Response show_bank(Context& context);
/// Field `format` and the file `file`; stored at once, matched in the background.
Response create_bank_statement(Context& context);
Response show_bank_statement(Context& context);
Response list_bank_transactions_page(Context& context);
/// The whole queue again.
Response create_bank_matching(Context& context);

Response show_bank_transaction(Context& context);
/// One of `invoice` (an id), `number` (of an invoice) and `client`.
Response create_bank_match(Context& context);
/// Field `reason`.
Response create_bank_ignoring(Context& context);
Response create_bank_undoing(Context& context);

}  // namespace cstims
