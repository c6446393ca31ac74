// A virus scanner that speaks as clamd does: what holds "EICAR" is infected.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

namespace cstims::test {

class FakeScanner {
 public:
  enum class Mood {
    works,
    is_silent,       // takes the file and says nothing
    hangs_up,        // in the middle of the file
    finds_too_large  // answers before the end and closes
  };
  FakeScanner();
  ~FakeScanner();
  FakeScanner(const FakeScanner&) = delete;
  FakeScanner& operator=(const FakeScanner&) = delete;

  std::string address() const { return "unix:" + path_.string(); }
  void set(Mood mood) { mood_ = mood; }
  int scans() const { return scans_; }

 private:
  void listen();
  void answer(int peer);

  std::filesystem::path folder_;
  std::filesystem::path path_;
  int socket_ = -1;
  std::atomic<Mood> mood_ = Mood::works;
  std::atomic<int> scans_ = 0;
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

}  // namespace cstims::test
