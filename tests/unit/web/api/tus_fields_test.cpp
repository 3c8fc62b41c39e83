#include "web/api/tus_fields.h"

#include <catch2/catch_test_macros.hpp>

#include "base/encoding.h"
#include "base/error.h"

namespace bodega::web {
namespace {

std::string b64(std::string_view text) { return base::base64(base::as_bytes(text)); }

template <class Call>
bool refused(Call call) {
    try {
        call();
    } catch (const base::Error& e) {
        return e.code() == base::Code::invalid;
    }
    return false;
}

const std::string kParent = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

TEST_CASE("tus: numbers are digits, nothing else") {
    CHECK(parse_tus_number("Upload-Offset", "0") == 0);
    CHECK(parse_tus_number("Upload-Length", "9223372036854775807") == INT64_MAX);
    for (const char* value : {"", "-1", "+1", " 1", "1 ", "0x10", "1.5", "9223372036854775808"})
        CHECK(refused([&] { parse_tus_number("Upload-Offset", value); }));
    CHECK(refused([] { parse_tus_number("Upload-Offset", std::nullopt); }));
}

TEST_CASE("tus: metadata is pairs with values in strict base64") {
    TusMetadata metadata("filename " + b64("año.txt") + ", empty,other " + b64("x") + ",blank ");
    CHECK(metadata.find("filename") == "año.txt");
    CHECK(metadata.find("empty") == "");
    CHECK(metadata.find("blank") == "");
    CHECK_FALSE(metadata.find("none"));
    for (const char* field : {"a b!", "a YQ", "a YQ==,a YQ==", ",", "a YQ==,,b YQ==", "a YQ== YQ==", "ñ YQ=="})
        CHECK(refused([&] { TusMetadata m(field); }));
}

TEST_CASE("tus: what bodega needs of the metadata") {
    auto of = [](const std::string& more) {
        return tus_file(TusMetadata("parent_id " + b64(kParent) + ",filename " + b64("a.txt") + more));
    };
    CHECK(of("").parent_id.text() == kParent);
    CHECK(of("").on_conflict == store::OnConflict::replace);
    CHECK(of(",on_conflict " + b64("rename")).on_conflict == store::OnConflict::rename);
    CHECK(of(",sha256 " + b64(std::string(64, 'a'))).sha256.value()[0] == 0xaa);
    CHECK(refused([&] { of(",on_conflict " + b64("merge")); }));
    CHECK(refused([&] { of(",sha256 " + b64("aa")); }));
    CHECK(refused([] { tus_file(TusMetadata("filename " + b64("a.txt"))); }));
    CHECK(refused([] { tus_file(TusMetadata("parent_id " + b64(kParent))); }));
    CHECK(refused([] { tus_file(TusMetadata("parent_id " + b64("x") + ",filename " + b64("a"))); }));
}

TEST_CASE("tus: checksums") {
    app::PartChecksum checksum = parse_tus_checksum("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=");
    CHECK(checksum.algorithm == "sha1");
    CHECK(base::hex(checksum.expected) == "2aae6c35c94fcfb415dbe95f408b9ce91ee846ed");
    for (const char* field : {"", "sha1", "sha1 ", "sha1 ###", "sha512 YQ==", "SHA1 YQ=="})
        CHECK(refused([&] { parse_tus_checksum(field); }));
}

}  // namespace
}  // namespace bodega::web
