#include "db/file_scanner.h"

#include <fstream>

#include "base/failure.h"
#include "support/fake_scanner.h"
#include "support/sentence.h"

namespace cstims::test {
namespace {

using Mood = FakeScanner::Mood;

std::string megabytes(std::size_t count) {
  return std::string(count * 1024 * 1024, 'x');
}

}  // namespace

SENTENCE(file_scanner, "without an address every file is clean, and nobody is asked") {
  const FileScanner scanner;
  EXPECT_FALSE(scanner.is_on());
  EXPECT_EQ(scanner.scan("EICAR").verdict, ScanVerdict::clean);
  EXPECT_EQ(scanner.scan_file("/nowhere").verdict, ScanVerdict::clean);
}

SENTENCE(file_scanner, "what is infected is found, wherever it stands, and named") {
  const FakeScanner clamd;
  const FileScanner scanner(clamd.address());
  EXPECT_EQ(scanner.scan("").verdict, ScanVerdict::clean);
  EXPECT_EQ(scanner.scan(megabytes(9)).verdict, ScanVerdict::clean);
  const auto found = scanner.scan(megabytes(9) + "EICAR");
  EXPECT_EQ(found.verdict, ScanVerdict::infected);
  EXPECT_EQ(found.finding, "Eicar-Test-Signature");
  EXPECT_EQ(clamd.scans(), 3);
}

SENTENCE(file_scanner, "a file is scanned like its bytes") {
  const FakeScanner clamd;
  const FileScanner scanner(clamd.address());
  const auto path = std::filesystem::temp_directory_path() / "cstims-scanned";
  std::ofstream(path, std::ios::binary) << megabytes(1) << "EICAR";
  EXPECT_EQ(scanner.scan_file(path).verdict, ScanVerdict::infected);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << megabytes(1);
  EXPECT_EQ(scanner.scan_file(path).verdict, ScanVerdict::clean);
  std::filesystem::remove(path);
  EXPECT_THROW((void)scanner.scan_file(path), Failure);
}

SENTENCE(file_scanner, "a scanner that is away, silent or at its end says nothing of a file") {
  FakeScanner clamd;
  const FileScanner scanner(clamd.address(), std::chrono::milliseconds(300));
  for (const Mood mood : {Mood::is_silent, Mood::hangs_up, Mood::finds_too_large}) {
    clamd.set(mood);
    const auto begin = std::chrono::steady_clock::now();
    const auto scanned = scanner.scan(megabytes(2));
    EXPECT_EQ(scanned.verdict, ScanVerdict::unknown);
    EXPECT_FALSE(scanned.finding.empty());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
  }
  clamd.set(Mood::works);
  EXPECT_EQ(scanner.scan("x").verdict, ScanVerdict::clean) << "and is asked again the next time";
  EXPECT_EQ(FileScanner("unix:/nowhere/clamd.ctl").scan("x").verdict, ScanVerdict::unknown);
  EXPECT_EQ(FileScanner("127.0.0.1:1").scan("x").verdict, ScanVerdict::unknown);
}

SENTENCE(file_scanner, "many who ask at once wait for their turn, and no longer than the limit") {
  FakeScanner clamd;
  clamd.set(Mood::is_silent);
  const FileScanner scanner(clamd.address(), std::chrono::milliseconds(300));
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> people;
  std::atomic<int> unknown = 0;
  for (int person = 0; person < 12; ++person) {
    people.emplace_back([&] {
      if (scanner.scan("x").verdict == ScanVerdict::unknown) ++unknown;
    });
  }
  for (auto& person : people) person.join();
  EXPECT_EQ(unknown, 12);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

SENTENCE(file_scanner, "only places that can be asked are addresses") {
  for (const auto good : {"", "unix:/run/clamav/clamd.ctl", "127.0.0.1:3310", "[::1]:3310"}) {
    EXPECT_EQ(fault_of_scanner_address(good), "") << good;
  }
  for (const auto bad : {"unix:", "unix:clamd.ctl", "/run/clamd.ctl", "localhost:3310", "127.0.0.1",
                         "127.0.0.1:0", "127.0.0.1:70000", "[::1", "clamdscan -"}) {
    EXPECT_NE(fault_of_scanner_address(bad), "") << bad;
  }
}

}  // namespace cstims::test
