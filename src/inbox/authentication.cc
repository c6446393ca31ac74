#include "inbox/authentication.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"

namespace cstims {
namespace {

std::string without_comments(std::string_view value) {
  std::string text;
  int depth = 0;
  for (const char c : value) {
    if (c == '(') ++depth;
    if (depth == 0) text += c;
    if (c == ')' && depth > 0) --depth;
  }
  return text;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!space) word += c;
    if (space && !word.empty()) words.push_back(std::exchange(word, {}));
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

/// "from X by HOST …" → HOST in lower case.
std::string receiving_host(std::string_view received) {
  const auto words = words_of(without_comments(received));
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (lower_ascii(words[i]) != "by") continue;
    std::string host = lower_ascii(words[i + 1]);
    while (host.ends_with(';')) host.pop_back();
    return host;
  }
  return {};
}

struct MethodResult {
  std::string method;  // "dmarc", "dkim"
  std::string result;  // "pass", "fail", …
  std::string domain;  // header.from of dmarc, header.d or header.i of dkim
};

std::string domain_of(std::string_view value) {
  while (value.starts_with('"')) value.remove_prefix(1);
  while (value.ends_with('"')) value.remove_suffix(1);
  const std::size_t at = value.rfind('@');
  return lower_ascii(at == std::string_view::npos ? value : value.substr(at + 1));
}

/// " dkim=pass reason="x" header.d=example.org".
std::optional<MethodResult> read_result(std::string_view piece) {
  MethodResult found;
  for (const std::string& word : words_of(piece)) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      if (found.method.empty()) return std::nullopt;
      continue;
    }
    const std::string name = lower_ascii(std::string_view(word).substr(0, equals));
    const std::string value = word.substr(equals + 1);
    if (found.method.empty()) {
      found.method = name.substr(0, name.find('/'));
      found.result = lower_ascii(value);
    } else if (name == "header.from" || name == "header.d" ||
               (name == "header.i" && found.domain.empty())) {
      found.domain = domain_of(value);
    }
  }
  if (found.method.empty()) return std::nullopt;
  return found;
}

/// Relaxed alignment as far as it can be told without a list of public suffixes: the same domain,
/// or one below a domain with a dot.
bool is_aligned(std::string_view signer, std::string_view from) {
  if (signer.empty() || from.empty()) return false;
  if (signer == from) return true;
  return signer.find('.') != std::string_view::npos && from.ends_with("." + std::string(signer));
}

/// The topmost of that server; absent when it stands below what another server wrote.
std::optional<std::string> own_results(const MailHeader& header, std::string_view authserv_id) {
  std::string our_host;
  for (const MailField& field : header.fields) {
    const std::string name = lower_ascii(field.name);
    if (name == "received") {
      const std::string host = receiving_host(field.value);
      if (our_host.empty()) our_host = host;
      if (host.empty() || host != our_host) return std::nullopt;
    }
    if (name != "authentication-results") continue;
    const std::string value = without_comments(field.value);
    const auto first = words_of(value.substr(0, value.find(';')));
    if (first.empty() || lower_ascii(first.front()) != authserv_id) continue;
    const std::size_t end = value.find(';');
    return end == std::string::npos ? std::string() : value.substr(end + 1);
  }
  return std::nullopt;
}

}  // namespace

SenderProof sender_proof(const MailHeader& header, std::string_view authserv_id,
                         std::string_view domain) {
  if (authserv_id.empty()) return SenderProof::neutral;
  const auto results = own_results(header, lower_ascii(authserv_id));
  if (!results) return SenderProof::neutral;
  const std::string from = lower_ascii(domain);
  bool passed = false;
  bool failed = false;
  for (const std::string_view piece : split(*results, ';')) {
    const auto found = read_result(piece);
    if (!found) continue;
    if (found->method == "dmarc" && (found->domain.empty() || is_aligned(found->domain, from))) {
      // DMARC is the whole judgement about the From address.
      if (found->result == "pass") return SenderProof::proven;
      if (found->result == "fail") return SenderProof::failed;
    }
    if (found->method == "dkim" && is_aligned(found->domain, from)) {
      passed = passed || found->result == "pass";
      failed = failed || found->result == "fail";
    }
  }
  if (passed) return SenderProof::proven;
  return failed ? SenderProof::failed : SenderProof::neutral;
}

}  // namespace cstims
