// What other people's programs read in a PDF of ours: poppler and qpdf.
#pragma once

#include <string>
#include <string_view>

namespace cstims::test {

/// As pdftotext -layout prints it.
std::string text_of_pdf(std::string_view bytes);
/// What qpdf --check and pdftotext complain about; empty when sound.
std::string faults_of_pdf(std::string_view bytes);
int pages_of_pdf(std::string_view bytes);
/// pdfinfo with ISO dates.
std::string information_of_pdf(std::string_view bytes);
/// pdffonts: embedded, subset and unicode are "yes" or "no".
std::string fonts_of_pdf(std::string_view bytes);
/// With every stream readable.
std::string uncompressed_pdf(std::string_view bytes);

/// What zbarimg reads from the QR codes of its pages, drawn at 150 dots an inch; bytes as they are.
std::string codes_of_pdf(std::string_view bytes);

int count_of(std::string_view words, std::string_view text);

}  // namespace cstims::test
