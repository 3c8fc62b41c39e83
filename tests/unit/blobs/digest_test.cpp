#include "blobs/digest.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace bodega::blobs {
namespace {

std::string hex_of(const Digest& digest) { return base::hex(digest.value()); }

TEST_CASE("Digest: the vectors of FIPS 180-4") {
    Digest digest;
    CHECK(hex_of(digest) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    digest.update(base::as_bytes("abc"));
    CHECK(hex_of(digest) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    std::string million(1'000'000, 'a');
    CHECK(base::hex(sha256(base::as_bytes(million))) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("Digest: saved and restored at any length, it continues as if never interrupted") {
    std::string text;
    for (int i = 0; i < 400; ++i) text.push_back(static_cast<char>(i * 31));
    Sha256 whole = sha256(base::as_bytes(text));
    for (std::size_t cut = 0; cut <= 200; ++cut) {
        Digest first;
        first.update(base::as_bytes(std::string_view(text).substr(0, cut)));
        base::Bytes saved = first.save();
        REQUIRE(saved.size() <= 104);
        std::optional<Digest> second =
            Digest::restore(std::string_view(reinterpret_cast<const char*>(saved.data()), saved.size()));
        REQUIRE(second);
        CHECK(second->length() == cut);
        second->update(base::as_bytes(std::string_view(text).substr(cut)));
        CHECK(second->value() == whole);
    }
}

TEST_CASE("Digest: a malformed saved state is refused") {
    Digest digest;
    digest.update(base::as_bytes("some bytes"));
    base::Bytes saved = digest.save();
    std::string text(saved.begin(), saved.end());
    CHECK(Digest::restore(text));
    CHECK_FALSE(Digest::restore(""));
    CHECK_FALSE(Digest::restore(text.substr(0, text.size() - 1)));
    CHECK_FALSE(Digest::restore(text + "x"));
    text[0] = 2;
    CHECK_FALSE(Digest::restore(text));
}

TEST_CASE("Digest: lengths beyond 4 GiB keep their high bits") {
    Digest digest;
    base::Bytes saved = digest.save();
    saved[33 + 2] = 1;  // 2^40 bytes of any content
    auto far = Digest::restore(std::string_view(reinterpret_cast<const char*>(saved.data()), saved.size()));
    REQUIRE(far);
    CHECK(far->length() == std::uint64_t{1} << 40);
    CHECK(far->value() != digest.value());
}

}  // namespace
}  // namespace bodega::blobs
