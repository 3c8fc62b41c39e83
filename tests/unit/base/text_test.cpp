#include "base/text.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::base;

TEST_CASE("text: trim removes spaces and tabs at both ends only", "[base]") {
    CHECK(trim(" \ta b\t ") == "a b");
    CHECK(trim(" \t ").empty());
    CHECK(trim("").empty());
    CHECK(trim("\na\n") == "\na\n");
}

TEST_CASE("text: a hex digit is that of the low four bits", "[base]") {
    CHECK(hex_digit(0) == '0');
    CHECK(hex_digit(0xaf) == 'f');
    CHECK(upper_hex_digit(0xfa) == 'A');
}
