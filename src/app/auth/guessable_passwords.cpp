#include "app/auth/guessable_passwords.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <unordered_set>

#include "app/auth/guessable_words.h"

namespace bodega::app {
namespace {

// Sequences of neighbouring characters: the alphabet, digits, and the rows and columns of keyboards.
constexpr std::array<std::string_view, 12> kRuns = {"abcdefghijklmnopqrstuvwxyz",
                                                    "01234567890123456789",
                                                    "qwertyuiop",
                                                    "qwertzuiop",
                                                    "azertyuiop",
                                                    "asdfghjkl",
                                                    "zxcvbnm",
                                                    "yxcvbnm",
                                                    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
                                                    "qazwsxedcrfvtgbyhnujmikolp",
                                                    "1q2w3e4r5t6y7u8i9o0p",
                                                    "!@#$%^&*()"};
constexpr std::size_t kRunLength = 3;  // the least number of neighbouring characters that counts as a run

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Converts to lower case without accents: "Contraseña" becomes "contrasena".
std::string folded(std::string_view text) {
    utf8proc_uint8_t* raw = nullptr;
    constexpr auto kOptions = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                                             UTF8PROC_CASEFOLD | UTF8PROC_IGNORE | UTF8PROC_STRIPMARK);
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                   static_cast<utf8proc_ssize_t>(text.size()), &raw, kOptions);
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> holder(raw, &std::free);
    return size < 0 ? std::string(text)
                    : std::string(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
}

// Replaces digits and signs that stand for letters: "p@ssw0rd" becomes "password".
std::string without_leet(std::string_view text) {
    constexpr std::string_view kSigns = "01345789@$!|+", kLetters = "oleastbgasiit";
    std::string out(text);
    for (char& c : out)
        if (const std::size_t at = kSigns.find(c); at != kSigns.npos) c = kLetters[at];
    return out;
}

std::string only_letters(std::string_view text) {
    std::string out;
    std::copy_if(text.begin(), text.end(), std::back_inserter(out), is_letter);
    return out;
}

// Removes the characters at both ends that are not letters: "2024-summer!" becomes "summer".
std::string_view stem(std::string_view text) {
    while (!text.empty() && !is_letter(text.front())) text.remove_prefix(1);
    while (!text.empty() && !is_letter(text.back())) text.remove_suffix(1);
    return text;
}

const std::unordered_set<std::string_view>& common_words() {
    static const std::unordered_set<std::string_view> words = [] {
        std::unordered_set<std::string_view> out;
        for (std::string_view rest = kGuessableWords; !rest.empty();) {
            const std::string_view word = rest.substr(0, rest.find(' '));
            out.insert(word);
            rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        }
        return out;
    }();
    return words;
}

bool is_common_word(std::string_view text) { return common_words().contains(text); }

// True for a listed word, and for two listed words in a row: "iloveyou", "lovelove", "adminpassword".
bool is_of_common_words(std::string_view text) {
    if (text.empty()) return false;
    if (is_common_word(text)) return true;
    for (std::size_t cut = 2; cut + 2 <= text.size(); ++cut)
        if (is_common_word(text.substr(0, cut)) && is_common_word(text.substr(cut))) return true;
    return false;
}

// True for text that repeats a piece of 1 to 4 characters: "          ", "abababababab", "1111111111".
bool is_repetition(std::string_view text) {
    for (std::size_t period = 1; period <= 4 && period * 3 <= text.size(); ++period)
        if (std::equal(text.begin() + static_cast<std::ptrdiff_t>(period), text.end(), text.begin())) return true;
    return false;
}

// The length of the longest piece of `text` that begins at `from` and is part of a run, forwards or backwards.
std::size_t run_length(std::string_view text, std::size_t from) {
    std::size_t longest = 1;
    for (const std::string_view run : kRuns) {
        for (std::size_t at = run.find(text[from]); at != run.npos; at = run.find(text[from], at + 1)) {
            for (const int step : {1, -1}) {
                std::size_t length = 1;
                for (auto next = static_cast<std::ptrdiff_t>(at) + step;
                     from + length < text.size() && next >= 0 && next < static_cast<std::ptrdiff_t>(run.size()) &&
                     run[static_cast<std::size_t>(next)] == text[from + length];
                     next += step)
                    ++length;
                longest = std::max(longest, length);
            }
        }
    }
    return longest;
}

// True for text that consists of runs and repeated characters only: "1234567890", "qwertyuiop", "abc123abc123",
// "987654321aaa".
bool is_sequence(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        std::size_t same = 1;
        while (at + same < text.size() && text[at + same] == text[at]) ++same;
        const std::size_t length = std::max(same, run_length(text, at));
        if (length < kRunLength) return false;
        at += length;
    }
    return true;
}

// True if `text` has at most 6 bytes more than the common word in it. Such a password is guessable;
// "sunshine" and a telephone number is not.
bool has_few_others(std::string_view text, std::string_view word) { return text.size() <= word.size() + 6; }

bool is_common(std::string_view text) {
    for (const std::string& read : {std::string(text), without_leet(text), without_leet(stem(text))}) {
        const std::string_view word = stem(read);
        if (has_few_others(text, word) && is_of_common_words(word)) return true;
        const std::string letters = only_letters(read);
        if (has_few_others(text, letters) && is_of_common_words(letters)) return true;
    }
    const std::string_view word = stem(text);
    return is_common_word(text) || (has_few_others(text, word) && word.size() >= kRunLength && is_sequence(word) &&
                                    std::any_of(text.begin(), text.end(), is_digit));
}

bool is_expected(std::string_view text, std::string_view username) {
    const std::string name = folded(username);
    if (name.empty()) return false;
    std::string rest(text);
    for (std::size_t at = rest.find(name); at != rest.npos; at = rest.find(name)) rest.erase(at, name.size());
    if (rest.size() == text.size()) return false;
    return std::none_of(rest.begin(), rest.end(), is_letter) && rest.size() <= 6;
}

}  // namespace

std::string_view why_guessable(std::string_view password, std::string_view username) {
    const std::string text = folded(password);
    if (is_expected(text, username)) return "it is the user name, or little more";
    if (is_repetition(text) || text.find_first_not_of(' ') == text.npos) return "it repeats a few characters";
    if (is_sequence(text)) return "it is a sequence of neighbouring keys or letters";
    if (is_common(text)) return "it is one of the passwords that everybody tries first";
    return {};
}

}  // namespace bodega::app
