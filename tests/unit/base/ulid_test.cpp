#include "base/ulid.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <unordered_set>
#include <vector>

#include "base/encoding.h"

using namespace bodega::base;

TEST_CASE("a ULID's text is the specification's base32") {
    CHECK(Ulid{}.text() == "00000000000000000000000000");
    Ulid max;
    max.bytes.fill(0xff);
    CHECK(max.text() == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
    // The specification's own example of a time: 1469918176385 is 01ARYZ6S41.
    CHECK(Ulid::make(1469918176385).text().starts_with("01ARYZ6S41"));
}

TEST_CASE("a ULID survives conversion to text and bytes") {
    for (int i = 0; i < 200; ++i) {
        Ulid id = Ulid::make();
        CHECK(Ulid::parse(id.text()) == id);
        CHECK(Ulid::from_bytes(id.raw()) == id);
        std::string lower = id.text();
        std::transform(lower.begin(), lower.end(), lower.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        CHECK(Ulid::parse(lower) == id);
    }
}

TEST_CASE("text that is no ULID is refused") {
    for (std::string_view text :
         {"", "0", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "0000000000000000000000000", "000000000000000000000000000",
          "0000000000000000000000000I", "0000000000000000000000000L", "0000000000000000000000000O",
          "0000000000000000000000000U", "0000000000000000000000000-", "../../../../../../../../../",
          "Z0000000000000000000000000", "ñ000000000000000000000000"}) {
        CAPTURE(text);
        CHECK_FALSE(Ulid::parse(text));
    }
    CHECK_FALSE(Ulid::from_bytes("fifteen bytes.."));
    CHECK_FALSE(Ulid::from_bytes(""));
}

TEST_CASE("later ULIDs sort after earlier ones, by bytes and by text") {
    std::vector<Ulid> ids;
    for (Milliseconds when : {0LL, 1LL, 255LL, 256LL, 1700000000000LL, 1700000000001LL, 281474976710655LL})
        ids.push_back(Ulid::make(when));
    CHECK(std::is_sorted(ids.begin(), ids.end()));
    CHECK(std::is_sorted(ids.begin(), ids.end(), [](const Ulid& a, const Ulid& b) { return a.text() < b.text(); }));
    CHECK(ids[4].time() == 1700000000000LL);
    CHECK(ids[6].time() == 281474976710655LL);
}

TEST_CASE("ULIDs of one moment differ") {
    std::unordered_set<Ulid> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(Ulid::make(42));
    CHECK(seen.size() == 1000);
    CHECK(Ulid{}.is_nil());
    CHECK_FALSE(Ulid::make().is_nil());
}
