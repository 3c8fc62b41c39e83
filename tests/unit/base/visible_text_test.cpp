// Names as a terminal may show them.
#include "base/visible_text.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::base {

TEST_CASE("characters that change how others are displayed are escaped") {
    CHECK(visible_text("invoice \u202egnp.exe") == "invoice <U+202E>gnp.exe");
    for (const char* text : {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069",
                             "\u2028", "\u2029", "\x1b", "\r", "\x7f", "\u009b"}) {
        const std::string shown = visible_text(text);
        CHECK(shown.starts_with("<U+"));
        CHECK(shown.ends_with(">"));
        CHECK(shown.size() == 8);
    }
    CHECK(visible_text("\x1b[31m") == "<U+001B>[31m");
}

TEST_CASE("other text is shown unchanged") {
    for (const char* text : {"", "plan.txt", "año 2024 — ünïcode 名 👩\u200d💻", "line\n\ttab", "שלום\u200f.txt",
                             "\u2065\u206a", "\xff\xe2\x80"})
        CHECK(visible_text(text) == text);
}

TEST_CASE("in a name, line breaks and invalid UTF-8 are escaped, too") {
    CHECK(visible_name("a\nbodega: all is well\t") == "a<U+000A>bodega: all is well<U+0009>");
    CHECK(visible_name("\x9b"
                       "31m\xff") == "<0x9B>31m<0xFF>");
    CHECK(visible_name("\x1b]0;x\x07 \u202e") == "<U+001B>]0;x<U+0007> <U+202E>");
    CHECK(visible_name("\xc0\xaf\xed\xa0\x80\xf5") == "<0xC0><0xAF><0xED><0xA0><0x80><0xF5>");
    for (const char* text : {"", "plan.txt", "año — 名 👩\u200d💻", "\xf4\x8f\xbf\xbf"})
        CHECK(visible_name(text) == text);
}

}  // namespace bodega::base
