// What a statement of account is made of.
#pragma once

#include "db/database.h"
#include "invoice/account_statement.h"

namespace cstims {

/// The caller decides who may see the client's. In the site's currency.
AccountStatement load_account_statement(Transaction& tx, const User& client,
                                        const StatementRange& range, Currency currency);

}  // namespace cstims
