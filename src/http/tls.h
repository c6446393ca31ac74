// TLS for server.cc: versions 1.2 and 1.3, forward-secret authenticated ciphers, HTTP/1.1 by ALPN.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

namespace cstims {

/// Throws UsageError when the certificate or key cannot be used.
std::unique_ptr<boost::asio::ssl::context> make_tls(const std::string& certificate,
                                                    const std::string& key);

}  // namespace cstims
