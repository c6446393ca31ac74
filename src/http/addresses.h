// Network addresses of peers: which ones are trusted, and who stands behind a trusted proxy.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"

namespace cstims {

/// An IPv4 or IPv6 address; IPv4 is kept in its mapped form (::ffff:a.b.c.d), so that both
/// spellings are equal.
class Address {
 public:
  static Result<Address> parse(std::string_view text);
  std::string text() const;
  bool is_loopback() const;
  bool is_ipv4() const;
  /// What limits per address count: the address itself, of IPv6 the /64 network.
  std::string network() const;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  bool operator==(const Address&) const = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

/// Addresses and networks of the setting server.trusted_proxies.
class AddressRanges {
 public:
  AddressRanges() = default;
  /// "127.0.0.1", "10.0.0.0/8", "fd00::/8" …; refuses what is none of these.
  static Result<AddressRanges> parse(const std::vector<std::string>& texts);
  bool contains(const Address& address) const;

 private:
  struct Range {
    Address network;
    int bits;
  };
  std::vector<Range> ranges_;
};

/// The client's address: the socket's peer, or, when that is a trusted proxy, the last address of
/// `forwarded_for` (X-Forwarded-For) that is not itself a trusted proxy. Reading stops at the first
/// thing that is no address.
std::string client_address(const std::string& peer, std::string_view forwarded_for,
                           const AddressRanges& trusted);

/// Loopback or trusted: may read /metrics.
bool is_trusted_address(std::string_view address, const AddressRanges& trusted);

}  // namespace cstims
