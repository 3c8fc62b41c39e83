// Field values: ranges, encodings, lists, authorities, hosts of targets, forwarded fields.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/network.h"
#include "fuzz/seeds.h"
#include "http/accept_encoding.h"
#include "http/forwarded.h"
#include "http/range.h"
#include "http/syntax.h"
#include "http/target.h"
#include "support/edge_vectors.h"

using namespace bodega;
using fuzz::require;

std::vector<std::string> fuzz::seeds() {
    std::vector<std::string> out;
    for (std::string value : {"bytes=0-", "bytes=0-0,-1", "bytes=5-2", "bytes=-0", "bytes=1-2,4-5, 7-9", "bytes=,,1-",
                              "gzip;q=0.5, br;q=1.0, *;q=0", "identity;q=0", "gzip;q=1.0000", "close, x , ,keep-alive",
                              "[::1]:8080", "a.b:80", "192.0.2.1", "http://h:80/a?b", "*", "/a/../b",
                              "for=192.0.2.1;proto=https, for=\"[2001:db8::1]:1\"", "for=\"a\\\"b\";host=x"})
        for (char size : {'\0', '\x01', '\x64'}) out.push_back(value + size);
    return out;
}

namespace {

void check_ranges(std::string_view value, std::uint64_t size) {
    http::RangeSelection selection = http::select_ranges(value, size);
    if (selection.kind != http::RangeSelection::Kind::parts) return require(selection.parts.empty(), "parts of none");
    require(!selection.parts.empty() && selection.parts.size() <= http::kMaxRanges, "how many parts");
    std::uint64_t total = 0;
    for (const http::ByteRange& part : selection.parts) {
        require(part.first <= part.last && part.last < size, "a part outside of the whole");
        total += part.length();
    }
    require(total <= size, "more bytes than the whole");
}

void check_encodings(std::string_view value) {
    http::Weights weights = http::coding_weights(value);
    for (int weight : {weights.identity, weights.gzip, weights.brotli})
        require(weight >= 0 && weight <= 1000, "a weight");
    http::Coding chosen = http::choose_coding(weights, true, false);
    require(chosen != http::Coding::brotli, "a variant that there is not");
    if (chosen == http::Coding::gzip) require(weights.gzip > 0, "a variant that is not wanted");
}

void check_list(std::string_view value) {
    while (auto element = http::next_element(value)) {
        require(!element->empty() && element->find(',') == element->npos, "an element");
        require(*element == http::trim(*element), "white space around an element");
    }
    require(value.empty(), "a rest of the list");
}

void check_forwarded(std::string_view value) {
    std::vector<http::Hop> hops;
    if (!http::read_forwarded(value, hops)) return require(hops.empty(), "hops of what is malformed");
    require(hops.size() <= value.size(), "hops from nothing");
    for (const http::Hop& hop : hops) {
        std::string address = http::node_address(hop.node);
        require(address.empty() || base::parse_address(address), "an address that is none");
        require(address.empty() || http::node_address(address) == address, "an address of two spellings");
    }
}

void check_target(std::string_view value) {
    if (value.empty() || !http::all_of(value, http::kTarget)) return;
    http::RequestHead head;
    head.method = http::Method::get;
    if (http::read_target(value, std::nullopt, http::Carrier::plain, head)) return;
    require(head.target.front() == '/' && head.path.find('?') == head.path.npos, "a target without a path");
    require(head.target.starts_with(head.path), "a path that is not the target's");
    require(head.host.empty() || http::is_authority(head.host), "a host that is none");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    std::uint64_t whole = bytes.empty() ? 0 : static_cast<unsigned char>(bytes.back());
    if (!bytes.empty()) bytes.remove_suffix(1);
    check_ranges(bytes, whole);
    check_encodings(bytes);
    check_list(bytes);
    check_forwarded(bytes);
    check_target(bytes);
    if (http::is_authority(bytes)) require(bytes.find_first_of("@/?#\\ \t,%\"") == bytes.npos, "an authority");
    return 0;
}
