#include "app/auth/username.h"

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"

namespace bodega::app {

TEST_CASE("user names are kept composed, and refused rather than changed") {
    CHECK(clean_username("Jose\u0301") == "José");
    for (const char* good :
         {"a", "x", "ana.maria_2-b", "ana@example.org", "ana+files", "ÑANDÚ", "王芳", "مريم", "हिन्दी", "42"})
        CHECK(clean_username(good) == good);
    for (const char* bad : {"",   " ",  "a b", " a",  "a ",   "a/b",  "a:b",   "a\tb",    "a\u200bb", "a\u202eb",
                            ".a", "-a", "@a",  "a<b", "a\"b", "a\\b", "a\xff", "\u0301a", "a\u00a0b", "😀"}) {
        INFO(bad);
        CHECK_THROWS_AS(clean_username(bad), base::Error);
        CHECK_FALSE(username_key(bad));
    }
    CHECK_THROWS_AS(clean_username(std::string("a\0b", 3)), base::Error);
    CHECK(clean_username(std::string(64, 'x')).size() == 64);
    CHECK_THROWS_AS(clean_username(std::string(65, 'x')), base::Error);
    CHECK_THROWS_AS(clean_username(std::string(100000, 'x')), base::Error);
}

TEST_CASE("two spellings of one name are one account") {
    for (const char* same : {"JOSÉ", "josé", "Jose\u0301", "ｊｏｓé"})
        CHECK(username_key(same) == username_key("José"));
    CHECK(username_key("straße") == username_key("STRASSE"));
    CHECK(username_key("jose") != username_key("josé"));
    CHECK(username_key("ana") == "ana");
}

TEST_CASE("a search pattern matches wildcard characters literally") {
    CHECK(username_pattern("") == "%");
    CHECK(username_pattern("AnA") == "%ana%");
    CHECK(username_pattern("50%_!") == "%50!%!_!!%");
    CHECK(username_pattern("\xff") == "%%");
}

}  // namespace bodega::app
