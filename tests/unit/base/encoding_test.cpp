#include "base/encoding.h"

#include <catch2/catch_test_macros.hpp>

#include "base/random.h"

using namespace bodega::base;

namespace {

std::string text_of(const std::optional<Bytes>& bytes) {
    return bytes ? std::string(bytes->begin(), bytes->end()) : "-";
}

}  // namespace

TEST_CASE("hex is lower case, and either case is read") {
    CHECK(hex(as_bytes(std::string_view("\x00\xab\xff", 3))) == "00abff");
    CHECK(text_of(unhex("4142")) == "AB");
    CHECK(unhex("aBfF") == Bytes{0xab, 0xff});
    CHECK(unhex("") == Bytes{});
    CHECK_FALSE(unhex("abc"));
    CHECK_FALSE(unhex("0g"));
    CHECK_FALSE(unhex(" 0"));
}

TEST_CASE("base64 matches the vectors of RFC 4648, section 10") {
    const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                     {"f", "Zg=="},
                                                                     {"fo", "Zm8="},
                                                                     {"foo", "Zm9v"},
                                                                     {"foob", "Zm9vYg=="},
                                                                     {"fooba", "Zm9vYmE="},
                                                                     {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : vectors) {
        CAPTURE(plain);
        CHECK(base64(as_bytes(plain)) == encoded);
        CHECK(text_of(unbase64(encoded)) == plain);
    }
}

TEST_CASE("base64 that is not canonical is refused") {
    for (std::string_view text :
         {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v\n", "Zm 9", "====", "=Zg=", "Z===", "Zm-_"}) {
        CAPTURE(text);
        CHECK_FALSE(unbase64(text));
    }
}

TEST_CASE("base64url has its own two digits and no padding") {
    Bytes bytes{0xfb, 0xff, 0xbf};
    CHECK(base64url(bytes) == "-_-_");
    CHECK(base64(bytes) == "+/+/");
    CHECK(unbase64url("-_-_") == bytes);
    CHECK_FALSE(unbase64url("+/+/"));
    CHECK_FALSE(unbase64url("Zg=="));
    CHECK_FALSE(unbase64url("Z"));
    CHECK(text_of(unbase64url("Zg")) == "f");
}

TEST_CASE("encoded bytes decode to themselves, at every length") {
    for (std::size_t length = 0; length < 40; ++length) {
        Bytes bytes(length);
        fill_random(bytes);
        CHECK(unhex(hex(bytes)) == bytes);
        CHECK(unbase64(base64(bytes)) == bytes);
        CHECK(unbase64url(base64url(bytes)) == bytes);
    }
}

TEST_CASE("percent-encoding keeps the unreserved characters") {
    CHECK(percent_encode("AZaz09-._~") == "AZaz09-._~");
    CHECK(percent_encode("a b/ñ%") == "a%20b%2F%C3%B1%25");
    CHECK(percent_decode("a%20b%2f%C3%b1+") == "a b/ñ+");
    CHECK(percent_decode("%25252e") == "%252e");  // once
    CHECK_FALSE(percent_decode("%"));
    CHECK_FALSE(percent_decode("%2"));
    CHECK_FALSE(percent_decode("%zz"));
    CHECK_FALSE(percent_decode("ab%4"));
}

TEST_CASE("UTF-8 is only its shortest form, without surrogates") {
    for (std::string_view good :
         {"", "plain", "ñandú", "\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80"}) {
        CAPTURE(good);
        CHECK(is_utf8(good));
    }
    for (std::string_view bad :
         {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "a\xFF", "\xC3(", "\xFE"}) {
        CAPTURE(hex(as_bytes(bad)));
        CHECK_FALSE(is_utf8(bad));
    }
}

TEST_CASE("secrets compare by content and length") {
    CHECK(equal_constant_time("", ""));
    CHECK(equal_constant_time("secret", "secret"));
    CHECK_FALSE(equal_constant_time("secret", "secreT"));
    CHECK_FALSE(equal_constant_time("secret", "secre"));
}
