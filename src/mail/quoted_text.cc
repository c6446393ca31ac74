#include "mail/quoted_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace cstims {

namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t longest_mark = 400;  // a mark of some program is never longer

bool is_quoted(std::string_view line) {
  return line.starts_with('>');
}

bool is_blank(std::string_view line) {
  return trim(line).empty();
}

/// A line drawn with dashes or underscores.
bool is_rule(std::string_view line) {
  line = trim(line);
  return line.size() >= 5 && (line.find_first_not_of('-') == std::string_view::npos ||
                              line.find_first_not_of('_') == std::string_view::npos);
}

bool is_one_of(const auto& list, std::string_view word) {
  return std::ranges::find(list, word) != std::end(list);
}

bool contains_one_of(const auto& list, std::string_view text) {
  return std::ranges::any_of(
      list, [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// ---- our own line -----------------------------------------------------------------------------

/// Letters only, so that quoting, dashes and other line breaks do not matter.
std::string letters_of(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    const bool foreign = (c & '\x80') != 0;
    if ((c >= 'a' && c <= 'z') || foreign) letters += c;
    if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c - 'A' + 'a');
  }
  return letters;
}

bool is_reply_line(const Lines& lines, std::size_t at) {
  static const std::array marks{letters_of(reply_line_en), letters_of(reply_line_es)};
  if (lines[at].size() > longest_mark || is_blank(lines[at])) return false;
  std::string letters = letters_of(lines[at]);
  if (is_one_of(marks, letters)) return true;
  if (at + 1 == lines.size() || lines[at + 1].size() > longest_mark || letters.empty())
    return false;
  const bool begins = std::ranges::any_of(
      marks, [&](const std::string& mark) { return mark.starts_with(letters); });
  return begins && is_one_of(marks, letters + letters_of(lines[at + 1]));
}

// ---- "On Monday somebody wrote:" --------------------------------------------------------------

constexpr std::array<std::string_view, 27> wrote{
    "wrote:",     "writes:",   "escribió:", "escribio:", "schrieb",      "a écrit",
    "ha scritto", "escreveu",  "schreef",   "napisał",   "пишет",        "написал",
    "skrev",      "napsal",    "写道",      "寫道",      "のメッセージ", "さんは書きました",
    "wrote :",    "kirjoitti", "yazdı",     "escribiu",  "va escriure",  "escribía",
    "a scris",    "έγραψε",    "написа"};

/// The line and up to two more, as one.
std::string joined_lines(const Lines& lines, std::size_t at, std::size_t count) {
  std::string joined;
  for (std::size_t i = at; i < std::min(at + count, lines.size()); ++i) {
    if (i > at) joined += ' ';
    joined += trim(lines[i]);
  }
  return joined;
}

bool ends_with_colon(std::string_view text) {
  return text.ends_with(':') || text.ends_with("：");
}

bool has_digit(std::string_view text) {
  return text.find_first_of("0123456789") != std::string_view::npos;
}

/// "2013/10/22 Somebody <a@b.example>" and "Somebody <a@b.example>, 12:00:" of programs that use
/// no verb: only with an address, and a date in front or a colon behind.
bool is_date_and_address(std::string_view line) {
  const std::size_t at = line.find('@');
  const std::size_t open = line.rfind('<', at);
  const std::size_t close = at == std::string_view::npos ? at : line.find('>', at);
  if (open == std::string_view::npos || close == std::string_view::npos) return false;
  const std::string_view before = line.substr(0, open);
  const std::string_view after = trim(line.substr(close + 1));
  const bool date_first = before.size() > 8 && has_digit(before.substr(0, 8)) &&
                          before.find_first_of("-/.:") != std::string_view::npos;
  return date_first && (after.empty() || after == ":");
}

/// How many lines it takes; 0 when it is none.
std::size_t attribution_at(const Lines& lines, std::size_t at) {
  if (is_blank(lines[at]) || is_quoted(lines[at])) return 0;
  for (std::size_t count = 1; count <= 3 && at + count <= lines.size(); ++count) {
    const std::string_view last = lines[at + count - 1];
    if (last.size() > longest_mark || is_blank(last) || is_quoted(last)) return 0;
    const bool colon = ends_with_colon(trim(last));
    if (!colon && (count > 1 || last.find('@') == std::string_view::npos)) continue;
    const std::string joined = joined_lines(lines, at, count);
    const bool said = colon && contains_one_of(wrote, joined);
    if (said && (has_digit(joined) || joined.find('@') != std::string::npos)) return count;
    const bool quote_follows = at + count < lines.size() && is_quoted(lines[at + count]);
    if (count == 1 && quote_follows && (said || is_date_and_address(joined))) return count;
  }
  return 0;
}

// ---- Outlook and its like ---------------------------------------------------------------------

constexpr std::array<std::string_view, 42> header_labels{
    "from",       "sent",      "to",     "subject", "date",    "cc",       "de",
    "enviado",    "para",      "asunto", "fecha",   "von",     "gesendet", "an",
    "betreff",    "datum",     "envoyé", "à",       "objet",   "da",       "inviato",
    "a",          "oggetto",   "data",   "enviada", "assunto", "van",      "verzonden",
    "aan",        "onderwerp", "od",     "wysłano", "do",      "temat",    "от",
    "отправлено", "кому",      "тема",   "från",    "skickat", "till",     "ämne"};
constexpr std::array more_header_labels = std::to_array<std::string_view>(
    {"fra",      "sendt",      "til",  "emne",   "odesláno", "komu", "předmět", "发件人",
     "发送时间", "收件人",     "主题", "差出人", "送信日時", "宛先", "件名",    "enviado el",
     "От",       "Отправлено", "Кому", "Тема",   "Дата",     "Ämne", "À"});
constexpr std::array from_labels = std::to_array<std::string_view>(
    {"От", "from", "de", "von", "da", "van", "od", "от", "från", "fra", "发件人", "差出人",
     "expéditeur", "remitente", "mittente"});

/// "From" of "*From:* somebody"; empty when the line begins with no label.
std::string label_of(std::string_view line) {
  line = trim(line.substr(0, 120));
  while (line.starts_with('*')) line.remove_prefix(1);
  std::size_t colon = line.find(':');
  const std::size_t wide = line.find("：");
  colon = std::min(colon, wide);
  if (colon == std::string_view::npos || colon > 24) return {};
  std::string_view label = trim(line.substr(0, colon));
  while (label.ends_with('*')) label.remove_suffix(1);
  const std::string name = lower_ascii(trim(label));
  return is_one_of(header_labels, name) || is_one_of(more_header_labels, name) ||
                 is_one_of(from_labels, name)
             ? name
             : std::string();
}

/// Three labels, one of them who wrote, below an empty line or a rule.
bool is_header_block(const Lines& lines, std::size_t at) {
  if (label_of(lines[at]).empty()) return false;
  if (at > 0 && !is_blank(lines[at - 1]) && !is_rule(lines[at - 1])) return false;
  int found = 0;
  bool from = false;
  for (std::size_t i = at; i < std::min(at + 10, lines.size()) && found < 3; ++i) {
    const std::string label = label_of(lines[i]);
    if (!label.empty()) ++found;
    from = from || is_one_of(from_labels, label);
  }
  return found == 3 && from;
}

constexpr std::array<std::string_view, 16> original_message{
    "original message",     "mensaje original",       "ursprüngliche nachricht",
    "message d'origine",    "message original",       "messaggio originale",
    "mensagem original",    "oorspronkelijk bericht", "wiadomość oryginalna",
    "original-nachricht",   "исходное сообщение",     "ursprungligt meddelande",
    "original appointment", "reply message",          "forwarded message",
    "mensaje reenviado"};

/// "-----Original Message-----"
bool is_separator(std::string_view line) {
  line = trim(line);
  if (line.size() > 120) return false;
  if (line.size() >= 32 && line.find_first_not_of('_') == std::string_view::npos) return true;
  if (!line.starts_with("--")) return line == "Begin forwarded message:";
  const std::string words = lower_ascii(line);
  return line.ends_with('-') && contains_one_of(original_message, words);
}

// ---- signatures -------------------------------------------------------------------------------

constexpr std::array<std::string_view, 14> phrases_of_devices{"sent from my ",
                                                              "sent from outlook",
                                                              "sent from yahoo",
                                                              "sent from mail for",
                                                              "sent via ",
                                                              "enviado desde mi ",
                                                              "enviado do meu ",
                                                              "envoyé de mon ",
                                                              "von meinem ",
                                                              "gesendet mit der ",
                                                              "inviato da ",
                                                              "get outlook for",
                                                              "enviado desde outlook",
                                                              "verstuurd vanaf mijn "};

/// Known one-liners, short enough not to be a sentence of somebody.
bool is_device_line(std::string_view line) {
  line = trim(line);
  if (line.size() > 60 || line.ends_with('.') || line.find(',') != std::string_view::npos) {
    return false;
  }
  const std::string words = lower_ascii(line);
  const bool known = std::ranges::any_of(
      phrases_of_devices, [&](std::string_view phrase) { return words.starts_with(phrase); });
  return known;
}

bool is_signature_mark(std::string_view line) {
  return line == "-- " || line == "--" || line == "-- \r";
}

// ---- putting it together ----------------------------------------------------------------------

/// Two words or more: somebody wrote it.
bool is_sentence(std::string_view line) {
  line = trim(line);
  return !is_quoted(line) && line.find(' ') != std::string_view::npos;
}

/// What each line is, looked at once.
struct Marks {
  std::vector<std::size_t> attribution;   // how many lines one takes that begins here
  std::vector<bool> written_below_quote;  // somebody wrote below a quoted line from here on

  explicit Marks(const Lines& lines)
      : attribution(lines.size()), written_below_quote(lines.size() + 1) {
    std::vector<bool> attributes(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      attribution[i] = attribution_at(lines, i);
      std::fill_n(attributes.begin() + static_cast<std::ptrdiff_t>(i), attribution[i], true);
    }
    bool written = false;
    const std::size_t signature = signature_begin(lines);
    for (std::size_t i = lines.size(); i-- > 0;) {
      written_below_quote[i] = written_below_quote[i + 1] || (is_quoted(lines[i]) && written);
      written = written || (i < signature && is_sentence(lines[i]) && !attributes[i] &&
                            !is_device_line(lines[i]));
    }
  }

  static std::size_t signature_begin(const Lines& lines) {
    for (std::size_t i = lines.size(); i-- > 0;) {
      if (is_quoted(lines[i])) break;
      if (is_signature_mark(lines[i])) return i;
    }
    return lines.size();
  }
};

/// The first line of what is quoted; the number of lines when there is none.
std::size_t first_quoted(const Lines& lines, const Marks& marks) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool named = is_reply_line(lines, i) || is_separator(lines[i]);
    if (named || is_header_block(lines, i)) return i;
    const bool quoting = is_quoted(lines[i]) || marks.attribution[i] > 0;
    if (quoting && !marks.written_below_quote[i]) return i;
  }
  return lines.size();
}

/// Where a signature begins above line `end`: its mark within the last lines, or a device's line.
std::size_t first_of_signature(const Lines& lines, std::size_t end) {
  constexpr std::size_t longest_signature = 12;
  std::size_t begin = end;
  std::size_t seen = 0;
  for (std::size_t i = end; i-- > 0 && seen < longest_signature;) {
    if (is_blank(lines[i])) continue;
    ++seen;
    if (is_signature_mark(lines[i])) return i;
    if (seen == 1 && is_device_line(lines[i])) begin = i;
  }
  return begin;
}

/// A rule above an Outlook header, and "26.06.2025, 14:41, Ana <ana@b.example>:" above what a
/// program marked as quoted, go with what they announce.
std::size_t with_what_announces(const Lines& lines, std::size_t cut) {
  if (cut == lines.size()) return cut;
  std::size_t above = cut;
  while (above > 0 && is_blank(lines[above - 1])) --above;
  if (above == 0) return cut;
  const std::string_view line = trim(lines[above - 1]);
  const bool names = ends_with_colon(line) && line.size() < longest_mark && has_digit(line) &&
                     line.find('@') != std::string_view::npos;
  return is_rule(line) || is_separator(line) || names ? above - 1 : cut;
}

std::string trimmed_lines(const Lines& lines, std::size_t from, std::size_t to) {
  while (from < to && is_blank(lines[from])) ++from;
  while (to > from && is_blank(lines[to - 1])) --to;
  std::string text;
  for (std::size_t i = from; i < to; ++i) {
    if (i > from) text += '\n';
    text += lines[i];
  }
  return text;
}

}  // namespace

SplitText fold_quoted(std::string_view text, std::optional<std::size_t> marked_from) {
  const Lines lines = split(text, '\n');
  const Marks marks(lines);
  std::size_t cut = first_quoted(lines, marks);
  if (marked_from) {
    const auto before = text.substr(0, std::min(*marked_from, text.size()));
    const auto marked = static_cast<std::size_t>(std::ranges::count(before, '\n'));
    if (marked < cut && !marks.written_below_quote[marked]) cut = marked;
  }
  cut = with_what_announces(lines, cut);
  cut = first_of_signature(lines, cut);
  SplitText result{trimmed_lines(lines, 0, cut), trimmed_lines(lines, cut, lines.size())};
  if (count_characters(result.text) >= 2 || result.quoted.empty()) return result;
  return {trimmed_lines(lines, 0, lines.size()), {}};
}

}  // namespace cstims
