// The operator's own files below /site/.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

namespace {

std::string get(const std::string& path, const std::string& lines = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n";
}

}  // namespace

TEST_CASE("files of the site folder are sent in a form that the client accepts, and ranges of that form", "[edge]") {
    EdgeFixture fixture;
    RawClient client = fixture.client();
    CHECK(client.ask(get("/site/logo.svg")).status == 404);  // there is no such folder yet
    CHECK(client.ask(get("/site/")).status == 404);
    std::filesystem::create_directories(fixture.site() + "/about");
    std::ofstream(fixture.site() + "/about/index.html") << "<h1>We</h1>";
    std::ofstream(fixture.site() + "/logo.svg") << "0123456789";
    std::ofstream(fixture.site() + "/logo.svg.br") << "abcdef";
    CHECK(client.ask(get("/site/about/")).body == "<h1>We</h1>");
    CHECK(client.ask(get("/site/about")).field("location") == "/site/about/");

    Reply plain = client.ask(get("/site/logo.svg"));
    CHECK(plain.body == "0123456789");
    CHECK(plain.field("vary") == "Accept-Encoding");
    Reply packed = client.ask(get("/site/logo.svg", "Accept-Encoding: gzip, br\r\n"));
    CHECK(packed.body == "abcdef");
    CHECK(packed.field("content-encoding") == "br");

    // RFC 9110 section 13.1.5: a range is of the form whose tag the client has; otherwise the client gets the complete
    // current form.
    std::string tag = "If-Range: " + packed.field("etag") + "\r\n";
    Reply part = client.ask(get("/site/logo.svg", "Accept-Encoding: br\r\nRange: bytes=2-\r\n" + tag));
    CHECK(part.status == 206);
    CHECK(part.body == "cdef");
    CHECK(part.field("content-range") == "bytes 2-5/6");
    Reply whole = client.ask(get("/site/logo.svg", "Range: bytes=2-\r\n" + tag));
    CHECK(whole.status == 200);
    CHECK(whole.body == "0123456789");
    Reply parts = client.ask(get("/site/logo.svg", "Range: bytes=0-0,-1\r\n"));
    CHECK(parts.status == 206);
    CHECK(parts.field("content-type").starts_with("multipart/byteranges; boundary="));
    CHECK(client.ask(get("/site/logo.svg", "Range: bytes=10-\r\n")).status == 416);
    CHECK(client.ask(get("/site/logo.svg", "If-Modified-Since: " + plain.field("last-modified") + "\r\n")).status ==
          304);
}

TEST_CASE("no file outside of the site folder is sent", "[edge]") {
    EdgeFixture fixture;
    fixture.blob("secret", "outside");
    std::filesystem::create_directories(fixture.site());
    std::filesystem::create_directory_symlink(fixture.site() + "/../blobs", fixture.site() + "/link");
    std::ofstream(fixture.site() + "/.hidden") << "outside";
    for (const char* path : {"/site/link/secret", "/site/.hidden", "/site/../blobs/secret", "/site/%2e%2e/blobs/secret",
                             "/site/..%2fblobs%2fsecret", "/site//blobs/secret"}) {
        INFO(path);
        Reply reply = fixture.client().ask(get(path));
        CHECK((reply.status == 404 || reply.status == 400));
        CHECK(reply.body.find("outside") == std::string::npos);
    }
    CHECK(fixture.client().ask("PUT /site/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx").status == 405);
}
