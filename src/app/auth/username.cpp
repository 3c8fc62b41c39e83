#include "app/auth/username.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "app/names/look.h"
#include "base/encoding.h"
#include "base/error.h"

namespace bodega::app {
namespace {

constexpr int kMaxCharacters = 64;
constexpr std::size_t kMaxBytes = 255;

constexpr auto kFold = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE |
                                                      UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
constexpr auto kCompatible =
    static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_IGNORE);
constexpr auto kCompose = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);

std::optional<std::string> mapped(std::string_view text, utf8proc_option_t options) {
    utf8proc_uint8_t* raw = nullptr;
    auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                             static_cast<utf8proc_ssize_t>(text.size()), &raw, options);
    std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> holder(raw, &std::free);
    if (size < 0) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
}

bool is_letter_or_digit(utf8proc_int32_t c) {
    switch (utf8proc_category(c)) {
        case UTF8PROC_CATEGORY_LU:
        case UTF8PROC_CATEGORY_LL:
        case UTF8PROC_CATEGORY_LT:
        case UTF8PROC_CATEGORY_LM:
        case UTF8PROC_CATEGORY_LO:
        case UTF8PROC_CATEGORY_ND: return true;
        default: return false;
    }
}

bool may_follow(utf8proc_int32_t c) {
    auto category = utf8proc_category(c);
    bool is_mark = category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC;
    return is_letter_or_digit(c) || is_mark || c == '.' || c == '_' || c == '-' || c == '@' || c == '+';
}

// The reason why a name in NFC is not allowed; empty for an allowed name.
std::string_view fault_of(std::string_view name) {
    if (name.empty()) return "it is empty";
    if (name.size() > kMaxBytes) return "it is too long";
    int characters = 0;
    while (!name.empty()) {
        utf8proc_int32_t c = 0;
        auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
                                     static_cast<utf8proc_ssize_t>(name.size()), &c);
        if (size <= 0) return "it is not UTF-8";
        if (characters == 0 && !is_letter_or_digit(c)) return "it must begin with a letter or a digit";
        if (!may_follow(c)) return "only letters, digits and . _ - @ + are allowed in it";
        if (++characters > kMaxCharacters) return "it has more than 64 characters";
        name.remove_prefix(static_cast<std::size_t>(size));
    }
    return {};
}

std::optional<std::string> composed(std::string_view name) {
    if (!base::is_utf8(name) || name.size() > 4 * kMaxBytes) return std::nullopt;
    return mapped(name, kCompose);
}

}  // namespace

std::string clean_username(std::string_view name) {
    auto text = composed(name);
    std::string_view fault = text ? fault_of(*text) : "it is not UTF-8, or too long";
    if (fault.empty() && !username_key(name)) fault = "it is too long";
    // This rule is only for new names, so that existing accounts can still sign in.
    if (fault.empty() && !is_of_one_script(*text)) fault = "it mixes letters of several scripts that look alike";
    if (!fault.empty())
        throw base::Error(base::Code::invalid, "That user name can't be used: " + std::string(fault) + ".");
    return *text;
}

std::optional<std::string> username_key(std::string_view name) {
    auto text = composed(name);
    if (!text || !fault_of(*text).empty()) return std::nullopt;
    auto key = mapped(*text, kFold);
    if (!key || key->empty() || key->size() > kMaxBytes) return std::nullopt;
    return key;
}

std::string username_look(std::string_view name) {
    const auto text = composed(name);
    if (!text || !fault_of(*text).empty()) return {};
    const auto compatible = mapped(*text, kCompatible);
    if (!compatible) return {};
    return mapped(latin_look(*compatible), kFold).value_or("").substr(0, kMaxBytes);
}

std::string username_pattern(std::string_view text) {
    std::string pattern = "%";
    if (text.empty()) return pattern;
    auto folded = composed(text);
    if (folded) folded = mapped(*folded, kFold);
    for (char c : folded.value_or("")) {
        if (c == '%' || c == '_' || c == '!') pattern += '!';
        pattern += c;
    }
    return pattern += '%';
}

}  // namespace bodega::app
