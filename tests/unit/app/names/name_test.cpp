#include "app/names/name.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "base/error.h"

using bodega::app::clean_name;
using bodega::app::name_key;
using bodega::app::name_pattern;
using bodega::base::Code;
using bodega::base::Error;

namespace {

std::string refusal(std::string_view name) {
    try {
        clean_name(name);
    } catch (const Error& e) {
        return e.code() == Code::name_invalid ? e.what() : "another code";
    }
    return "";
}

}  // namespace

TEST_CASE("names that can't be kept are refused with the reason", "[name]") {
    using namespace std::string_view_literals;
    CHECK(refusal("").find("empty") != std::string::npos);
    for (auto name : {"."sv, ".."sv}) CHECK(refusal(name).find("can't be names") != std::string::npos);
    for (auto name : {"/"sv, "a/b"sv, "../x"sv, "/etc"sv}) CHECK(refusal(name).find("slash") != std::string::npos);
    for (auto name : {"a\0b"sv, "\0"sv, "tab\tname"sv, "line\nbreak"sv, "\x1b[31m"sv, "del\x7f"sv, "c1\xc2\x80"sv,
                      "c1\xc2\x9f"sv, "a\rb"sv}) {
        CHECK(refusal(name).find("control character") != std::string::npos);
    }
    for (auto name : {"\xff"sv, "a\xc0\xaf"sv, "\xed\xa0\x80"sv, "\xf4\x90\x80\x80"sv, "cut\xe2\x82"sv, "\x80"sv}) {
        CHECK(refusal(name).find("UTF-8") != std::string::npos);
    }
    CHECK(refusal(std::string(256, 'x')).find("too long") != std::string::npos);
    CHECK(refusal(std::string(300, 'x')).find("too long") != std::string::npos);
    CHECK(refusal(std::string(100000, 'x')).find("too long") != std::string::npos);
}

TEST_CASE("names that other systems refuse are kept exactly", "[name]") {
    for (const std::string name : {"a",
                                   " leading",
                                   "trailing ",
                                   "trailing.",
                                   "...",
                                   ".hidden",
                                   "CON",
                                   "aux.txt",
                                   "NUL",
                                   "a\\b",
                                   "C:",
                                   "a:b",
                                   "what?",
                                   "star*",
                                   "\"quoted\"",
                                   "<img src=x onerror=alert(1)>",
                                   "%2e%2e%2f",
                                   "-rf",
                                   "~",
                                   "\xe2\x80\xae"
                                   "fdp.exe",
                                   "\xe2\x80\x8f"
                                   "rtl",
                                   "\xf0\x9f\x98\x80",
                                   "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9",
                                   "\xc2\xa0",
                                   "\xef\xbf\xbd",
                                   "\xe2\x80\xa8",
                                   "a;b",
                                   "$(id)",
                                   "`id`",
                                   "\xef\xbc\x8f"}) {
        CHECK(clean_name(name) == name);
    }
    CHECK(clean_name(std::string(255, 'x')).size() == 255);
}

TEST_CASE("decomposed names are composed, and then measured", "[name]") {
    CHECK(clean_name("cafe\xcc\x81") == "caf\xc3\xa9");
    CHECK(clean_name("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab") == "\xed\x95\x9c");  // Hangul
    std::string decomposed;
    for (int i = 0; i < 100; ++i) decomposed += "e\xcc\x81";  // 300 bytes that compose to 200
    CHECK(clean_name(decomposed).size() == 200);
    for (int i = 0; i < 28; ++i) decomposed += "e\xcc\x81";  // 256
    CHECK(refusal(decomposed).find("too long") != std::string::npos);
}

TEST_CASE("cleaning twice changes nothing", "[name]") {
    for (const std::string name : {"A\xcc\x8a"
                                   "ngstr\xc3\xb6m",
                                   "\xe2\x84\xab", "q\xcc\x87\xcc\xa3", "\xef\xac\x81"}) {
        CHECK(clean_name(clean_name(name)) == clean_name(name));
    }
}

TEST_CASE("keys fold case, width and accents", "[name]") {
    CHECK(name_key("Informe") == "informe");
    CHECK(name_key("\xc3\x81rbol") == "arbol");
    CHECK(name_key("A\xc3\x91O") == name_key("ano"));
    CHECK(name_key("STRASSE") == name_key("stra\xc3\x9f"
                                          "e"));
    CHECK(name_key("\xef\xbc\xa1\xef\xbc\xa2") == "ab");
    CHECK(name_key("\xe0\xa4\x95\xe0\xa4\xbf") != name_key("\xe0\xa4\x95\xe0\xa4\xbe"));  // Devanagari vowel signs
    CHECK(name_key("\xe3\x81\x8c") != name_key("\xe3\x81\x8b"));                          // Japanese voicing
    CHECK(name_key("\xe2\x80\x8f") == "");
}

TEST_CASE("keys sort numbers by their value", "[name]") {
    const std::vector<std::string> order{"img",       "img (1)", "img.txt",    "img1.jpg", "img2.jpg",
                                         "img10.jpg", "img10a",  "img100.jpg", "imgb",     "v1.2.9",
                                         "v1.2.10",   "v1.10.0", "v2"};
    std::vector<std::string> sorted(order.rbegin(), order.rend());
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return name_key(a) < name_key(b); });
    CHECK(sorted == order);
    CHECK(name_key("007") < name_key("8"));
    CHECK(name_key("0") < name_key("1"));
    CHECK(name_key(std::string(200, '9')) < name_key("a"));
}

TEST_CASE("keys are cut at a character's boundary", "[name]") {
    std::string wide;
    for (int i = 0; i < 85; ++i) wide += "\xef\xb7\xba";  // U+FDFA folds to 18 characters
    const std::string key = name_key(wide);
    CHECK(key.size() <= bodega::app::kNameKeyMaxBytes);
    CHECK(key.size() > bodega::app::kNameKeyMaxBytes - 4);
    CHECK((static_cast<unsigned char>(key.back()) & 0xc0) != 0xc0);
    std::string digits;
    for (int i = 0; i < 127; ++i) digits += "a1";
    CHECK(name_key(digits).size() <= bodega::app::kNameKeyMaxBytes);
}

TEST_CASE("patterns fold as keys do and escape what LIKE reads", "[name]") {
    CHECK(name_pattern("Inf") == "%inf%");
    CHECK(name_pattern("100%_!") == "%100!%!_!!%");
    CHECK(name_pattern("img2") == "%img/_2%");
    CHECK(name_pattern("20") == "%20%");
    CHECK(name_pattern("\xe2\x80\x8f").empty());
    CHECK(name_pattern("a/b") ==
          "%a\xe2\x81\x84"
          "b%");
}
