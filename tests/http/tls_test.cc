// The server's own TLS with a certificate made here, spoken to with OpenSSL.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>

#include "http/running_site.h"

namespace cstims::test {
namespace {

struct Certificate {
  ScratchFolder folder;
  std::string certificate = (folder / "certificate.pem").string();
  std::string key = (folder / "key.pem").string();

  Certificate() {
    EVP_PKEY* pair = EVP_EC_gen("P-256");
    X509* self = X509_new();
    X509_set_version(self, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(self), 1);
    X509_gmtime_adj(X509_getm_notBefore(self), 0);
    X509_gmtime_adj(X509_getm_notAfter(self), 3600);
    X509_set_pubkey(self, pair);
    X509_NAME* name = X509_get_subject_name(self);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("portal.example.test"), -1,
                               -1, 0);
    X509_set_issuer_name(self, name);
    X509_sign(self, pair, EVP_sha256());
    std::FILE* file = std::fopen(certificate.c_str(), "w");
    PEM_write_X509(file, self);
    std::fclose(file);
    file = std::fopen(key.c_str(), "w");
    PEM_write_PrivateKey(file, pair, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(self);
    EVP_PKEY_free(pair);
  }
};

/// The whole answer, or empty when the handshake fails.
std::string ask(unsigned short port, const std::string& request, int version,
                const char* ciphers = nullptr) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, version);
  SSL_CTX_set_max_proto_version(context, version);
  if (ciphers != nullptr) SSL_CTX_set_cipher_list(context, ciphers);
  BIO* wire = BIO_new_connect(("127.0.0.1:" + std::to_string(port)).c_str());
  std::string answer;
  SSL* tls = SSL_new(context);
  if (BIO_do_connect(wire) == 1) {
    SSL_set_bio(tls, wire, wire);
    if (SSL_connect(tls) == 1) {
      SSL_write(tls, request.data(), static_cast<int>(request.size()));
      char bytes[4096];
      int count = 0;
      while ((count = SSL_read(tls, bytes, sizeof bytes)) > 0)
        answer.append(bytes, static_cast<std::size_t>(count));
      SSL_shutdown(tls);
    }
  }
  SSL_free(tls);
  SSL_CTX_free(context);
  return answer;
}

}  // namespace

SENTENCE(tls, "version 1.2 and 1.3 are spoken, older ones and weak ciphers are not") {
  const Certificate own;
  RunningSite site([&](ServerOptions& options) {
    options.tls_certificate = own.certificate;
    options.tls_key = own.key;
  });
  const std::string request = site.request("GET /tickets/12", "Connection: close\r\n");
  EXPECT_TRUE(ask(site.server.port(), request, TLS1_3_VERSION).ends_with("\r\n\r\n12"));
  EXPECT_TRUE(ask(site.server.port(), request, TLS1_2_VERSION).ends_with("\r\n\r\n12"));
  EXPECT_EQ(ask(site.server.port(), request, TLS1_1_VERSION), "");
  EXPECT_EQ(ask(site.server.port(), request, TLS1_VERSION), "");
  EXPECT_EQ(ask(site.server.port(), request, TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA"), "");
  EXPECT_EQ(ask(site.server.port(), request, TLS1_2_VERSION, "NULL:aNULL"), "");
}

SENTENCE(tls, "large bodies go both ways, and mistakes are answered") {
  const Certificate own;
  RunningSite site([&](ServerOptions& options) {
    options.tls_certificate = own.certificate;
    options.tls_key = own.key;
  });
  EXPECT_GT(
      ask(site.server.port(), site.request("GET /long", "Connection: close\r\n"), TLS1_3_VERSION)
          .size(),
      100'000U);
  const std::string sent =
      site.form("/post", "a=" + std::string(200'000, 'x'), "Connection: close\r\n");
  EXPECT_NE(ask(site.server.port(), sent, TLS1_3_VERSION).find("posted|a=xxx"), std::string::npos);
  EXPECT_TRUE(
      ask(site.server.port(), site.request("GET /%"), TLS1_3_VERSION).starts_with("HTTP/1.1 400 "));
}

SENTENCE(tls, "plain HTTP on a TLS port and a handshake that never comes are closed") {
  const Certificate own;
  RunningSite site([&](ServerOptions& options) {
    options.tls_certificate = own.certificate;
    options.tls_key = own.key;
    options.timeouts.head = ServerTimeouts::Seconds(0.2);
  });
  EXPECT_EQ(site.ask(site.request("GET /")).status, 0);
  RawClient silent(site.server.port());
  EXPECT_TRUE(silent.at_end());
}

}  // namespace cstims::test
