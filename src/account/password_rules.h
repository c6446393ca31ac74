// Which passwords people may choose: long ones that are not the first guesses. No composition rules
// (NIST SP 800-63B §5.1.1.2).
//
// Instead of a copied list of leaked passwords the rule is what such lists are made of: a
// well-known word, name or pattern (about a thousand stand in weak_words.cc), in any case, with
// letters swapped for digits, doubled, joined with another, and with a year, a number, a row of the
// keyboard or a sign added. That refuses millions, the usual ten thousand among them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "base/site.h"

namespace cstims {

struct PasswordContext {
  const Site& site;
  std::string username;
  std::string email;
};

constexpr std::size_t longest_password = 1024;

/// Absent when the password may be chosen, else the sentence for the form. Never trims, folds or
/// cuts what is stored.
std::optional<Message> password_complaint(std::string_view password,
                                          const PasswordContext& context);

/// A first guess: see above. Exposed for its tests.
bool is_easily_guessed(std::string_view password, const std::vector<std::string>& context_words);

/// Well-known words, lower case, sorted (weak_words.cc).
const std::vector<std::string_view>& weak_words();

}  // namespace cstims
