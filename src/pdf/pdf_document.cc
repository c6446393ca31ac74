#include "pdf/pdf_document.h"

#include <cairo-pdf.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "base/failure.h"
#include "base/refusal.h"
#include "pdf/pdf_pages.h"
#include "pdf/pdf_text.h"
#include "pdf/qr_code.h"

namespace cstims {

namespace {

constexpr Colour ink{0.10, 0.13, 0.18};
constexpr Colour quiet{0.38, 0.43, 0.50};
constexpr Colour accent{0.05, 0.32, 0.55};
constexpr Colour hairline{0.85, 0.87, 0.90};
constexpr Colour black{0, 0, 0};
constexpr Colour tint{0.945, 0.957, 0.972};

constexpr TextStyle body{.size = 9.2, .colour = ink};
constexpr TextStyle body_number{.size = 9.2, .colour = ink, .right = true};
constexpr TextStyle strong{.size = 9.2, .colour = ink, .bold = true};
constexpr TextStyle detail{.size = 7.6, .colour = quiet};
constexpr TextStyle detail_number{.size = 7.6, .colour = quiet, .right = true};
constexpr TextStyle label{.size = 7.6, .colour = quiet};
constexpr TextStyle head{.size = 7.8, .colour = accent, .bold = true};
constexpr TextStyle head_number{.size = 7.8, .colour = accent, .bold = true, .right = true};
constexpr TextStyle fact{.size = 10, .colour = ink, .bold = true};

struct ReleaseCairo {
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Cairo = std::unique_ptr<cairo_t, ReleaseCairo>;
using Surface = std::unique_ptr<cairo_surface_t, ReleaseCairo>;

/// Puts the blocks of a document on pages.
class Typesetter {
 public:
  explicit Typesetter(const PdfDocument& document) : document_(document) {}

  Pages set(double logo_width) {
    place_letterhead(logo_width);
    pages_.on_new_page([this] { place_running_head(); });
    for (const auto& block : document_.blocks) {
      std::visit([this](const auto& some) { place(some); }, block);
    }
    return std::move(pages_);
  }

 private:
  TextBlock text(std::string_view words, const TextStyle& style, double width) const {
    return TextBlock(words, style, width, document_.language);
  }

  void place_letterhead(double logo_width) {
    const double half = PageSize::body_width / 2;
    const double indent = logo_width > 0 ? logo_width + 12 : 0;
    TextBlock left =
        text(document_.name, {.size = 19, .colour = accent, .bold = true}, half - indent);
    left.append(text(document_.tagline, {.size = 8.4, .colour = quiet}, half - indent));
    TextBlock right = text(document_.kind, {.size = 19, .colour = ink, .right = true}, half);
    right.append(
        text(document_.number, {.size = 11, .colour = ink, .bold = true, .right = true}, half));
    std::vector<RowCell> cells;
    cells.push_back({std::move(left), PageSize::left + indent});
    cells.push_back({std::move(right), PageSize::left + half});
    pages_.place_row(std::move(cells), 0);
    pages_.skip(10);
    pages_.rectangle(PageSize::left, PageSize::body_width, 1.6, accent);
    pages_.skip(16);
  }

  void place_running_head() {
    const double half = PageSize::body_width / 2;
    std::vector<RowCell> cells;
    cells.push_back({text(document_.name, {.size = 8.4, .colour = accent, .bold = true}, half),
                     PageSize::left});
    cells.push_back({text(document_.title, {.size = 8.4, .colour = quiet, .right = true}, half),
                     PageSize::left + half});
    pages_.place_row(std::move(cells), 0);
    pages_.skip(5);
    pages_.rectangle(PageSize::left, PageSize::body_width, 0.6, hairline);
    pages_.skip(14);
  }

  void place(const PdfFacts& block) {
    if (block.facts.empty()) return;
    const double width = PageSize::body_width / static_cast<double>(block.facts.size());
    std::vector<RowCell> cells;
    double x = PageSize::left;
    for (const auto& one : block.facts) {
      TextBlock cell = text(one.label, label, width - 10);
      cell.append(text(one.value, fact, width - 10));
      cells.push_back({std::move(cell), x});
      x += width;
    }
    pages_.place_row(std::move(cells), 0);
    pages_.skip(18);
  }

  void place(const PdfParties& block) {
    if (block.parties.empty()) return;
    const double width = PageSize::body_width / static_cast<double>(block.parties.size());
    std::vector<RowCell> cells;
    double x = PageSize::left;
    for (const auto& party : block.parties) {
      const auto line_end = party.text.find('\n');
      TextBlock cell = text(party.label, head, width - 18);
      cell.append(text(party.text.substr(0, line_end), strong, width - 18));
      if (line_end != std::string::npos) {
        cell.append(text(party.text.substr(line_end + 1), body, width - 18));
      }
      cells.push_back({std::move(cell), x});
      x += width;
    }
    pages_.place_row(std::move(cells), 0);
    pages_.skip(22);
  }

  std::vector<double> widths(const PdfTable& table) const {
    const int shares =
        std::accumulate(table.columns.begin(), table.columns.end(), 0,
                        [](int sum, const auto& column) { return sum + column.share; });
    std::vector<double> result;
    for (const auto& column : table.columns) {
      result.push_back((PageSize::body_width - 2 * cell_padding) * column.share /
                       std::max(1, shares));
    }
    return result;
  }

  void place_table_head(const PdfTable& table, const std::vector<double>& widths) {
    pages_.need(60);  // never a head alone at the foot of a page
    std::vector<RowCell> cells;
    double x = PageSize::left + cell_padding;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const auto& column = table.columns[i];
      cells.push_back(
          {text(column.title, column.number ? head_number : head, cell_width(widths, i)), x});
      x += widths[i];
    }
    double height = 0;
    for (const auto& cell : cells) height = std::max(height, cell.text.height());
    pages_.rectangle(PageSize::left, PageSize::body_width, height + 10, tint);
    pages_.place_row(std::move(cells), 5);
  }

  /// Columns keep a gap between them; the last one ends at the edge.
  static double cell_width(const std::vector<double>& widths, std::size_t index) {
    return index + 1 == widths.size() ? widths[index] : widths[index] - 9;
  }

  void place(const PdfTable& table) {
    const auto columns = widths(table);
    place_table_head(table, columns);
    pages_.on_new_page([&, this] {
      place_running_head();
      place_table_head(table, columns);
    });
    for (const auto& row : table.rows) place_table_row(table, row, columns);
    pages_.on_new_page([this] { place_running_head(); });
    pages_.skip(10);
  }

  void place_table_row(const PdfTable& table, const std::vector<PdfTable::Cell>& row,
                       const std::vector<double>& widths) {
    std::vector<RowCell> cells;
    double x = PageSize::left + cell_padding;
    for (std::size_t i = 0; i < table.columns.size() && i < row.size(); ++i) {
      const bool number = table.columns[i].number;
      TextBlock cell = text(row[i].text, number ? body_number : body, cell_width(widths, i));
      cell.append(text(row[i].detail, number ? detail_number : detail, cell_width(widths, i)));
      cells.push_back({std::move(cell), x});
      x += widths[i];
    }
    pages_.place_row(std::move(cells), 5);
    pages_.rectangle(PageSize::left, PageSize::body_width, 0.6, hairline);
  }

  void place(const PdfSums& block) {
    double height = 30;
    for (const auto& sum : block.sums) height += sum.strong ? 26 : 17;
    pages_.need(height);
    for (const auto& sum : block.sums) place_sum(sum);
    pages_.skip(20);
  }

  void place_sum(const PdfSums::Sum& sum) {
    constexpr double width = 250;
    const double x = PageSize::right - width;
    const double size = sum.strong ? 12.5 : 9.2;
    const Colour colour = sum.strong ? accent : ink;
    const double inner = width - 2 * cell_padding;
    std::vector<RowCell> cells;
    cells.push_back(
        {text(sum.label, {.size = size, .colour = colour, .bold = sum.strong}, inner * 0.55),
         x + cell_padding});
    cells.push_back(
        {text(sum.value, {.size = size, .colour = colour, .bold = sum.strong, .right = true},
              inner * 0.45),
         x + cell_padding + inner * 0.55});
    if (sum.strong) pages_.rectangle(x, width, size * 1.42 + 8, tint);
    pages_.place_row(std::move(cells), sum.strong ? 4 : 2);
    if (sum.strong) pages_.skip(2);
  }

  void place(const PdfNote& note) {
    if (note.text.empty()) return;
    pages_.need(50);
    TextBlock words = text(note.label, head, PageSize::body_width);
    words.append(text(note.text, body, PageSize::body_width));
    std::vector<RowCell> cells;
    cells.push_back({std::move(words), PageSize::left});
    pages_.place_row(std::move(cells), 0);
    pages_.skip(14);
  }

  void place(const PdfCode& block) {
    constexpr double gap = 16;
    const double width = PageSize::body_width - code_width - gap;
    const double x = PageSize::right - code_width;
    TextBlock caption = text(block.caption, detail, code_width);
    pages_.need(code_width + caption.height() + 6);
    place_squares(qr_code(block.content), x);
    TextBlock words = text(block.label, head, width);
    words.append(text(block.text, body, width));
    const double height = std::max(words.height(), code_width + caption.height());
    pages_.place(std::move(words), PageSize::left);
    pages_.skip(code_width);
    pages_.place(std::move(caption), x);
    pages_.skip(height - code_width + 14);
  }

  /// Dark squares side by side are one rectangle.
  void place_squares(const QrCode& code, double left) {
    constexpr std::size_t quiet_zone = 4;
    const double side = code_width / static_cast<double>(code.width + 2 * quiet_zone);
    for (std::size_t y = 0; y < code.width; ++y) {
      for (std::size_t x = 0; x < code.width; ++x) {
        const std::size_t start = x;
        while (x < code.width && code.at(x, y)) ++x;
        if (x == start) continue;
        const auto squares = static_cast<double>(x - start);
        pages_.rectangle_at(left + side * static_cast<double>(start + quiet_zone),
                            side * static_cast<double>(y + quiet_zone), squares * side, side,
                            black);
      }
    }
  }

  static constexpr double cell_padding = 7;
  static constexpr double code_width = 85;  // 30 mm
  const PdfDocument& document_;
  Pages pages_;
};

void use(cairo_t* cairo, Colour colour) {
  cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue);
}

void draw_line(cairo_t* cairo, const TextBlock::Line& line, double x, double baseline) {
  use(cairo, line.colour);
  cairo_move_to(cairo, x, baseline);
  pango_cairo_show_layout_line(cairo, line.line);
}

void draw_page(cairo_t* cairo, const PlacedPage& page) {
  // Neighbours of one colour are filled at once: a QR code has hundreds.
  const auto& all = page.rectangles;
  for (std::size_t i = 0; i < all.size(); ++i) {
    cairo_rectangle(cairo, all[i].x, all[i].y, all[i].width, all[i].height);
    if (i + 1 < all.size() && all[i + 1].colour == all[i].colour) continue;
    use(cairo, all[i].colour);
    cairo_fill(cairo);
  }
  for (const auto& placed : page.lines) draw_line(cairo, placed.line, placed.x, placed.baseline);
}

void draw_footer(cairo_t* cairo, const PdfDocument& document, std::size_t page, std::size_t pages) {
  constexpr double y = PageSize::height - 48;
  use(cairo, hairline);
  cairo_rectangle(cairo, PageSize::left, y, PageSize::body_width, 0.6);
  cairo_fill(cairo);
  const std::string pages_text =
      Message{document.page_label, {std::to_string(page), std::to_string(pages)}}.english();
  const TextBlock left(document.footer, {.size = 7.4, .colour = quiet}, PageSize::body_width - 110,
                       document.language);
  const TextBlock right(pages_text, {.size = 7.4, .colour = quiet, .right = true}, 100,
                        document.language);
  const double baseline = y + 15;
  if (!left.lines().empty()) draw_line(cairo, left.lines()[0], PageSize::left, baseline);
  if (!right.lines().empty()) {
    const auto& line = right.lines()[0];
    draw_line(cairo, line, PageSize::right - 100 + line.x, baseline);
  }
}

constexpr double logo_height = 38;

/// Null when the document has no logo.
Surface read_logo(const std::string& file) {
  if (file.empty()) return nullptr;
  Surface logo(cairo_image_surface_create_from_png(file.c_str()));
  const auto status = cairo_surface_status(logo.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    throw Failure(
        fmt::format("the logo {} cannot be read as PNG: {}", file, cairo_status_to_string(status)));
  }
  return logo;
}

double scale_of(cairo_surface_t* logo) {
  return logo_height / std::max(1, cairo_image_surface_get_height(logo));
}

void draw_logo(cairo_t* cairo, cairo_surface_t* logo) {
  cairo_save(cairo);
  cairo_translate(cairo, PageSize::left, PageSize::top);
  cairo_scale(cairo, scale_of(logo), scale_of(logo));
  cairo_set_source_surface(cairo, logo, 0, 0);
  cairo_paint(cairo);
  cairo_restore(cairo);
}

cairo_status_t append_bytes(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

void describe(cairo_surface_t* surface, const PdfDocument& document) {
  const auto set = [&](cairo_pdf_metadata_t key, const std::string& value) {
    cairo_pdf_surface_set_metadata(surface, key, value.c_str());
  };
  set(CAIRO_PDF_METADATA_TITLE, printable(document.title));
  set(CAIRO_PDF_METADATA_AUTHOR, printable(document.author));
  set(CAIRO_PDF_METADATA_SUBJECT, printable(document.subject));
  set(CAIRO_PDF_METADATA_CREATE_DATE, document.created.text());
}

void check(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS) {
    throw Failure(fmt::format("drawing a PDF failed: {}", cairo_status_to_string(status)));
  }
}

}  // namespace

std::string fault_of_logo(const std::string& file) {
  try {
    read_logo(file);
    return {};
  } catch (const Failure& failure) {
    return failure.what();
  }
}

std::string render_pdf(const PdfDocument& document) {
  const Surface logo = read_logo(document.logo);
  const double logo_width =
      logo ? cairo_image_surface_get_width(logo.get()) * scale_of(logo.get()) : 0;
  const Pages pages = Typesetter(document).set(logo_width);

  std::string bytes;
  Surface surface(
      cairo_pdf_surface_create_for_stream(append_bytes, &bytes, PageSize::width, PageSize::height));
  cairo_pdf_surface_restrict_to_version(surface.get(), CAIRO_PDF_VERSION_1_5);
  describe(surface.get(), document);
  const Cairo cairo(cairo_create(surface.get()));
  if (logo) draw_logo(cairo.get(), logo.get());
  for (std::size_t page = 0; page < pages.pages().size(); ++page) {
    draw_page(cairo.get(), pages.pages()[page]);
    draw_footer(cairo.get(), document, page + 1, pages.pages().size());
    cairo_show_page(cairo.get());
  }
  check(cairo_status(cairo.get()));
  cairo_surface_finish(surface.get());
  check(cairo_surface_status(surface.get()));
  return bytes;
}

}  // namespace cstims
