#include "web/arrival.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace bodega::web {
namespace {

constexpr std::string_view kEnd = "\n\r\n";

bool is_name(std::string_view text, std::string_view name) noexcept {
    return std::equal(text.begin(), text.end(), name.begin(), name.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

std::string_view next_line(std::string_view& text) noexcept {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    return line;
}

std::string_view next_word(std::string_view& text) noexcept {
    std::size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    return word;
}

}  // namespace

bool Arrival::is_whole(std::string_view bytes, const Planner& planner) {
    if (!head_) {
        std::size_t from = scanned_ < kEnd.size() ? 0 : scanned_ - kEnd.size();
        std::size_t end = bytes.find(kEnd, from);
        scanned_ = bytes.size();
        if (end == std::string_view::npos) return bytes.size() > kMaxHead;
        read_head(bytes.substr(0, end + kEnd.size()), planner);
    }
    if (!chunked_) return bytes.size() >= length_;
    bool ends = chunks_.walk(bytes.substr(std::min(walked_, bytes.size())));
    walked_ = bytes.size();
    return ends || chunks_.data() > plan_.most_held;
}

bool Arrival::take_expectation() noexcept { return std::exchange(expects_, false); }

void Arrival::read_head(std::string_view head, const Planner& planner) {
    head_ = true;
    length_ = walked_ = head.size();
    std::string_view rest = head, line = next_line(rest);
    std::string_view method = next_word(line), target = next_word(line);
    plan_ = planner(method, target);
    if (!plan_.is_file && plan_.most_held > 0 && read_framing(rest)) return;
    chunked_ = expects_ = false;
    length_ = head.size();
}

// False: there is no body to wait for, or one that will be refused; what is ambiguous will be, too.
bool Arrival::read_framing(std::string_view fields) {
    int framings = 0;
    std::int64_t length = 0;
    bool has_credential = !plan_.needs_credential;
    while (!fields.empty()) {
        std::string_view line = next_line(fields);
        std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        std::string_view name = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
        if (is_name(name, "expect")) expects_ = true;
        if (is_name(name, "authorization") || is_name(name, "cookie")) has_credential = true;
        if (is_name(name, "transfer-encoding")) {
            ++framings;
            chunked_ = is_name(value, "chunked");
        } else if (is_name(name, "content-length")) {
            ++framings;
            auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
            if (error != std::errc() || end != value.data() + value.size() || length < 0) return false;
        }
    }
    if (framings != 1 || length > plan_.most_held || !has_credential) return false;
    length_ += static_cast<std::uint64_t>(length);
    return true;
}

}  // namespace bodega::web
