// Paged documents of text, tables and sums as PDF (A4), drawn by Pango and Cairo: any script, fonts
// embedded as subsets, several pages when long. It knows no business noun. What is given is text
// and only text: no markup, links, scripts or files.
//
// The same description gives the same bytes on the same machine: the creation date is part of it.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/date.h"

namespace cstims {

/// One line of labelled values ("Invoice number", "Issue date", …).
struct PdfFacts {
  struct Fact {
    std::string label;
    std::string value;
  };
  std::vector<Fact> facts;
};

/// Texts of several lines side by side, the first line of each in bold: seller and buyer.
struct PdfParties {
  struct Party {
    std::string label;
    std::string text;
  };
  std::vector<Party> parties;
};

/// A table that goes on over as many pages as it needs; its head stands on each of them.
struct PdfTable {
  struct Column {
    std::string title;
    int share = 1;        // of the width, compared with the other columns
    bool number = false;  // set to the right
  };
  struct Cell {
    std::string text;
    std::string detail = {};  // below, smaller and quieter
  };
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};

/// Labelled amounts at the right edge, kept together on one page.
struct PdfSums {
  struct Sum {
    std::string label;
    std::string value;
    bool strong = false;  // the one people look for
  };
  std::vector<Sum> sums;
};

/// A labelled text over the whole width.
struct PdfNote {
  std::string label;
  std::string text;
};

/// A note with a QR code at its right, 30 mm wide with its quiet zone.
struct PdfCode {
  std::string label;
  std::string text;
  std::string content;  // bytes of the code
  std::string caption;  // below it
};

using PdfBlock = std::variant<PdfFacts, PdfParties, PdfTable, PdfSums, PdfNote, PdfCode>;

struct PdfDocument {
  std::string title;   // metadata, and the head of the following pages: "Invoice F2026-000123"
  std::string author;  // metadata
  std::string subject = {};     // metadata: in one line what it is about
  Instant created;              // metadata; nothing else tells the time
  std::string language = "en";  // "es": which shapes ideographs take
  std::string name;             // of whom the document is, set large at the top
  std::string tagline = {};     // below the name
  std::string logo = {};        // a PNG file set before the name; empty: none
  std::string kind = {};        // "Invoice", set large at the right
  std::string number = {};      // below the kind
  std::vector<PdfBlock> blocks = {};
  std::string footer = {};                   // left at the foot of every page
  std::string page_label = "Page {} of {}";  // right at the foot of every page
};

/// Thread-safe; each thread keeps its fonts. Throws Failure when it cannot be drawn.
std::string render_pdf(const PdfDocument& document);

/// Why a file cannot be the logo of a document, or empty.
std::string fault_of_logo(const std::string& file);

/// What is drawn of a text: no controls but the line feed, nothing that turns or hides its
/// neighbours (bidi overrides, zero-width spaces), at most three marks stacked on one letter, so
/// that no text can grow over the lines around it.
std::string printable(std::string_view text);

}  // namespace cstims
