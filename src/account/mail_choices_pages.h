// The part of /account about mails.
#pragma once

#include "account/mail_choices.h"
#include "http/context.h"

namespace cstims {

/// Its form, as chosen so far.
Form mail_choices_form(Transaction& tx, const Context& context);

}  // namespace cstims
