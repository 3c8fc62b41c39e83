// [[edge.upstreams]] and [[edge.routes]] of config.toml.
#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "base/error.h"
#include "config/read.h"
#include "config/route_parts.h"
#include "support/temp_folder.h"

using namespace bodega;
using namespace bodega::config;

namespace {

Config read_text(const std::string& toml) {
    test::TempFolder folder;
    std::ofstream(folder / "config.toml") << toml;
    Sources sources;
    sources.folder = folder / "";
    return read(sources);
}

// The error for the text, from the file's name on.
std::string refusal(const std::string& toml) {
    try {
        read_text(toml);
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::config_invalid);
        std::string what = error.what();
        CHECK(what.find('\n') == std::string::npos);
        std::size_t at = what.find("config.toml");
        return at == std::string::npos ? what : what.substr(at);
    }
    return "accepted";
}

const std::string kUpstream = "[[edge.upstreams]]\nname = 'u'\nservers = ['127.0.0.1:1']\n";

}  // namespace

TEST_CASE("upstreams and routes are rows, in the order in which they are written", "[config]") {
    Config config = read_text(
        "[[edge.upstreams]]\nname = 'flask'\nservers = ['127.0.0.1:5000', 'unix:/run/a.sock weight=3']\n"
        "balance = 'least_connections'\nwait = '2s'\n"
        "[[edge.upstreams]]\nservers = ['app.internal:80']\nname = 'other'\n"
        "[[edge.routes]]\nhost = '*.example.org'\npath = '/old'\nto = 'upstream:flask'\nrewrite = '/'\n"
        "set_request = ['X-A: b', 'X-C: d']\n"
        "[[edge.routes]]\nto = 'redirect:https://example.org/*'\nstatus = 302\n"
        "[edge]\nloops = 2\n");
    REQUIRE(config.edge.upstreams.size() == 2);
    const Upstream& flask = config.edge.upstreams[0];
    CHECK(flask.name == "flask");
    CHECK(flask.servers.size() == 2);
    CHECK(flask.balance == "least_connections");
    CHECK(flask.wait == 2s);
    CHECK(flask.connections == Upstream{}.connections);
    CHECK(config.edge.upstreams[1].name == "other");
    CHECK(config.edge.upstreams[1].servers == std::vector<std::string>{"app.internal:80"});
    REQUIRE(config.edge.routes.size() == 2);
    CHECK(config.edge.routes[0].host == "*.example.org");
    CHECK(config.edge.routes[0].set_request == std::vector<std::string>{"X-A: b", "X-C: d"});
    CHECK(config.edge.routes[1].path == "/");
    CHECK(config.edge.routes[1].status == 302);
    CHECK(config.edge.loops == 2);
}

TEST_CASE("config.toml's examples of upstreams and routes are valid and have the defaults", "[config]") {
    std::ifstream file("config.toml");
    REQUIRE(file);
    std::string text;
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("# [[")) inside = true;
        if (!line.starts_with("#")) inside = false;
        if (inside && line.size() > 1) text += line.substr(2) + "\n";
    }
    INFO(text);
    Config config = read_text(text);
    REQUIRE(config.edge.upstreams.size() == 1);
    REQUIRE(config.edge.routes.size() == 1);
    Upstream upstream = config.edge.upstreams[0], usual;
    CHECK(upstream.balance == usual.balance);
    CHECK(upstream.connections == usual.connections);
    CHECK(upstream.idle_timeout == usual.idle_timeout);
    CHECK(upstream.queue == usual.queue);
    CHECK(upstream.wait == usual.wait);
    CHECK(upstream.connect_timeout == usual.connect_timeout);
    CHECK(upstream.timeout == usual.timeout);
    CHECK(upstream.max_fails == usual.max_fails);
    CHECK(upstream.fail_timeout == usual.fail_timeout);
    CHECK(upstream.health_path == usual.health_path);
    CHECK(upstream.health_host == usual.health_host);
    CHECK(upstream.health_interval == usual.health_interval);
    CHECK(upstream.resolve_interval == usual.resolve_interval);
    CHECK(config.edge.routes[0].status == Route{}.status);
}

TEST_CASE("a mistake in an upstream is one clear line", "[config]") {
    CHECK(refusal("[[edge.upstreams]]\nservers = ['127.0.0.1:1']\n") ==
          "config.toml:1: [[edge.upstreams]] needs a name");
    CHECK(refusal("[[edge.upstreams]]\nname = 'u'\n") ==
          "config.toml:1: [[edge.upstreams]] \"u\" needs servers, such as [\"127.0.0.1:5000\"]");
    CHECK(refusal("[[edge.upstreams]]\nname = 'u'\nservers = ['127.0.0.1']\n") ==
          "config.toml:1: [[edge.upstreams]] servers must hold \"HOST:PORT\" or \"unix:/PATH\", with \"weight=1\" to "
          "100 after it or not; this is not one: \"127.0.0.1\"");
    CHECK(refusal("[[edge.upstreams]]\nname = 'u'\nserver = ['127.0.0.1:1']\n") ==
          "config.toml:3: [[edge.upstreams]] has no setting server (did you mean servers?)");
    CHECK(refusal(kUpstream + kUpstream) == "config.toml:4: [[edge.upstreams]] \"u\" is defined twice");
    CHECK(refusal("[edge]\nupstreams = 'u'\n") ==
          "config.toml:2: edge.upstreams is a list of tables: write [[edge.upstreams]] above each");
    CHECK(refusal(kUpstream + "health_path = '/a b'\n") ==
          "config.toml:1: [[edge.upstreams]] health_path must begin with \"/\" and hold no blanks");
    CHECK(refusal(kUpstream + "health_host = 'a b'\n") ==
          "config.toml:1: [[edge.upstreams]] health_host must be a name such as \"app.internal\"");
    CHECK(refusal(kUpstream + "wait = '2 fortnights'\n").starts_with("config.toml:4: edge.upstreams.wait"));
    CHECK(refusal(kUpstream + "balance = 'random'\n").starts_with("config.toml:4: edge.upstreams.balance"));
}

TEST_CASE("a mistake in a route is one clear line", "[config]") {
    auto route = [](const std::string& lines) {
        std::string what = refusal(kUpstream + "[[edge.routes]]\n" + lines + "\n");
        constexpr std::string_view kPrefix = "config.toml:4: [[edge.routes]] ";
        return what.starts_with(kPrefix) ? what.substr(kPrefix.size()) : what;
    };
    CHECK(route("to = 'upstream:u'") == "accepted");
    CHECK(route("path = '/x'") == "needs \"to\", the target that answers");
    CHECK(route("to = 'upstream:flask'") ==
          "to names the upstream \"flask\", which does not exist; add [[edge.upstreams]] with that name");
    CHECK(route("to = 'flask'") ==
          "to must be \"app\", \"upstream:NAME\", \"folder:/PATH\" or \"redirect:URL\", not \"flask\"");
    CHECK(route("to = 'folder:relative'").starts_with("to must be"));
    CHECK(route("to = 'redirect:javascript:x'").starts_with("to must be"));
    CHECK(route("to = \"redirect:https://a/\\r\\nX: y\"") == "to must be a URL without blanks");
    CHECK(route("to = 'app'\nhost = 'Files.example.org'").starts_with("host must be a name in lower case"));
    CHECK(route("to = 'app'\nhost = 'a/b'").starts_with("host must be"));
    CHECK(route("to = 'app'\npath = 'old'").starts_with("path must begin with \"/\""));
    for (const char* path : {"/a?b", "/a#b", "/a%20b", "/a b", "/a;b", "/a\\b"})
        CHECK(route("to = 'app'\npath = '" + std::string(path) + "'").starts_with("path must begin with \"/\""));
    CHECK(route("to = 'upstream:u'\nrewrite = 'new'").starts_with("rewrite must begin with \"/\""));
    CHECK(route("to = 'app'\npass_host = 'x'") == "pass_host works only for an upstream");
    CHECK(route("to = 'upstream:u'\npass_host = \"a\\r\\nb\"").starts_with("pass_host must be a name"));
    CHECK(route("to = 'app'\nrate_limit = 'often'").starts_with("rate_limit must be requests per s, min or h"));
    CHECK(route("to = 'redirect:/x'\nstatus = 303") == "status must be 301, 302, 307 or 308");
    CHECK(route("to = 'app'\nset_request = ['X']") == "fields to set are written \"Name: value\", not \"X\"");
    CHECK(route("to = 'app'\nset_response = [\"X: a\\r\\nY: b\"]").starts_with("fields to set are written"));
    CHECK(route("to = 'app'\nset_response = ['Content-Length: 0']") ==
          "can't change the field Content-Length, which is the connection's own");
    CHECK(route("to = 'app'\nremove_request = ['Host']").starts_with("can't change the field Host"));
    CHECK(route("to = 'app'\n[[edge.routes]]\nto = 'app'") ==
          "config.toml:6: [[edge.routes]] this host and path have a route already");
}

TEST_CASE("a server of an upstream may be an address, a name or a socket", "[config]") {
    auto server = parse_upstream_server("app.internal:5000 weight=7");
    REQUIRE(server);
    CHECK(server->host == "app.internal");
    CHECK(server->port == 5000);
    CHECK(server->weight == 7);
    server = parse_upstream_server("[::1]:80");
    REQUIRE(server);
    CHECK(server->host == "::1");
    CHECK(server->weight == 1);
    server = parse_upstream_server("unix:/run/a.sock weight=2");
    REQUIRE(server);
    CHECK(server->socket == "/run/a.sock");
    CHECK(server->weight == 2);
    for (const char* text :
         {"", ":80", "host", "host:0", "host:65536", "host:80x", "::1:80", "ho st:80", "host:80 weight=0",
          "host:80 weight=101", "host:80 down", "unix:", "unix:relative", "http://host:80", "host:80/path"}) {
        INFO(text);
        CHECK_FALSE(parse_upstream_server(text));
    }
}

TEST_CASE("a route has its upgrade protocols and its way to forward bodies", "[config]") {
    const std::string route = kUpstream + "[[edge.routes]]\nto = 'upstream:u'\n";
    Config config = read_text(route);
    CHECK(config.edge.routes[0].upgrades == std::vector<std::string>{"websocket"});
    CHECK(config.edge.routes[0].request_body == "buffer");
    config = read_text(route + "upgrades = []\nrequest_body = 'stream'\nremove_request = ['Upgrade']\n");
    CHECK(config.edge.routes[0].upgrades.empty());
    CHECK(config.edge.routes[0].request_body == "stream");
    for (const char* bad : {"", "a b", "web,socket", "/2", "a/", "a/b/c"})
        CHECK(refusal(route + "upgrades = ['" + bad + "']\n").find("upgrades must be names of protocols") !=
              std::string::npos);
    for (const char* key :
         {"set_request = ['Upgrade: h2c']", "remove_response = ['Upgrade']", "remove_request = ['TE']"})
        CHECK(refusal(route + key + "\n").find("which is the connection's own") != std::string::npos);
    CHECK(refusal("[[edge.routes]]\nto = 'app'\nrequest_body = 'stream'\n").find("works only for an upstream") !=
          std::string::npos);
    CHECK(refusal(route + "request_body = 'half'\n").find("request_body") != std::string::npos);
}

TEST_CASE("a spool folder within the shared folder is refused", "[config]") {
    auto with = [](const std::string& spool) {
        return refusal("[node]\nshared_dir = '/mnt/shared'\n[edge]\nspool_dir = '" + spool + "'\n");
    };
    CHECK(with("/mnt/sharedother") == "accepted");
    CHECK(with("/var/tmp") == "accepted");
    for (const char* inside : {"/mnt/shared", "/mnt/shared/", "/mnt/shared/spool", "/mnt/./other/../shared/a"})
        CHECK(with(inside).find("outside of node.shared_dir") != std::string::npos);
}
