#include "web/api/digest_field.h"

#include <algorithm>

#include "base/error.h"
#include "http/syntax.h"

namespace bodega::web {
namespace {

constexpr std::size_t kSha256 = 32, kSha512 = 64;

[[noreturn]] void refuse(std::string_view field) {
    throw base::Error(base::Code::invalid,
                      "The field " + std::string(field) + " must be digests as in RFC 9530, such as sha-256=:BASE64:.");
}

// Parses a byte sequence (RFC 8941 section 3.3.5) and ignores its parameters.
base::Bytes bytes_of(std::string_view field, std::string_view item, std::size_t size) {
    item = http::trim(item.substr(0, item.find(';')));
    if (item.size() < 2 || item.front() != ':' || item.back() != ':') refuse(field);
    auto bytes = base::unbase64(item.substr(1, item.size() - 2));
    if (!bytes || bytes->size() != size) refuse(field);
    return *bytes;
}

void add(app::Digests& out, std::string_view field, std::string_view member) {
    const std::size_t equals = member.find('=');
    if (equals == 0 || equals == member.npos) refuse(field);
    const std::string_view key = member.substr(0, equals), item = member.substr(equals + 1);
    if (key == "sha-256") {
        const base::Bytes bytes = bytes_of(field, item, kSha256);
        std::ranges::copy(bytes, out.sha256.emplace().begin());
    } else if (key == "sha-512") {
        out.sha512 = bytes_of(field, item, kSha512);
    }
}

}  // namespace

app::Digests parse_digests(std::string_view field, std::string_view value) {
    app::Digests out;
    while (const auto member = http::next_element(value)) add(out, field, *member);
    return out;
}

app::Digests both_digests(const app::Digests& one, const app::Digests& other) {
    const bool differ = (one.sha256 && other.sha256 && one.sha256 != other.sha256) ||
                        (!one.sha512.empty() && !other.sha512.empty() && one.sha512 != other.sha512);
    if (differ)
        throw base::Error(base::Code::checksum_mismatch, "Repr-Digest and Content-Digest contradict each other.");
    app::Digests out = one;
    if (!out.sha256) out.sha256 = other.sha256;
    if (out.sha512.empty()) out.sha512 = other.sha512;
    return out;
}

}  // namespace bodega::web
