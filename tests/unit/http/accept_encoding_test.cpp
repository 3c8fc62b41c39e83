#include "http/accept_encoding.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::http;

namespace {

struct Row {
    std::string_view field;
    Coding both;       // brotli and gzip variants exist
    Coding gzip_only;  // only gzip exists
};

constexpr Row kRows[] = {
    {"gzip, deflate, br, zstd", Coding::brotli, Coding::gzip},
    {"gzip", Coding::gzip, Coding::gzip},
    {"GZIP", Coding::gzip, Coding::gzip},
    {"x-gzip", Coding::gzip, Coding::gzip},
    {"br", Coding::brotli, Coding::identity},
    {"br;q=0.1, gzip;q=0.9", Coding::gzip, Coding::gzip},
    {"br;q=0, gzip", Coding::gzip, Coding::gzip},
    {"gzip;q=0", Coding::identity, Coding::identity},
    {"*", Coding::brotli, Coding::gzip},
    {"*;q=0", Coding::identity, Coding::identity},
    {"br;q=0, *", Coding::gzip, Coding::gzip},
    {"identity", Coding::identity, Coding::identity},
    {"identity, gzip;q=0.5", Coding::identity, Coding::identity},
    {"identity;q=0, gzip;q=0.001", Coding::gzip, Coding::gzip},
    {"gzip;q=1.000", Coding::gzip, Coding::gzip},
    {"gzip ; q=1", Coding::gzip, Coding::gzip},
    {"gzip;q=1.001", Coding::identity, Coding::identity},
    {"gzip;q=2", Coding::identity, Coding::identity},
    {"gzip;q=", Coding::identity, Coding::identity},
    {"gzip;q=-1", Coding::identity, Coding::identity},
    {"gzip;level=9", Coding::identity, Coding::identity},
    {"g zip", Coding::identity, Coding::identity},
    {"", Coding::identity, Coding::identity},
    {",,", Coding::identity, Coding::identity},
};

}  // namespace

TEST_CASE("Accept-Encoding (RFC 9110, section 12.5.3)", "[http][assets]") {
    for (const Row& row : kRows) {
        INFO(row.field);
        Weights weights = coding_weights(row.field);
        CHECK(choose_coding(weights, true, true) == row.both);
        CHECK(choose_coding(weights, true, false) == row.gzip_only);
        CHECK(choose_coding(weights, false, false) == Coding::identity);
    }
}

TEST_CASE("without Accept-Encoding nothing is compressed", "[http][assets]") {
    CHECK(choose_coding(Weights{}, true, true) == Coding::identity);
}
