#include "bank/bank_matching.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "bank/bank_names.h"
#include "base/text.h"
#include "invoice/payment_reference.h"

namespace cstims {
namespace {

constexpr std::size_t longest_candidate = 29;  // a creditor reference, with some to spare
constexpr std::size_t most_joined = 8;         // "RF97 F202 6000 123" and its like
constexpr std::size_t most_words = 300;
constexpr std::size_t fewest_name_letters = 6;
// What people put right before the number, without a space.
constexpr std::string_view glued[] = {"FACTURA", "INVOICE", "FACT", "FRA",
                                      "INV",     "REF",     "NUM",  "N"};

/// Words that stand side by side, as if they were one.
struct Candidate {
  std::string plain;   // only letters and digits: "F2026000012"
  std::string spaced;  // with a dash between: "F2026-000012"
};

std::vector<std::string> words_of(const BankTransaction& transaction) {
  std::vector<std::string> words;
  bool inside = false;
  const auto add = [&](std::string_view text) {
    for (const char letter : text) {
      const auto normal = normal_reference(std::string_view(&letter, 1));
      if (normal.empty()) {
        inside = false;
        continue;
      }
      if (!inside) words.emplace_back();
      words.back() += normal;
      inside = true;
    }
    inside = false;
  };
  add(transaction.creditor_reference);
  add(transaction.text);
  if (words.size() > most_words) words.resize(most_words);
  return words;
}

bool has_digit(std::string_view text) {
  return text.find_first_of("0123456789") != text.npos;
}

std::vector<Candidate> candidates_of(const BankTransaction& transaction) {
  const auto words = words_of(transaction);
  std::vector<Candidate> candidates;
  const auto add = [&](const Candidate& candidate) {
    if (has_digit(candidate.plain)) candidates.push_back(candidate);
  };
  for (std::size_t first = 0; first < words.size(); ++first) {
    Candidate candidate;
    for (std::size_t n = 0; n < most_joined && first + n < words.size(); ++n) {
      candidate.plain += words[first + n];
      candidate.spaced += (n == 0 ? "" : "-") + words[first + n];
      if (candidate.plain.size() > longest_candidate) break;
      add(candidate);
      for (const auto prefix : glued) {
        const bool longer = candidate.plain.size() > prefix.size();
        if (longer && candidate.plain.starts_with(prefix) && words[first].size() > prefix.size()) {
          add({candidate.plain.substr(prefix.size()), candidate.spaced.substr(prefix.size())});
        }
      }
    }
  }
  return candidates;
}

/// Without "RF" and check digits, when these are right.
std::string without_check_digits(const std::string& plain) {
  return is_creditor_reference(plain) ? plain.substr(4) : plain;
}

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char letter : text) {
    if (letter >= '0' && letter <= '9') digits += letter;
  }
  return digits;
}

std::optional<NumberGuess> guess(std::string_view year, std::string_view sequence) {
  NumberGuess guess{0, 0};
  std::from_chars(year.data(), year.data() + year.size(), guess.year);
  const auto [end, error] =
      std::from_chars(sequence.data(), sequence.data() + sequence.size(), guess.sequence);
  const bool read = error == std::errc() && end == sequence.data() + sequence.size();
  const bool likely = guess.year >= 2000 && guess.year < 2100 && guess.sequence > 0;
  return read && likely ? std::optional(guess) : std::nullopt;
}

enum class Naming { not_at_all, nearly, exactly };

Naming naming(const Candidate& candidate, const std::string& number) {
  const auto wanted = normal_reference(number);
  if (without_check_digits(candidate.plain) == wanted) return Naming::exactly;
  const bool without_series =
      candidate.plain == digits_of(candidate.plain) && candidate.plain == digits_of(wanted);
  if (without_series || short_reference(candidate.spaced) == short_reference(number)) {
    return Naming::nearly;
  }
  return Naming::not_at_all;
}

MatchDecision queue(BankDoubt doubt) {
  return {MatchOutcome::queue, doubt};
}

/// Of what went out, only what may undo a payment is looked at.
MatchDecision decide_outgoing(const BankTransaction& transaction,
                              const std::vector<NamedInvoice>& named, bool known_account) {
  if (transaction.returned || !named.empty() || known_account) return queue(BankDoubt::went_out);
  return {MatchOutcome::outgoing};
}

MatchDecision decide_named(const BankTransaction& transaction,
                           const std::vector<NamedInvoice>& named) {
  const auto& first = named.front().invoice;
  Money rests = Money::zero(first.rest.currency());
  MatchDecision decision{MatchOutcome::pay};
  for (const auto& [invoice, exact] : named) {
    if (invoice.client != first.client) return queue(BankDoubt::many_clients);
    if (invoice.rest.currency() != transaction.amount.currency()) {
      return queue(BankDoubt::other_currency);
    }
    if (invoice.rest.is_zero()) continue;
    rests += invoice.rest;
    decision.invoices.push_back(invoice.id);
  }
  if (decision.invoices.empty()) return queue(BankDoubt::paid_already);
  if (rests == transaction.amount) return decision;
  if (named.size() > 1) return queue(BankDoubt::many_invoices);
  return named.front().exact ? decision : queue(BankDoubt::near_reference);
}

}  // namespace

std::vector<NumberGuess> number_guesses(const BankTransaction& transaction) {
  std::set<NumberGuess> guesses;
  for (const auto& candidate : candidates_of(transaction)) {
    const auto digits = digits_of(without_check_digits(candidate.plain));
    if (digits.size() < 5 || digits.size() > 20) continue;
    const std::string_view all = digits;
    const auto first = guess(all.substr(0, 4), all.substr(4));
    const auto last = guess(all.substr(all.size() - 4), all.substr(0, all.size() - 4));
    if (first) guesses.insert(*first);
    if (last) guesses.insert(*last);
  }
  return {guesses.begin(), guesses.end()};
}

std::vector<NamedInvoice> named_invoices(const BankTransaction& transaction,
                                         const std::vector<PayableInvoice>& found) {
  std::vector<NamedInvoice> named;
  const auto candidates = candidates_of(transaction);
  for (const auto& invoice : found) {
    auto best = Naming::not_at_all;
    for (const auto& candidate : candidates) {
      best = std::max(best, naming(candidate, invoice.number));
    }
    if (best != Naming::not_at_all) named.push_back({invoice, best == Naming::exactly});
  }
  if (std::ranges::any_of(named, &NamedInvoice::exact)) {
    std::erase_if(named, [](const NamedInvoice& one) { return !one.exact; });
  }
  return named;
}

MatchDecision decide_match(const BankTransaction& transaction,
                           const std::vector<NamedInvoice>& named,
                           const MatchCircumstances& circumstances) {
  if (transaction.amount.is_negative()) {
    return decide_outgoing(transaction, named, circumstances.known_account);
  }
  if (transaction.date > circumstances.today) return queue(BankDoubt::future_day);
  if (named.empty()) return queue(BankDoubt::no_reference);
  if (circumstances.maybe_twice) return queue(BankDoubt::maybe_twice);
  return decide_named(transaction, named);
}

void ClientNames::add(UserId client, const std::string& name) {
  auto words = folded_words(name);
  std::size_t letters = 0;
  for (const auto& word : words) letters += word.size();
  if (words.size() < 2 || letters < fewest_name_letters) return;
  const auto longest = *std::ranges::max_element(words, {}, &std::string::size);
  by_longest_word_.emplace(longest, Entry{client, std::move(words)});
}

std::optional<UserId> ClientNames::find(const BankTransaction& transaction) const {
  const auto words = folded_words(transaction.name.empty() ? transaction.text : transaction.name);
  std::set<UserId> found;
  for (const auto& word : words) {
    const auto [begin, end] = by_longest_word_.equal_range(word);
    for (auto entry = begin; entry != end; ++entry) {
      if (std::ranges::includes(words, entry->second.words)) found.insert(entry->second.client);
    }
  }
  return found.size() == 1 ? std::optional(*found.begin()) : std::nullopt;
}

}  // namespace cstims
