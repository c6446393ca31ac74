#include "http/upload_file.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>

#include "base/secret.h"
#include "base/text.h"
#include "http/request_refused.h"

namespace cstims {
namespace {

constexpr std::string_view prefix = "cstims-upload-";

[[noreturn]] void refuse_storage(std::string_view act) {
  throw RequestRefused(507, std::string(act) + ": " + std::generic_category().message(errno));
}

}  // namespace

TemporaryFiles::~TemporaryFiles() {
  remove();
}

TemporaryFiles& TemporaryFiles::operator=(TemporaryFiles&& other) noexcept {
  if (this != &other) {
    remove();
    files_ = std::move(other.files_);
    other.files_.clear();
  }
  return *this;
}

void TemporaryFiles::remove() noexcept {
  std::error_code ignored;
  for (const auto& file : files_) std::filesystem::remove(file, ignored);
  files_.clear();
}

struct UploadFile::Digest {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  Digest() {
    if (context == nullptr || EVP_DigestInit_ex(context, EVP_sha256(), nullptr) != 1) {
      throw std::runtime_error("SHA-256 cannot start");
    }
  }
  ~Digest() { EVP_MD_CTX_free(context); }
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
};

UploadFile::UploadFile(const std::filesystem::path& folder)
    : path_(folder / (std::string(prefix) + random_token(16))),
      digest_(std::make_unique<Digest>()) {
  std::error_code error;
  const auto space = std::filesystem::space(folder, error);
  if (!error && space.available < space.capacity / 20) {
    throw RequestRefused(507, "under 5 % of the disk is free: no uploads");
  }
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor_ < 0) refuse_storage("making a temporary file");
}

UploadFile::~UploadFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void UploadFile::write(std::string_view bytes) {
  if (EVP_DigestUpdate(digest_->context, bytes.data(), bytes.size()) != 1) {
    throw std::runtime_error("SHA-256 failed");
  }
  size_ += static_cast<std::int64_t>(bytes.size());
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse_storage("writing a temporary file");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string UploadFile::finish() {
  const int descriptor = descriptor_;
  descriptor_ = -1;
  if (::close(descriptor) != 0) refuse_storage("closing a temporary file");
  std::string digest(32, '\0');
  if (EVP_DigestFinal_ex(digest_->context, reinterpret_cast<unsigned char*>(digest.data()),
                         nullptr) != 1) {
    throw std::runtime_error("SHA-256 failed");
  }
  return hex(digest);
}

void sweep_uploads(const std::filesystem::path& folder) {
  std::error_code error;
  const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (!entry.path().filename().string().starts_with(prefix)) continue;
    if (entry.last_write_time(error) < old && !error) std::filesystem::remove(entry.path(), error);
  }
}

}  // namespace cstims
