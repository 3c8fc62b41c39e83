#include "blobs/checksum.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::blobs {
namespace {

std::string of(std::string_view algorithm, std::string_view text) {
    std::optional<Checksum> checksum = Checksum::named(algorithm);
    REQUIRE(checksum);
    checksum->update(base::as_bytes(text.substr(0, 2)));
    checksum->update({});
    checksum->update(base::as_bytes(text.substr(2)));
    return base::hex(checksum->value());
}

TEST_CASE("Checksum: each algorithm gives its known value") {
    CHECK(of("sha1", "abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(of("md5", "abc") == "900150983cd24fb0d6963f7d28e17f72");
    CHECK(of("sha256", "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(of("crc32", "123456789") == "cbf43926");
}

TEST_CASE("Checksum: unknown algorithms are refused") {
    CHECK_FALSE(Checksum::named("sha512"));
    CHECK_FALSE(Checksum::named("SHA1"));
    CHECK_FALSE(Checksum::named(""));
}

}  // namespace
}  // namespace bodega::blobs
