#include "fuzz/lenient_head.h"

#include "http/syntax.h"

namespace bodega::fuzz {
namespace {

std::string name_of(std::string_view raw) {
    std::string out;
    for (char c : raw)
        if (http::is(c, http::kToken)) out += http::lower(c);
    return out;
}

std::optional<std::uint64_t> number_of(std::string_view value) {
    std::size_t at = value.find_first_of("0123456789");
    if (at == std::string_view::npos) return std::nullopt;
    std::uint64_t number = 0;
    for (; at < value.size() && value[at] >= '0' && value[at] <= '9'; ++at)
        number = number * 10 + static_cast<std::uint64_t>(value[at] - '0');
    return number;
}

void read_line(std::string_view line, LenientHead& head) {
    std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string name = name_of(line.substr(0, colon));
    std::string_view value = line.substr(colon + 1);
    if (name == "content-length") {
        ++head.lengths;
        head.length = number_of(value);
    } else if (name == "transfer-encoding") {
        ++head.codings;
        head.chunked = head.chunked || name_of(value).find("chunked") != std::string::npos;
    } else if (name == "host") {
        ++head.hosts;
    }
}

}  // namespace

LenientHead read_leniently(std::string_view bytes) {
    LenientHead head;
    bool first = true;
    while (!bytes.empty()) {
        std::size_t end = bytes.find_first_of("\r\n");
        std::string_view line = bytes.substr(0, end);
        if (!first) read_line(line, head);
        first = false;
        bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    }
    return head;
}

}  // namespace bodega::fuzz
