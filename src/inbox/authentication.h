// What our own mail server says about a sender in Authentication-Results (RFC 8601). Anybody can
// write that field; ours is the first that bears our server's name, and stands above what other
// servers wrote. Pure rules.
#pragma once

#include <string_view>

#include "inbox/admission.h"
#include "mail/mail_header.h"

namespace cstims {

/// `authserv_id` empty: nobody vouches. `domain` is that of the From address.
SenderProof sender_proof(const MailHeader& header, std::string_view authserv_id,
                         std::string_view domain);

}  // namespace cstims
