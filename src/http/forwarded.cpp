#include "http/forwarded.h"

#include <optional>
#include <utility>

#include "base/network.h"
#include "http/syntax.h"

namespace bodega::http {
namespace {

// Removes a token or quoted-string from the front and returns its value (RFC 9110 section 5.6.4).
std::optional<std::string> take_value(std::string_view& text) {
    if (!text.starts_with('"')) {
        std::size_t end = span_of(text, kToken);
        if (end == 0) return std::nullopt;
        std::string out(text.substr(0, end));
        text.remove_prefix(end);
        return out;
    }
    std::string out;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return out;
        }
        if (text[i] == '\\' && ++i == text.size()) break;
        out += text[i];
    }
    return std::nullopt;
}

// Removes name "=" value from the front, and stores the value if the name is a member of Hop. Returns false if the pair
// is malformed or repeated.
bool take_pair(std::string_view& text, Hop& hop) {
    std::size_t end = span_of(text, kToken);
    if (end == 0 || end == text.size() || text[end] != '=') return false;
    std::string_view name = text.substr(0, end);
    text.remove_prefix(end + 1);
    auto value = take_value(text);
    if (!value || value->empty()) return false;
    std::string* kept = equal_ignoring_case(name, "for")     ? &hop.node
                        : equal_ignoring_case(name, "proto") ? &hop.proto
                        : equal_ignoring_case(name, "host")  ? &hop.host
                                                             : nullptr;
    if (kept && !kept->empty()) return false;
    if (kept) *kept = std::move(*value);
    return true;
}

}  // namespace

bool read_forwarded(std::string_view text, std::vector<Hop>& hops) {
    const std::size_t before = hops.size();
    Hop hop;
    for (;;) {
        text = trim(text);
        bool ends = text.empty();
        if (ends || text.front() == ',') {
            // Empty elements of a list are ignored (RFC 9110 section 5.6.1).
            if (hop != Hop{}) hops.push_back(std::exchange(hop, {}));
            if (ends) return true;
        } else if (text.front() != ';') {
            if (!take_pair(text, hop)) break;
            text = trim(text);
            if (text.empty() || text.front() == ',' || text.front() == ';') continue;
            break;
        }
        text.remove_prefix(1);
    }
    hops.resize(before);
    return false;
}

std::string node_address(std::string_view node) {
    if (node.starts_with('[')) {
        std::size_t end = node.find(']');
        if (end == std::string_view::npos) return {};
        if (end + 1 < node.size() && node[end + 1] != ':') return {};
        node = node.substr(1, end - 1);
    } else if (std::size_t colon = node.find(':'); colon != std::string_view::npos && node.rfind(':') == colon) {
        node = node.substr(0, colon);
    }
    auto address = base::parse_address(node);
    return address ? base::address_text(*address) : std::string();
}

}  // namespace bodega::http
