#include "edge/routing/configured_routes.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega;
using namespace bodega::edge;

namespace {

config::Route route(std::string host, std::string path, std::string rewrite = {}) {
    config::Route row;
    row.host = std::move(host);
    row.path = std::move(path);
    row.to = "upstream:u";
    row.rewrite = std::move(rewrite);
    return row;
}

// The name of the rule that matches.
std::string taken(const ConfiguredRoutes& routing, std::string_view host, std::string_view path) {
    auto read = route_path(path);
    if (!read) return "refused";
    int found = routing.find(host, *read);
    if (found == ConfiguredRoutes::kAmbiguous) return "ambiguous";
    return found == ConfiguredRoutes::kNone ? "none" : routing.rules()[static_cast<std::size_t>(found)].name;
}

}  // namespace

TEST_CASE("the route with the most exact host is used, then the longest path", "[edge]") {
    ConfiguredRoutes routing({route("", "/"), route("", "/old"), route("*.example.org", "/"),
                              route("*.eu.example.org", "/"), route("files.example.org", "/"),
                              route("files.example.org", "/old/deep"), route("files.example.org", "/old")});
    CHECK(taken(routing, "files.example.org", "/x") == "files.example.org/");
    CHECK(taken(routing, "files.example.org", "/old/x") == "files.example.org/old");
    CHECK(taken(routing, "files.example.org", "/old/deep/x") == "files.example.org/old/deep");
    CHECK(taken(routing, "files.example.org", "/older") == "files.example.org/");
    CHECK(taken(routing, "a.example.org", "/old") == "*.example.org/");
    CHECK(taken(routing, "a.b.example.org", "/") == "*.example.org/");
    CHECK(taken(routing, "a.eu.example.org", "/") == "*.eu.example.org/");
    CHECK(taken(routing, "example.org", "/old/x") == "/old");
    CHECK(taken(routing, "badexample.org", "/x") == "/");
    CHECK(taken(routing, "", "/x") == "/");
}

TEST_CASE("no spelling of a path bypasses the route of its plain form", "[edge]") {
    ConfiguredRoutes routing({route("", "/"), route("", "/secret"), route("", "/a/deep")});
    for (const char* path : {"/secret", "/secret/", "/secret/x", "//secret", "/%73ecret", "/secret/x;v=1",
                             "/secret/a\\b", "/secret/a%2fb", "/secret/a%5Cb"}) {
        INFO(path);
        CHECK(taken(routing, "h", path) == "/secret");
    }
    for (const char* path : {"/secret;/x", "/secret%3b/x", "/secret%3Bv=1", "/secret;v=1/x", "/secret\\x",
                             "/secret%5cx", "/secret%2Fx", "/;/secret", "/;v=1/secret/x", "/x/..;/secret", "\\secret",
                             "/\\secret", "/%5csecret", "/a;x\\b/deep", "/a;x/deep", "/a%2fdeep", "/%2fsecret"}) {
        INFO(path);
        CHECK((taken(routing, "h", path) == "ambiguous" || taken(routing, "h", path) == "refused"));
    }
    CHECK(taken(routing, "h", "/b;v=1/c\\d%2Fe") == "/");
    CHECK(taken(ConfiguredRoutes({route("", "/secret")}), "h", "/spaces/a;b%5Cc") == "none");
}

TEST_CASE("a host is compared without its port, its case and its last dot", "[edge]") {
    ConfiguredRoutes routing({route("files.example.org", "/"), route("[2001:db8::1]", "/")});
    for (const char* host : {"files.example.org", "FILES.Example.ORG", "files.example.org:8443", "files.example.org.",
                             "files.example.org.:80"}) {
        INFO(host);
        CHECK(taken(routing, host, "/") == "files.example.org/");
    }
    CHECK(taken(routing, "[2001:DB8::1]:8080", "/") == "[2001:db8::1]/");
    CHECK(taken(routing, "files.example.org.evil.net", "/") == "none");
    CHECK(taken(routing, "[2001:db8::2]", "/") == "none");
}

TEST_CASE("the prefix is rewritten, the rest of the path passes unchanged", "[edge]") {
    auto rewritten = [](std::string path, std::string rewrite, std::string_view target) {
        return ConfiguredRoute(route("", std::move(path), std::move(rewrite))).rewritten(target);
    };
    CHECK(rewritten("/old", "", "/old/a%20b?x") == "/old/a%20b?x");
    CHECK(rewritten("/old", "/", "/old/a%20b?x=%2f") == "/a%20b?x=%2f");
    CHECK(rewritten("/old", "/", "/old") == "/");
    CHECK(rewritten("/old", "/", "/old?x") == "/?x");
    CHECK(rewritten("/old/", "/new", "//old//a/") == "/new/a/");
    CHECK(rewritten("/old", "/new/", "/o%6cd/a") == "/new/a");
    CHECK(rewritten("/old", "/new", "/old?x") == "/new?x");
    CHECK(rewritten("/old", "/new", "/old") == "/new");
    CHECK(rewritten("/old", "/new", "/old/") == "/new/");
    CHECK(rewritten("/old", "/new", "/old//") == "/new/");
    CHECK(rewritten("/old", "/new", "/old/?x") == "/new/?x");
    CHECK(rewritten("/old/", "/new", "/old/?x=/y") == "/new/?x=/y");
    CHECK(rewritten("/old", "/", "/old/") == "/");
    CHECK(rewritten("/old", "/", "/old/?x") == "/?x");
    CHECK(rewritten("/", "/app", "/") == "/app/");
    CHECK(rewritten("/", "/app", "/a/b") == "/app/a/b");
    // The result can't be read as another host's name.
    CHECK(rewritten("/old", "/", "/old//evil.example/") == "/evil.example/");
}
