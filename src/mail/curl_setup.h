// What SMTP and IMAP ask of libcurl alike: certificates are checked, nothing is sent in the clear
// but to this machine, everything has a time limit. For mail/smtp.cc and inbox/imap.cc.
#pragma once

#include <curl/curl.h>
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>

#include "base/failure.h"

namespace cstims {

struct FreeCurlHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using CurlHandle = std::unique_ptr<CURL, FreeCurlHandle>;
CurlHandle make_curl_handle();

template <typename T>
void set_curl_option(CURL* handle, CURLoption option, T value) {
  if (curl_easy_setopt(handle, option, value) != CURLE_OK) {
    throw MailError(fmt::format("libcurl refuses option {}", static_cast<int>(option)));
  }
}

struct CurlConnection {
  const char* protocols;  // "smtp,smtps"
  bool encrypted;         // from the first byte, or with STARTTLS, or not at all
  const std::string& ca_file;
  const std::string& username;  // empty: no sign-in
  const std::string& password;
  std::chrono::seconds connect_within;
  std::chrono::seconds answer_within;  // each reply
  std::chrono::seconds all_within;     // of one request
};
/// `error` (CURL_ERROR_SIZE) must outlive the handle.
void set_up_connection(CURL* handle, const CurlConnection& connection, char* error);

struct ServerUrl {
  std::string scheme;
  bool is_loopback;
};
/// Throws UsageError: "SETTING is no URL; FORMS" or "SETTING must not hold a name or password;
/// INSTEAD".
ServerUrl read_server_url(const std::string& url, const std::string& setting,
                          const std::string& forms, const std::string& instead);

}  // namespace cstims
