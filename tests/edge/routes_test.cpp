// Which of the configured routes takes a request, and what each kind of route answers.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "support/edge_fixture.h"
#include "support/edge_routes.h"
#include "support/http2_client.h"

using namespace bodega;
using namespace bodega::test;

TEST_CASE("a route's upstream gets its requests, bodega answers all others", "[edge]") {
    Recorder recorder([](const Seen&) { return ok("from flask"); });
    RawUpstream flask("0", std::ref(recorder));
    config::Edge settings = EdgeFixture::quick();
    settings.upstreams = {upstream("flask", {flask.address()})};
    settings.routes = {route("", "/old", "upstream:flask"), route("files.example.org", "/", "app")};
    EdgeFixture fixture(settings);
    Recorder app_recorder([](const Seen&) { return ok("from the app"); });
    RawUpstream app(fixture.socket(), std::ref(app_recorder));
    RawClient client = fixture.client();
    CHECK(client.ask(get("/old/x?q=1")).body == "from flask");
    CHECK(client.ask(get("//ol%64/x")).body == "from flask");
    CHECK(client.ask(get("/older")).status == 404);
    CHECK(client.ask(get("/livez")).body == "ok\n");
    CHECK(client.ask(get("/api/x")).body == "from the app");
    CHECK(client.ask(get("/old/x", "files.example.org:80")).body == "from the app");
    CHECK(client.ask(get("/readyz")).body == "from the app");
    CHECK(client.ask(get("/old/../api/x")).status == 400);
    CHECK(client.ask(get("/a/%2e%2e/old/x")).status == 400);
    REQUIRE(recorder.seen().size() == 2);
    CHECK(recorder.seen()[0].head.starts_with("GET /old/x?q=1 HTTP/1.1\r\nHost: h\r\n"));
    CHECK(recorder.seen()[1].head.starts_with("GET //ol%64/x HTTP/1.1\r\n"));
    REQUIRE(eventually([&] { return fixture.accesses().size() == 9; }));
    CHECK(fixture.accesses()[0].stats.route == "/old");
    CHECK(fixture.accesses()[0].stats.upstream == "flask");
    CHECK(fixture.accesses()[0].stats.server == flask.address());
    CHECK(fixture.accesses()[5].stats.route == "files.example.org/");
}

TEST_CASE("no spelling of a path reaches another route's server", "[edge][http2]") {
    Recorder of_open([](const Seen&) { return ok("open"); }), of_secret([](const Seen&) { return ok("secret"); });
    RawUpstream open("0", std::ref(of_open)), secret("0", std::ref(of_secret));
    config::Edge settings = EdgeFixture::quick();
    settings.upstreams = {upstream("open", {open.address()}), upstream("secret", {secret.address()})};
    settings.routes = {route("", "/", "upstream:open"), route("", "/secret", "upstream:secret")};
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    Http2Client other(fixture.url());
    std::uint32_t stream = 1;
    auto status = [&](const std::string& path) {
        const int first = client.ask(get(path)).status;
        CHECK(other.ask(stream, http2::get(path)).status == first);
        stream += 2;
        return first;
    };
    for (const char* path : {"/secret;/x", "/secret%3b/x", "/secret;v=1", "/secret\\x", "/secret%5Cx", "/secret%2fx",
                             "/;/secret/x", "/%2fsecret"}) {
        INFO(path);
        CHECK(status(path) == 400);
    }
    CHECK(of_open.seen().empty());
    CHECK(of_secret.seen().empty());
    CHECK(status("/secret/x;v=1/y%2Fz") == 200);
    CHECK(of_secret.seen().back().head.starts_with("GET /secret/x;v=1/y%2Fz "));
    CHECK(status("/x;v=1/y%2Fz\\w") == 200);
    CHECK(of_open.seen().back().head.starts_with("GET /x;v=1/y%2Fz\\w "));
}

TEST_CASE("path, host and fields are rewritten on the way to an upstream and back", "[edge]") {
    Recorder recorder([](const Seen&) {
        return ok("hi", "Server: Werkzeug\r\nX-Powered-By: snakes\r\nX-Keep: 1\r\nX-Frame-Options: ALLOWALL\r\n");
    });
    RawUpstream flask("0", std::ref(recorder));
    config::Edge settings = EdgeFixture::quick();
    settings.upstreams = {upstream("flask", {flask.address()})};
    config::Route row = route("", "/old", "upstream:flask");
    row.rewrite = "/new/";
    row.pass_host = "app.internal";
    row.set_request = {"X-Forwarded-Proto: https", "X-From: bodega"};
    row.remove_request = {"Cookie", "X-Real-IP"};
    row.set_response = {"X-Frame-Options: DENY"};
    row.remove_response = {"server", "X-Powered-By"};
    settings.routes = {row};
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    Reply reply = client.ask(
        "GET /old/a%20b?q=/old HTTP/1.1\r\nHost: files.example.org\r\nCookie: a=b\r\nX-From: evil\r\nX-Other: "
        "1\r\n\r\n");
    CHECK(reply.body == "hi");
    REQUIRE(recorder.seen().size() == 1);
    CHECK(recorder.seen()[0].head ==
          "GET /new/a%20b?q=/old HTTP/1.1\r\nHost: app.internal\r\nX-Other: 1\r\nX-Forwarded-For: 127.0.0.1\r\n"
          "X-Forwarded-Host: files.example.org\r\nX-Request-Id: " +
              reply.field("x-request-id") + "\r\nX-Forwarded-Proto: https\r\nX-From: bodega\r\n\r\n");
    CHECK(reply.field("server").empty());
    CHECK(reply.field("x-powered-by").empty());
    CHECK(reply.field("x-keep") == "1");
    CHECK(reply.head.find("ALLOWALL") == std::string::npos);
    CHECK(reply.field("x-frame-options") == "DENY");
}

TEST_CASE("X-Accel-* of another upstream than the app is dropped and never followed", "[edge]") {
    Recorder recorder([](const Seen&) {
        return ok("its own body", "X-Accel-Redirect: /_blobs/ab/secret\r\nX-Accel-Buffering: no\r\n");
    });
    RawUpstream flask("0", std::ref(recorder));
    config::Edge settings = EdgeFixture::quick();
    settings.upstreams = {upstream("flask", {flask.address()})};
    settings.routes = {route("", "/old", "upstream:flask")};
    EdgeFixture fixture(settings);
    fixture.blob("ab/secret", "a file of the team");
    RawClient client = fixture.client();
    Reply reply = client.ask("GET /old HTTP/1.1\r\nHost: h\r\nX-Accel-Capable: 1\r\nX-Accel-Redirect: /x\r\n\r\n");
    CHECK(reply.body == "its own body");
    CHECK(reply.head.find("X-Accel") == std::string::npos);
    REQUIRE(recorder.seen().size() == 1);
    CHECK(recorder.seen()[0].head.find("X-Accel") == std::string::npos);
}

TEST_CASE("a redirect route answers without an upstream", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.routes = {route("", "/old", "redirect:https://example.org/new/*"),
                       route("www.example.org", "/", "redirect:https://example.org")};
    settings.routes[1].status = 301;
    settings.routes[1].set_response = {"Cache-Control: max-age=60"};
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    Reply reply = client.ask(get("/old/a%20b/?q=1"));
    CHECK(reply.status == 308);
    CHECK(reply.field("location") == "https://example.org/new/a%20b/?q=1");
    reply = client.ask(get("/old"));
    CHECK(reply.field("location") == "https://example.org/new/");
    reply = client.ask("POST /x HTTP/1.1\r\nHost: www.example.org\r\nContent-Length: 2\r\n\r\nhi");
    CHECK(reply.status == 301);
    CHECK(reply.field("location") == "https://example.org");
    CHECK(reply.field("cache-control") == "max-age=60");
    CHECK(client.ask(get("/livez")).status == 200);
}

TEST_CASE("a folder route sends only files of its folder", "[edge]") {
    TempFolder folder;
    auto write = [&](const std::string& name, const std::string& bytes) {
        std::filesystem::create_directories(std::filesystem::path(folder / name).parent_path());
        std::ofstream(folder / name, std::ios::binary) << bytes;
    };
    write("secret.txt", "outside");
    write("site/index.html", "<h1>top</h1>");
    write("site/a b/index.html", "<h1>sub</h1>");
    write("site/style.css", "plain");
    write("site/style.css.gz", "gzipped");
    write("site/.htpasswd", "hidden");
    std::filesystem::create_symlink(folder / "secret.txt", folder / "site/link.txt");
    std::filesystem::create_directory_symlink(folder.path(), folder / "site/up");
    config::Edge settings = EdgeFixture::quick();
    settings.routes = {route("", "/site", "folder:" + (folder / "site"))};
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();

    Reply reply = client.ask(get("/site/"));
    CHECK(reply.body == "<h1>top</h1>");
    CHECK(reply.field("content-type") == "text/html; charset=utf-8");
    CHECK(client.ask(get("/site")).body == "<h1>top</h1>");
    CHECK(client.ask(get("/site/a%20b/")).body == "<h1>sub</h1>");
    reply = client.ask(get("/site/a%20b"));
    CHECK(reply.status == 308);
    CHECK(reply.field("location") == "/site/a%20b/");

    reply = client.ask(get("/site/style.css"));
    CHECK(reply.body == "plain");
    std::string etag = reply.field("etag");
    CHECK_FALSE(etag.empty());
    reply = client.ask("GET /site/style.css HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n");
    CHECK(reply.body == "gzipped");
    CHECK(reply.field("content-encoding") == "gzip");
    CHECK(reply.field("content-type") == "text/css; charset=utf-8");
    CHECK(reply.field("etag") != etag);
    reply = client.ask("GET /site/style.css HTTP/1.1\r\nHost: h\r\nIf-None-Match: " + etag + "\r\n\r\n");
    CHECK(reply.status == 304);
    reply = client.ask("GET /site/style.css HTTP/1.1\r\nHost: h\r\nRange: bytes=1-2\r\n\r\n");
    CHECK(reply.status == 206);
    CHECK(reply.body == "la");
    reply = client.ask("HEAD /site/style.css HTTP/1.1\r\nHost: h\r\n\r\n", "HEAD");
    CHECK(reply.field("content-length") == "5");
    CHECK(client.ask("POST /site/ HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n").status == 405);

    for (const char* path : {"/site/link.txt", "/site/up/secret.txt", "/site/up/site/index.html", "/site/.htpasswd",
                             "/site/none", "/site/style.css/", "/site/%2e%2e/secret.txt", "/site/../secret.txt",
                             "/site/..%2fsecret.txt", "/site/..%5csecret.txt",
                             "/site//"
                             "%2fetc/passwd",
                             "/site/style.css%00.html", "/sitesecret.txt"}) {
        INFO(path);
        reply = client.ask(get(path));
        CHECK((reply.status == 404 || reply.status == 400));
        CHECK(reply.body.find("outside") == std::string::npos);
        CHECK(reply.body.find("root:") == std::string::npos);
    }
}
