#include "http/addresses.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace cstims {
namespace {

constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::optional<int> parse_bits(std::string_view text, int most) {
  int bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (error != std::errc() || end != text.data() + text.size() || bits < 0 || bits > most)
    return {};
  return bits;
}

}  // namespace

Result<Address> Address::parse(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return refuse("", message("This is no network address."));
  }
  Address address;
  const std::string copy(text.substr(0, INET6_ADDRSTRLEN));
  std::array<std::uint8_t, 4> four{};
  if (inet_pton(AF_INET, copy.c_str(), four.data()) == 1 && copy.size() == text.size()) {
    std::ranges::copy(mapped, address.bytes_.begin());
    std::ranges::copy(four, address.bytes_.begin() + 12);
    return address;
  }
  if (inet_pton(AF_INET6, copy.c_str(), address.bytes_.data()) == 1 && copy.size() == text.size()) {
    return address;
  }
  return refuse("", message("This is no network address."));
}

bool Address::is_ipv4() const {
  return std::equal(mapped.begin(), mapped.end(), bytes_.begin());
}

bool Address::is_loopback() const {
  if (is_ipv4()) return bytes_[12] == 127;
  return bytes_ == std::array<std::uint8_t, 16>{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
}

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (is_ipv4()) {
    inet_ntop(AF_INET, bytes_.data() + 12, buffer.data(), buffer.size());
  } else {
    inet_ntop(AF_INET6, bytes_.data(), buffer.data(), buffer.size());
  }
  return buffer.data();
}

std::string Address::network() const {
  if (is_ipv4()) return text();
  Address first = *this;
  std::fill(first.bytes_.begin() + 8, first.bytes_.end(), std::uint8_t{0});
  return first.text() + "/64";
}

Result<AddressRanges> AddressRanges::parse(const std::vector<std::string>& texts) {
  AddressRanges ranges;
  for (const std::string& text : texts) {
    const auto slash = text.find('/');
    const auto address = Address::parse(std::string_view(text).substr(0, slash));
    if (!address) return refuse("", message("“{}” is no network address.", {text}));
    const int skipped = address->is_ipv4() && text.find(':') == std::string::npos ? 96 : 0;
    std::optional<int> bits = 128 - skipped;
    if (slash != std::string::npos) {
      bits = parse_bits(std::string_view(text).substr(slash + 1), 128 - skipped);
    }
    if (!bits) return refuse("", message("“{}” is no network.", {text}));
    ranges.ranges_.push_back({*address, *bits + skipped});
  }
  return ranges;
}

bool AddressRanges::contains(const Address& address) const {
  const auto inside = [&](const Range& range) {
    const auto& a = address.bytes();
    const auto& b = range.network.bytes();
    const auto whole = static_cast<std::size_t>(range.bits / 8);
    if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) {
      return false;
    }
    const int rest = range.bits % 8;
    return rest == 0 || (a[whole] >> (8 - rest)) == (b[whole] >> (8 - rest));
  };
  return std::ranges::any_of(ranges_, inside);
}

std::string client_address(const std::string& peer, std::string_view forwarded_for,
                           const AddressRanges& trusted) {
  const auto socket = Address::parse(peer);
  if (!socket || !trusted.contains(*socket)) return peer;
  std::string client = peer;
  while (!forwarded_for.empty()) {
    const auto comma = forwarded_for.rfind(',');
    const bool last = comma == std::string_view::npos;
    const auto address =
        Address::parse(trim(last ? forwarded_for : forwarded_for.substr(comma + 1)));
    if (!address) break;
    client = address->text();
    if (!trusted.contains(*address)) break;
    forwarded_for = last ? std::string_view{} : forwarded_for.substr(0, comma);
  }
  return client;
}

bool is_trusted_address(std::string_view address, const AddressRanges& trusted) {
  const auto parsed = Address::parse(address);
  return parsed && (parsed->is_loopback() || trusted.contains(*parsed));
}

}  // namespace cstims
