// Canned replies: texts the helpdesk writes often. Variables in braces are filled in from the
// ticket when a text is put into a reply; the person reads it before it is sent.
#pragma once

#include <string>
#include <string_view>

#include "base/date.h"
#include "base/form.h"
#include "base/id.h"
#include "base/refusal.h"

namespace cstims {

using CannedReplyId = Id<struct CannedReply>;

struct CannedReplyEdit {
  std::string name;
  std::string category;  // may be empty
  std::string body;      // with variables
};

struct CannedReply {
  CannedReplyId id;
  CannedReplyEdit content;
  std::int64_t version;  // grows with each change
  Instant changed_at;
};

/// What the variables stand for: nothing but what the client knows, and the name of who answers.
struct CannedValues {
  std::string client;
  std::string ticket;
  std::string subject;
  std::string service;
  std::string staff;
  std::string site;
};

/// "{client}, {ticket}, …": for hints and refusals.
std::string known_variables();

/// Unknown variables are refused at "body". Braces around anything but letters are text, and so is
/// what follows a dollar sign: "${HOME}" belongs to the shell.
Result<CannedReplyEdit> parse_canned_reply(FormReader& reader);

/// A value is text: braces in it are not looked at again.
std::string fill_in(std::string_view body, const CannedValues& values);

}  // namespace cstims
