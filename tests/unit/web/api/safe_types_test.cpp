#include "web/api/safe_types.h"

#include <catch2/catch_test_macros.hpp>

#include "base/media_type.h"

namespace bodega::web {
namespace {

TEST_CASE("no file is sent with a type that a browser runs") {
    for (const char* name : {"a.js", "a.mjs", "a.css", "a.htm", "a.html", "a.svg", "a.xml", "a.xhtml", "a.wasm"}) {
        INFO(name);
        std::string type = download_type(base::media_type_of(name));
        CHECK((type == "text/plain; charset=utf-8" || type == "application/octet-stream"));
    }
    for (const char* mime :
         {"application/javascript", "application/x-javascript", "text/ecmascript", "text/vbscript", "text/xsl",
          "application/xslt+xml", "application/atom+xml", "image/svg+xml", "application/mathml+xml",
          "application/java-archive", "application/x-shockwave-flash", "text/cache-manifest",
          "application/manifest+json", "application/speculationrules+json", "multipart/x-mixed-replace", "", "x"}) {
        INFO(mime);
        std::string type = download_type(mime);
        CHECK((type == "text/plain; charset=utf-8" || type == "application/octet-stream"));
    }
    for (const char* mime : {"image/png", "application/pdf", "application/zip", "text/csv", "application/json",
                             "video/mp4", "font/woff2", "application/vnd.oasis.opendocument.text"})
        CHECK(download_type(mime) == mime);
}

TEST_CASE("active content is never shown inline, and text only as text") {
    for (const char* mime : {"image/svg+xml", "application/xml", "application/xhtml+xml", "application/octet-stream",
                             "application/javascript", "application/zip", "image/tiff", ""})
        CHECK_FALSE(inline_type(mime));
    for (const char* mime : {"text/html", "text/javascript", "text/css", "text/xml", "application/json"})
        CHECK(inline_type(mime) == "text/plain; charset=utf-8");
    for (const char* mime : {"image/png", "image/jpeg", "application/pdf", "audio/mpeg", "video/mp4"})
        CHECK(inline_type(mime) == mime);
}

TEST_CASE("content shown inline is sandboxed without an origin") {
    CHECK(content_policy("text/plain; charset=utf-8").starts_with("sandbox; default-src 'none'"));
    CHECK(content_policy("image/png").starts_with("sandbox; default-src 'none'"));
    CHECK(content_policy("application/pdf").starts_with("default-src 'none'"));
}

}  // namespace
}  // namespace bodega::web
