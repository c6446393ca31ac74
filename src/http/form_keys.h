// Forms that must not act twice (a double click, a repeated request) carry a key that works once.
// `Form::once` puts it into the form, dispatch takes it out, Context::act claims it in the
// transaction of the act: an act that was rolled back leaves the key unused.
#pragma once

#include <string>

#include "base/failure.h"
#include "db/database.h"
#include "http/request.h"

namespace cstims {

/// The key of a form as it arrived.
struct FormKey {
  std::string key;     // of this session, address and form; empty: the form carries none
  std::string digest;  // of what was typed
};

/// Takes the field `once` out of the form. Throws BadRequest when it is no key of ours.
FormKey take_form_key(Request& request, std::string_view session_token);

/// Thrown by the act: this form was acted on before.
class FormRepeated : public Failure {
 public:
  explicit FormRepeated(bool changed) : Failure("a form was sent twice"), changed(changed) {}
  bool changed;  // with other values than the first time
};

/// Throws FormRepeated when it was claimed before.
void claim_form_key(Transaction& tx, const FormKey& key);
/// Where the act led, so that the second click leads there too.
void remember_form_location(Transaction& tx, const FormKey& key, const std::string& location);
/// Empty while the first request is still on its way.
std::string find_form_location(Transaction& tx, const FormKey& key);
/// Removes the keys that were used more than two days ago; returns how many.
std::int64_t forget_form_keys(Transaction& tx);

}  // namespace cstims
