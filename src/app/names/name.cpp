#include "app/names/name.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

#include "app/names/look.h"
#include "base/encoding.h"
#include "base/error.h"

namespace bodega::app {
namespace {

// The most bytes of a name before it is composed (NFC). A name with more bytes would exceed the limit even after
// composing, so it is refused at once.
constexpr std::size_t kRawMaxBytes = 4096;

// Marks a run of digits in a key; the byte after it is the run's length. Names never contain a '/'.
constexpr char kNumberMark = '/';
constexpr int kLongestRun = 0x1e;

base::Error refuse(const std::string& why) { return {base::Code::name_invalid, why}; }

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// C0 and DEL as bytes; C1 as their two bytes, C2 80 to C2 9F.
bool has_control(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x20 || c == 0x7f) return true;
        if (c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
    }
    return false;
}

std::string composed(std::string_view name) {
    utf8proc_uint8_t* raw = nullptr;
    const auto size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(name.data()), static_cast<utf8proc_ssize_t>(name.size()),
                     &raw, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(raw, &std::free);
    if (size < 0) throw refuse("The name is not text that can be kept. Choose another name.");
    return {reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size)};
}

// Accents and other characters of Unicode's blocks of combining diacritical marks. The vowel signs of other scripts do
// not count as accents, since they distinguish words.
bool is_accent(utf8proc_int32_t c) {
    return (c >= 0x300 && c <= 0x36f) || (c >= 0x1ab0 && c <= 0x1aff) || (c >= 0x1dc0 && c <= 0x1dff) ||
           (c >= 0x20d0 && c <= 0x20ff) || (c >= 0xfe20 && c <= 0xfe2f);
}

std::string folded(std::string_view text) {
    if (is_ascii(text)) {
        std::string out(text);
        for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        return out;
    }
    constexpr auto kOptions = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                                             UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    const auto* data = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    const auto length = static_cast<utf8proc_ssize_t>(text.size());
    auto count = utf8proc_decompose(data, length, nullptr, 0, kOptions);
    if (count < 0) throw refuse("The name is not text that can be kept. Choose another name.");
    std::vector<utf8proc_int32_t> points(static_cast<std::size_t>(count) + 1);
    utf8proc_decompose(data, length, points.data(), count, kOptions);
    points.resize(static_cast<std::size_t>(count));
    std::erase_if(points, is_accent);
    count = utf8proc_normalize_utf32(points.data(), static_cast<utf8proc_ssize_t>(points.size()),
                                     static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    std::string out;
    for (utf8proc_ssize_t i = 0; i < count; ++i) {
        utf8proc_uint8_t bytes[4];
        // Folding a compatibility character ("℀") may produce a '/'. In a key, a '/' announces a run of digits. So the
        // folded '/' is replaced by a similar character.
        const auto point = points[static_cast<std::size_t>(i)] == '/' ? 0x2044 : points[static_cast<std::size_t>(i)];
        out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(utf8proc_encode_char(point, bytes)));
    }
    return out;
}

std::size_t run_end(std::string_view text, std::size_t from) {
    while (from < text.size() && is_digit(text[from])) ++from;
    return from;
}

}  // namespace

std::string clean_name(std::string_view name) {
    if (name.empty()) throw refuse("The name is empty. Give it at least one character.");
    if (!base::is_utf8(name)) throw refuse("The name is not valid UTF-8. Choose another name.");
    if (name.size() > kRawMaxBytes) throw refuse("The name is too long: at most 255 bytes of UTF-8. Shorten it.");
    if (name.find('/') != name.npos) throw refuse("A name can't hold a slash (/). Choose another name.");
    if (has_control(name)) throw refuse("The name holds a control character (a tab or line break, say). Remove it.");
    if (is_invisible(name)) throw refuse("Nothing can be seen in the name. Give it at least one visible character.");
    if (name == "." || name == "..") throw refuse("\".\" and \"..\" can't be names. Choose another name.");
    std::string out = is_ascii(name) ? std::string(name) : composed(name);
    if (out.size() > kNameMaxBytes) throw refuse("The name is too long: at most 255 bytes of UTF-8. Shorten it.");
    return out;
}

std::string name_key(std::string_view name) {
    const std::string text = folded(name);
    std::string out;
    out.reserve(text.size() + 8);
    for (std::size_t i = 0; i < text.size();) {
        if (!is_digit(text[i])) {
            out += text[i++];
            continue;
        }
        const std::size_t end = run_end(text, i);
        const std::size_t first = std::min(text.find_first_not_of('0', i), end);
        out += kNumberMark;
        out += static_cast<char>(1 + std::min<std::size_t>(end - first, kLongestRun));
        out.append(text, i, end - i);
        i = end;
    }
    if (out.size() <= kNameKeyMaxBytes) return out;
    std::size_t cut = kNameKeyMaxBytes;
    while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xc0) == 0x80) --cut;
    out.resize(cut);
    return out;
}

std::string name_pattern(std::string_view text) {
    const std::string key = folded(text);
    if (key.empty()) return {};
    std::string out = "%";
    for (std::size_t i = 0; i < key.size(); ++i) {
        if (is_digit(key[i]) && i > 0 && !is_digit(key[i - 1])) out += "/_";
        if (key[i] == '%' || key[i] == '_' || key[i] == '!') out += '!';
        out += key[i] == '/' ? std::string("\xe2\x81\x84") : std::string(1, key[i]);
    }
    return out + '%';
}

}  // namespace bodega::app
