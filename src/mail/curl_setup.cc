#include "mail/curl_setup.h"

#include <mutex>
#include <string_view>

namespace cstims {

namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") &&
          host.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace

CurlHandle make_curl_handle() {
  static std::once_flag started;
  std::call_once(started, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  CurlHandle handle(curl_easy_init());
  if (!handle) throw MailError("libcurl could not start");
  return handle;
}

void set_up_connection(CURL* handle, const CurlConnection& connection, char* error) {
  const auto set = [handle](CURLoption option, auto value) {
    set_curl_option(handle, option, value);
  };
  set(CURLOPT_PROTOCOLS_STR, connection.protocols);
  set(CURLOPT_PROXY, "");  // whatever the environment says
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, error);
  set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(connection.connect_within.count()));
  set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(connection.answer_within.count()));
  set(CURLOPT_TIMEOUT, static_cast<long>(connection.all_within.count()));
  set(CURLOPT_USE_SSL, static_cast<long>(connection.encrypted ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!connection.ca_file.empty()) set(CURLOPT_CAINFO, connection.ca_file.c_str());
  if (connection.username.empty()) return;
  set(CURLOPT_USERNAME, connection.username.c_str());
  set(CURLOPT_PASSWORD, connection.password.c_str());
}

ServerUrl read_server_url(const std::string& text, const std::string& setting,
                          const std::string& forms, const std::string& instead) {
  const std::unique_ptr<CURLU, FreeUrl> url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    throw UsageError(setting + " is no URL; " + forms);
  }
  if (!url_part(url.get(), CURLUPART_PASSWORD).empty() ||
      !url_part(url.get(), CURLUPART_USER).empty()) {
    throw UsageError(setting + " must not hold a name or password; " + instead);
  }
  return {.scheme = url_part(url.get(), CURLUPART_SCHEME),
          .is_loopback = is_loopback(url_part(url.get(), CURLUPART_HOST))};
}

}  // namespace cstims
