#include "web/api/file_date.h"

#include <catch2/catch_test_macros.hpp>
#include <optional>

#include "base/error.h"

namespace bodega::web {
namespace {

using Parse = base::Milliseconds (*)(std::string_view field, std::string_view text);

std::optional<base::Milliseconds> read(Parse parse, std::string_view text) {
    try {
        return parse("mtime", text);
    } catch (const base::Error& e) {
        CHECK(e.code() == base::Code::invalid);
        CHECK(std::string_view(e.what()).find("\"mtime\"") != std::string_view::npos);
        return std::nullopt;
    }
}

TEST_CASE("a file's date in seconds: whole, with a fraction, before 1970, and nothing else") {
    const struct {
        std::string_view text;
        std::optional<base::Milliseconds> date;
    } rows[] = {
        {"0", 0},
        {"1715000000", 1715000000000},
        {"1715000000.5", 1715000000500},
        {"1715000000.123456789", 1715000000123},
        {"0000000000000000000001", 1000},
        {"-1", -1000},
        {"-0.25", -250},
        {"253402300799.999", 253402300799999},
        {"253402300800", std::nullopt},
        {"-2208988800", -2208988800000},
        {"-2208988801", std::nullopt},
        {"99999999999999999999999999", std::nullopt},
        {"", std::nullopt},
        {"-", std::nullopt},
        {"--1", std::nullopt},
        {"+1", std::nullopt},
        {" 1", std::nullopt},
        {"1.", std::nullopt},
        {".5", std::nullopt},
        {"1.5.5", std::nullopt},
        {"1e9", std::nullopt},
        {"0x10", std::nullopt},
        {"NaN", std::nullopt},
        {"Sun, 06 Nov 1994 08:49:37 GMT", std::nullopt},
    };
    for (const auto& row : rows) {
        INFO(row.text);
        CHECK(read(parse_date_seconds, row.text) == row.date);
    }
}

TEST_CASE("a file's date in milliseconds: only whole numbers") {
    CHECK(read(parse_date_milliseconds, "1715000000123") == 1715000000123);
    CHECK(read(parse_date_milliseconds, "-5") == -5);
    CHECK_FALSE(read(parse_date_milliseconds, "1715000000123.5"));
    CHECK_FALSE(read(parse_date_milliseconds, "253402300800000"));
    CHECK_FALSE(read(parse_date_milliseconds, "999999999999999999999"));
    CHECK_FALSE(read(parse_date_milliseconds, ""));
}

}  // namespace
}  // namespace bodega::web
