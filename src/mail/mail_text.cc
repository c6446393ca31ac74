#include "mail/mail_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/secret.h"
#include "base/text.h"

namespace cstims {

std::string header_text(std::string_view text, std::size_t longest) {
  return shorten(replace_all(single_line(text), "=?", "= ?"), longest);
}

std::string display_name(std::string_view name) {
  if (name.find('@') != std::string_view::npos) return {};
  return header_text(name, longest_display_name);
}

namespace {

/// How far the lines below the first are moved in: as the line itself, and past a list mark.
std::string indent_of_continuation(std::string_view line) {
  std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  const std::string_view mark = line.substr(indent, 2);
  if (mark == "- " || mark == "* ") indent += 2;
  return std::string(std::min<std::size_t>(indent, 20), ' ');
}

/// Where to break: the last space that leaves at most `columns` characters before it, else the
/// first one after; npos when the line fits or has none. Spaces before `from` are indent.
std::size_t place_to_break(std::string_view line, std::size_t columns, std::size_t from) {
  std::size_t place = std::string_view::npos;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool past = characters > columns;
    if (past && place != std::string_view::npos) return place;
    if (line[i] == ' ' && i > from) place = i;
    const bool continues_character = (static_cast<unsigned char>(line[i]) & 0xC0U) == 0x80U;
    if (!continues_character) ++characters;
  }
  return characters > columns ? place : std::string_view::npos;
}

std::string wrap_line(std::string_view line, std::size_t columns) {
  if (line.starts_with('>')) return std::string(line);
  const std::string indent = indent_of_continuation(line);
  std::string wrapped;
  std::size_t taken =
      0;  // columns that the indent takes: none on the first line, which has its own
  while (true) {
    const std::size_t from = taken == 0 ? indent.size() : 0;
    const std::size_t place = place_to_break(line, columns - taken, from);
    if (place == std::string_view::npos) return wrapped.append(line);
    const std::size_t end = line.find_last_not_of(' ', place);
    wrapped.append(line.substr(0, end == std::string_view::npos ? 0 : end + 1));
    line.remove_prefix(std::min(line.find_first_not_of(' ', place), line.size()));
    if (line.empty()) return wrapped;
    wrapped.append("\n").append(indent);
    taken = indent.size();
  }
}

}  // namespace

std::string wrap_text(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) lines.push_back(wrap_line(line, columns));
  return join(lines, "\n");
}

std::string ticket_subject(std::string_view site_name, TicketId ticket, std::string_view title,
                           bool answers) {
  const std::string prefix = fmt::format("[{} #{}]", site_name, ticket.number());
  while (true) {
    title = trim(title);
    if (starts_with_ignoring_case(title, "re:")) {
      title.remove_prefix(3);
    } else if (starts_with_ignoring_case(title, prefix)) {
      title.remove_prefix(prefix.size());
    } else {
      break;
    }
  }
  return fmt::format("{}{} {}", answers ? "Re: " : "", prefix, title);
}

SubjectAndBody split_subject(std::string_view rendered) {
  const std::string text = normal_lines(rendered);
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::size_t body = std::min(text.find_first_not_of('\n', end), text.size());
  const std::size_t last = text.find_last_not_of(" \n");
  SubjectAndBody parts{.subject = text.substr(0, end), .body = {}};
  if (body < text.size() && last != std::string::npos && last >= body) {
    parts.body = text.substr(body, last - body + 1);
  }
  return parts;
}

bool refuses_automatic_mail(const EmailAddress& address) {
  static constexpr std::array<std::string_view, 9> robots{
      "mailer-daemon", "postmaster",   "noreply", "no-reply", "no_reply",
      "donotreply",    "do-not-reply", "bounce",  "bounces"};
  static constexpr std::array<std::string_view, 5> endings{"-bounce", "-bounces", "-request",
                                                           "-owner", "-noreply"};
  const std::string local = lower_ascii(address.local_part());
  const std::string_view name = std::string_view(local).substr(0, local.find('+'));
  return std::ranges::find(robots, name) != robots.end() || name.starts_with("owner-") ||
         std::ranges::any_of(endings, [&](std::string_view end) { return name.ends_with(end); });
}

std::string new_message_id(std::string_view host) {
  return fmt::format("<{}@{}>", hex(random_bytes(16)), host);
}

std::string ticket_root_id(std::string_view host, TicketId ticket) {
  return fmt::format("<t{}.root@{}>", ticket.number(), host);
}

std::string references_of(std::string_view root, const std::vector<std::string>& newest_first) {
  constexpr std::size_t most = 9;
  std::vector<std::string> chain{std::string(root)};
  for (std::size_t i = std::min(most, newest_first.size()); i-- > 0;) {
    chain.push_back(newest_first[i]);
  }
  return join(chain, " ");
}

}  // namespace cstims
