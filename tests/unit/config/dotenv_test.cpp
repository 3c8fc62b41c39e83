#include "config/dotenv.h"

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"

using namespace bodega::config;

namespace {

std::string refused(std::string_view text) {
    try {
        parse_dotenv(text, ".env");
    } catch (const bodega::base::Error& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("lines of a .env file", "[config]") {
    Variables v = parse_dotenv(
        "# a comment\n"
        "\n"
        "PLAIN=value\n"
        "export EXPORTED = spaced out \n"
        "COMMENTED=value # not this\r\n"
        "HASH=a#b\n"
        "EMPTY=\n"
        "SINGLE='as $it \\n is' # c\n"
        "DOUBLE=\"a\\tb\\\"c\\$d\\q\"\n"
        "LINES=\"one\ntwo\"\n"
        "PLAIN=later\n"
        "export=odd\n"
        "LAST=no line break",
        ".env");
    CHECK(v == Variables{{"PLAIN", "later"},
                         {"EXPORTED", "spaced out"},
                         {"COMMENTED", "value"},
                         {"HASH", "a#b"},
                         {"EMPTY", ""},
                         {"SINGLE", "as $it \\n is"},
                         {"DOUBLE", "a\tb\"c$d\\q"},
                         {"LINES", "one\ntwo"},
                         {"export", "odd"},
                         {"LAST", "no line break"}});
    CHECK(parse_dotenv("", ".env").empty());
}

TEST_CASE("a broken .env names the line and never the value", "[config]") {
    CHECK(refused("A=1\nsecret words\n") == ".env:2: this line is not KEY=value");
    CHECK(refused("=x\n") == ".env:1: this line is not KEY=value");
    CHECK(refused("A=1\n\nB='secret\n\n") == ".env:3: the value's closing quote is missing");
    CHECK(refused("A='x' secret\n") == ".env:1: there is text after the closing quote");
}
