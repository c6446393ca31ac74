#include "support/pdf_reading.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "support/test_database.h"

namespace cstims::test {

namespace {

struct Output {
  int status;
  std::string text;
};

/// Runs `before FILE after` on the bytes; both outputs together.
Output run_on(std::string_view bytes, const std::string& before, const std::string& after) {
  const ScratchFolder folder;
  const auto file = folder / "document.pdf";
  std::ofstream(file, std::ios::binary) << bytes;
  const std::string command = before + " " + file.string() + " " + after + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + before);
  Output output{.status = 0, .text = {}};
  std::array<char, 4096> buffer{};
  while (const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.text.append(buffer.data(), count);
  }
  output.status = pclose(pipe);
  return output;
}

std::string text_or_throw(const Output& output, const char* what) {
  if (output.status != 0) throw std::runtime_error(std::string(what) + ": " + output.text);
  return output.text;
}

}  // namespace

std::string text_of_pdf(std::string_view bytes) {
  return text_or_throw(run_on(bytes, "pdftotext -q -layout", "-"), "pdftotext");
}

std::string faults_of_pdf(std::string_view bytes) {
  const auto checked = run_on(bytes, "qpdf --check", "");
  if (checked.status != 0) return checked.text;
  return run_on(bytes, "pdftotext", "/dev/null").text;
}

int pages_of_pdf(std::string_view bytes) {
  return std::atoi(
      text_or_throw(run_on(bytes, "qpdf --show-npages", ""), "qpdf --show-npages").c_str());
}

std::string codes_of_pdf(std::string_view bytes) {
  return text_or_throw(run_on(bytes,
                              "sh -c 'pdftoppm -r 150 -png \"$0\" \"$0\" && zbarimg -q --nodbus "
                              "--raw -Sbinary \"$0\"*.png'",
                              ""),
                       "zbarimg");
}

std::string information_of_pdf(std::string_view bytes) {
  return text_or_throw(run_on(bytes, "TZ=UTC pdfinfo -isodates", ""), "pdfinfo");
}

std::string fonts_of_pdf(std::string_view bytes) {
  return text_or_throw(run_on(bytes, "pdffonts", ""), "pdffonts");
}

std::string uncompressed_pdf(std::string_view bytes) {
  return text_or_throw(run_on(bytes, "qpdf --qdf --object-streams=disable", "-"), "qpdf --qdf");
}

int count_of(std::string_view words, std::string_view text) {
  int count = 0;
  for (auto at = text.find(words); at != std::string_view::npos; at = text.find(words, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace cstims::test
