#include "http/upload_check.h"

#include "base/log.h"
#include "base/text.h"
#include "db/file_scanner.h"

namespace cstims {

Result<void> check_uploads(const Context& context) {
  const FileScanner* scanner = context.services.scanner;
  if (scanner == nullptr || !scanner->is_on()) return {};
  Refusal refusal;
  for (const auto& upload : context.request.form.uploads) {
    if (upload.file.empty()) continue;
    const std::string name = shorten(single_line(upload.name), 100);
    const Scanned scanned = scanner->scan_file(upload.file);
    if (scanned.verdict == ScanVerdict::infected) {
      log_warning(
          "an infected file was refused",
          {{"user", context.viewer.name}, {"sha256", upload.sha256}, {"found", scanned.finding}});
      refusal.add(upload.field, message("“{}” holds something harmful ({}). It was not taken.",
                                        {name, scanned.finding}));
    } else if (scanned.verdict == ScanVerdict::unknown) {
      refusal.add(upload.field,
                  message("“{}” could not be scanned for viruses just now. Please choose it again "
                          "in a few minutes.",
                          {name}));
    }
  }
  if (!refusal.items.empty()) return std::unexpected(std::move(refusal));
  return {};
}

}  // namespace cstims
