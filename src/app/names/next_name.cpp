#include "app/names/next_name.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "app/names/name.h"
#include "base/error.h"

namespace bodega::app {
namespace {

constexpr int kMaxNumbers = 1000;              // the most numbers that are tried
constexpr std::size_t kLongestExtension = 12;  // UTF-16 units, as in the web app, including the dot
constexpr std::size_t kMaxDigits = 6;
constexpr std::size_t kLongestTar = 4;  // the most characters after ".tar."

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(char c) { return is_digit(c) || c == '_' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'); }

bool ends_with(std::string_view name, std::string_view end) {
    if (name.size() < end.size()) return false;
    const std::string_view there = name.substr(name.size() - end.size());
    return std::equal(there.begin(), there.end(), end.begin(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; });
}

std::size_t utf16_units(std::string_view text) {
    std::size_t units = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        units += (byte & 0xC0) == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1;
    }
    return units;
}

// The position of a double extension such as ".tar.gz", or npos.
std::size_t double_extension_at(std::string_view name) {
    for (const std::string_view end : {".d.ts", ".min.js", ".min.css"})
        if (ends_with(name, end)) return name.size() - end.size();
    const std::size_t dot = name.rfind('.');
    if (dot == name.npos || !ends_with(name.substr(0, dot), ".tar")) return name.npos;
    const std::string_view last = name.substr(dot + 1);
    const bool fits = !last.empty() && last.size() <= kLongestTar && std::all_of(last.begin(), last.end(), is_word);
    return fits ? dot - std::string_view(".tar").size() : name.npos;
}

std::size_t extension_at(std::string_view name) {
    const std::size_t twin = double_extension_at(name);
    if (twin != name.npos && twin > 0) return twin;
    const std::size_t dot = name.rfind('.');
    const bool has = dot != name.npos && dot > 0 && dot + 1 < name.size();
    return has && utf16_units(name.substr(dot)) <= kLongestExtension ? dot : name.size();
}

// Removes " (7)" from the end of the stem and returns the next number, 8. Returns 0 if the stem has no number.
int take_number(std::string_view& stem) {
    if (!stem.ends_with(')')) return 0;
    const std::size_t open = stem.rfind(" (");
    if (open == stem.npos) return 0;
    const std::string_view digits = stem.substr(open + 2, stem.size() - open - 3);
    if (digits.empty() || digits.size() > kMaxDigits || !std::all_of(digits.begin(), digits.end(), is_digit)) return 0;
    int number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    stem.remove_suffix(stem.size() - open);
    return number + 1;
}

// The last character of the text, with all its bytes.
std::string_view last_character(std::string_view text) {
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    return text.substr(at);
}

// True for the spaces that JavaScript's String.prototype.trimEnd removes, except those that no name can contain.
bool is_blank(std::string_view character) {
    static constexpr std::array<std::string_view, 19> kBlanks{" ",
                                                              "\xC2\xA0",
                                                              "\xE1\x9A\x80",
                                                              "\xE2\x80\x80",
                                                              "\xE2\x80\x81",
                                                              "\xE2\x80\x82",
                                                              "\xE2\x80\x83",
                                                              "\xE2\x80\x84",
                                                              "\xE2\x80\x85",
                                                              "\xE2\x80\x86",
                                                              "\xE2\x80\x87",
                                                              "\xE2\x80\x88",
                                                              "\xE2\x80\x89",
                                                              "\xE2\x80\x8A",
                                                              "\xE2\x80\xA8",
                                                              "\xE2\x80\xA9",
                                                              "\xE2\x80\xAF",
                                                              "\xE2\x81\x9F",
                                                              "\xE3\x80\x80"};
    return character == "\xEF\xBB\xBF" || std::find(kBlanks.begin(), kBlanks.end(), character) != kBlanks.end();
}

std::string_view shortened(std::string_view text, std::size_t max) {
    while (!text.empty() && (text.size() > max || is_blank(last_character(text))))
        text.remove_suffix(last_character(text).size());
    return text;
}

}  // namespace

std::string next_name(std::string_view name, bool is_folder) {
    const std::size_t at = is_folder ? name.size() : extension_at(name);
    std::string_view stem = name.substr(0, at);
    const int next = take_number(stem);
    std::string suffix = " (" + std::to_string(next > 0 ? next : 2) + ")";
    suffix += name.substr(at);
    return std::string(shortened(stem, kNameMaxBytes - suffix.size())) + suffix;
}

std::string free_name(store::Entries& entries, const base::Ulid& folder_id, const std::string& name, bool is_folder) {
    std::string candidate = name;
    for (int tries = 0; tries < kMaxNumbers; ++tries) {
        candidate = next_name(candidate, is_folder);
        if (!entries.find_child(folder_id, candidate)) return candidate;
    }
    throw base::Error(
        base::Code::name_taken,
        "The name \"" + name + "\" is taken in that folder, and so are many numbered names. Choose another.");
}

}  // namespace bodega::app
