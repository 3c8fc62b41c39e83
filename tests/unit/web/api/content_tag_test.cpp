#include "web/api/content_tag.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::web {

TEST_CASE("a content tag is the sha256, and is read back") {
    store::Sha256 sha256{};
    sha256[0] = 0xab;
    std::string tag = content_etag(sha256);
    CHECK(tag == "\"ab" + std::string(62, '0') + "\"");
    CHECK(parse_content_tag(tag.substr(1, 64)) == sha256);
    CHECK_FALSE(parse_content_tag("ab"));
    CHECK_FALSE(parse_content_tag(std::string(64, 'x')));
}

}  // namespace bodega::web
