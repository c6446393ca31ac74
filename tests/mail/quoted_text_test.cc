#include "mail/quoted_text.h"

#include <ctime>

#include "support/sentence.h"

namespace cstims {
namespace {

struct Folded {
  const char* body;
  const char* text;
};

SENTENCE(quoted_text, "what a reply quotes is folded, in many languages and programs") {
  const Folded cases[] = {
      {"Yes.\n\nOn Mon, 3 Nov 2025 at 10:00, Ana <a@b.example> wrote:\n> old\n> text", "Yes."},
      {"Yes.\n\nOn Mon, 3 Nov 2025 at 10:00, Ana\n<a@b.example> wrote:\n\n> old", "Yes."},
      {"Sí.\n\nEl lun, 3 nov 2025 a las 10:00, Ana (<a@b.example>) escribió:\n\n> viejo", "Sí."},
      {"Ja.\n\nAm 03.11.2025 um 10:00 schrieb Ana:\n> alt", "Ja."},
      {"Oui.\n\nLe 3 nov. 2025 à 10:00, Ana <a@b.example> a écrit :\n> vieux", "Oui."},
      {"Sì.\n\nIl giorno 3 nov 2025, Ana <a@b.example> ha scritto:\n\n> x", "Sì."},
      {"Sim.\n\nEm 3 de nov. de 2025, Ana escreveu:\n> x", "Sim."},
      {"Ja.\n\nOp 3 nov. 2025 om 10:00 schreef Ana <a@b.example>:\n> x", "Ja."},
      {"Tak.\n\nW dniu 3.11.2025 o 10:00, Ana napisał(a):\n> x", "Tak."},
      {"Да.\n\n3 ноября 2025, 10:00 Ana <a@b.example> написал:\n> x", "Да."},
      {"好的\n\nAna <a@b.example> 于2025年11月3日写道：\n> x", "好的\n"},
      {"Ok.\n\n-----Original Message-----\nFrom: Ana\nSent: today\n\nold", "Ok."},
      {"Ok.\n\n-----Mensaje original-----\nDe: Ana\n\nviejo", "Ok."},
      {"Ok.\n\n________________________________\nFrom: Ana\nSent: x\nTo: y\nold", "Ok."},
      {"Ok.\n\nFrom: Ana <a@b.example>\nSent: Monday\nTo: Bob\nSubject: x\n\nold", "Ok."},
      {"Ok.\n\n*De:* Ana <a@b.example>\n*Enviado:* lunes\n*Para:* Bob\n*Asunto:* x\n\nviejo",
       "Ok."},
      {"Ok.\n\n> -- Reply above this line --\n> old", "Ok."},
      {"Ok.\n-- Reply above\nthis line --\nold", "Ok."},
      {"Vale.\n\n-- Responda por encima de esta línea --\nviejo", "Vale."},
      {"Ok.\n\n------------\nDate: Monday\nSubject: x\nFrom: Ana\n\nold", "Ok."},
      {"Да.\n\nОт: Ana\nОтправлено: x\nКому: Bob\n\nстарое", "Да."},
      {"Ok.\n\n> only quoted", "Ok."},
      {"Ok.\n\n-- \nAna\nSales", "Ok."},
      {"Ok.\n\nSent from my iPhone", "Ok."},
      {"Ok.\n\nEnviado desde mi iPhone\n\n> El 3 nov 2025, Ana escribió:\n> x", "Ok."},
      {"2013/10/22 was a bad day\n2013/10/22 Ana <a@b.example>\n> x", "2013/10/22 was a bad day"},
  };
  for (const auto& [body, text] : cases) {
    std::string wanted(text);
    while (wanted.ends_with('\n')) wanted.pop_back();
    const SplitText folded = fold_quoted(body);
    EXPECT_EQ(folded.text, wanted) << body;
    EXPECT_FALSE(folded.quoted.empty()) << body;
  }
}

SENTENCE(quoted_text, "what somebody wrote is never folded") {
  const char* whole[] = {
      // Below and between quoted lines.
      "> old\n\nMy answer is below.",
      "On 3 Nov 2025 Ana wrote:\n> one?\n\nYes it is.\n\n> two?\n\nNo it is not.",
      "> only this",
      // Sentences that look like marks.
      "On Tuesday he wrote:\nnothing that matters",
      "Sent from my desk, is much easier then my mobile phone.",
      "From: here to there\nit is far",
      "I saw -- to my surprise -- nothing.",
      "The menu:\n- one\n- two",
  };
  for (const char* body : whole) {
    const SplitText folded = fold_quoted(body);
    EXPECT_EQ(folded.text, body);
    EXPECT_EQ(folded.quoted, "");
  }
}

SENTENCE(quoted_text, "nothing of a text is lost by folding") {
  const std::string body =
      "New words.\n\n-- \nAna\n\nOn 3 Nov 2025, Bob <b@c.example> wrote:\n> old words";
  const SplitText folded = fold_quoted(body);
  EXPECT_EQ(folded.text, "New words.");
  EXPECT_EQ(folded.quoted, "-- \nAna\n\nOn 3 Nov 2025, Bob <b@c.example> wrote:\n> old words");
}

SENTENCE(quoted_text, "a mark of the sender's program counts unless something was written below") {
  EXPECT_EQ(fold_quoted("New\nOld one", 4).text, "New");
  EXPECT_EQ(fold_quoted("New\n> Old\nand my answer", 4).quoted, "");
  EXPECT_EQ(fold_quoted("Old", 0).text, "Old");
}

SENTENCE(quoted_text, "a megabyte of anything is folded in a moment") {
  std::string short_lines;
  std::string attributions;
  std::string labels;
  for (int i = 0; i < 250'000; ++i) short_lines += "a:\n";
  for (int i = 0; i < 25'000; ++i) attributions += "On 3 Nov somebody might have written:\n";
  for (int i = 0; i < 100'000; ++i) labels += "From: a\n";
  for (const std::string& text :
       {std::string(1'000'000, '>'), std::string(1'000'000, ' '), std::string(1'000'000, '\n'),
        short_lines, attributions, labels}) {
    const std::clock_t start = std::clock();
    fold_quoted(text);
    EXPECT_LT(std::clock() - start, 1 * CLOCKS_PER_SEC) << text.substr(0, 20);
  }
}

}  // namespace
}  // namespace cstims
