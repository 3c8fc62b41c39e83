#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <set>

#include "base/error.h"
#include "cli/kit/kit_binary.h"
#include "cli/kit/kit_file.h"
#include "cli/kit/kit_fill.h"
#include "cli/kit/kit_listen.h"
#include "cli/kit/kit_value.h"

using namespace bodega;
using namespace bodega::cli;

namespace {

using Items = std::vector<std::string>;

std::optional<Items> some(std::string_view name) {
    if (name == "ONE") return Items{"1"};
    if (name == "TWO_2") return Items{"a", "b"};
    if (name == "NONE") return Items{};
    return std::nullopt;
}

std::string refused(const std::string& text) {
    try {
        return fill_kit_file(text, some);
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::internal);
        return error.what();
    }
}

std::string value(std::string_view name, const config::Config& config) {
    const KitValue* row = find_kit_value(name);
    REQUIRE(row);
    std::string all;
    for (const std::string& item : items_of(*row, {config, "other.toml", "/etc/bodega"}))
        all.append(all.empty() ? "" : " ").append(item);
    return all;
}

std::string filled(const KitFile& file, const config::Config& config) {
    return fill_kit_file(file.text, [&](std::string_view name) -> std::optional<Items> {
        const KitValue* row = find_kit_value(name);
        if (!row) return std::nullopt;
        return items_of(*row, {config, std::nullopt, "/etc/bodega"});
    });
}

config::Config plain_config() {
    config::Config config;
    config.edge.listen = {"http://127.0.0.1:8081"};
    config.edge.trusted_proxies = {"10.0.0.0/8", "fd00::/8"};
    config.edge.tls.certificates = {"chain.pem key.pem"};
    config.app.public_url = "https://files.example.net";
    config.app.listen = "/run/bodega/app.sock";
    config.node.name = "node-1";
    config.node.data_dir = "/var/lib/bodega";
    config.node.shared_dir = "/mnt/shared/";
    return config;
}

}  // namespace

TEST_CASE("placeholders are filled in, one line for each item", "[cli][kit]") {
    CHECK(fill_kit_file("a @ONE@ b@ONE@\n", some) == "a 1 b1\n");
    CHECK(fill_kit_file("  x @TWO_2@ @ONE@;\nend", some) == "  x a 1;\n  x b 1;\nend\n");
    CHECK(fill_kit_file("x\ny @NONE@ @TWO_2@\nz\n", some) == "x\nz\n");
    CHECK(fill_kit_file("a@b @system-service @ @@ @one@ me@ONE\n", some) == "a@b @system-service @ @@ @one@ me@ONE\n");
}

TEST_CASE("blocks without an item are left out", "[cli][kit]") {
    CHECK(fill_kit_file("@BEGIN NONE@\na\n@END NONE@\nb\n", some) == "b\n");
    CHECK(fill_kit_file("  @BEGIN ONE@\na\n@BEGIN NONE@\nc\n@END NONE@\n  @END ONE@\nb\n", some) == "a\nb\n");
    CHECK(fill_kit_file("@BEGIN NONE@\n@BEGIN ONE@\na\n@END ONE@\n@END NONE@\n", some).empty());
}

TEST_CASE("a malformed kit file is refused", "[cli][kit]") {
    CHECK(refused("a\n@NO@\n") == "line 2: there is no placeholder @NO@");
    CHECK(refused("@TWO_2@ @TWO_2@\n") == "line 1: two lists of several items");
    CHECK(refused("@BEGIN ONE@\n") == "line 1: @BEGIN ONE@ has no end");
    CHECK(refused("@BEGIN ONE@\n@END NONE@\n") == "line 2: @END NONE@ ends no block");
    CHECK(refused("@END ONE@\n") == "line 1: @END ONE@ ends no block");
}

TEST_CASE("every file of the kit is filled in by every configuration", "[cli][kit]") {
    std::set<std::string_view> paths;
    for (const KitFile& file : embedded_kit()) {
        INFO(file.path);
        CHECK(paths.insert(file.path).second);
        CHECK(&find_kit_file(file.path) == &file);
        CHECK(!file.summary.empty());
        for (const config::Config& config : {config::Config{}, plain_config()}) {
            std::string text = filled(file, config);
            CHECK(text.ends_with('\n'));
            // An @NAME@ that is left would be misspelt: fill_kit_file knows every right spelling.
            for (const KitValue& row : kit_values()) CHECK(text.find("@" + std::string(row.name)) == text.npos);
            CHECK(text.find("@BEGIN") == text.npos);
            CHECK(text.find("@END") == text.npos);
        }
    }
}

TEST_CASE("a file of the kit is found by its path, its name or its folder", "[cli][kit]") {
    CHECK(find_kit_file("nginx").path == "nginx/bodega.conf");
    CHECK(find_kit_file("bodega.socket").path == "systemd/bodega.socket");
    CHECK_THROWS_WITH(find_kit_file("systemd"),
                      "kit: systemd matches systemd/bodega.service, systemd/bodega.socket; name one of them");
    CHECK_THROWS_WITH(find_kit_file("ngnix"),
                      "kit: there is no file ngnix (did you mean nginx?); bodega kit lists them");
    CHECK_THROWS_AS(find_kit_file(""), base::Error);
}

TEST_CASE("values come from the configuration", "[cli][kit]") {
    config::Config config = plain_config();
    CHECK(value("NODE_NAME", config) == "node-1");
    CHECK(value("SHARED_DIR", config) == "/mnt/shared");
    CHECK(value("CONFIG_FILE", config) == "/etc/bodega/other.toml");
    CHECK(value("SERVER_NAMES", config) == "files.example.net");
    CHECK(value("BASE_PATH", config) == "/");
    CHECK(value("CERTIFICATE", config) == "/etc/bodega/chain.pem");
    CHECK(value("CERTIFICATE_KEY", config) == "/etc/bodega/key.pem");
    CHECK(value("APP_SERVER", config) == "unix:/run/bodega/app.sock");
    CHECK(value("TRUSTED_PROXIES", config) == "10.0.0.0/8 fd00::/8");
    CHECK(value("STOP_SECONDS", config) == "45");
    CHECK(value("BINARY", config) == binary_path());
    CHECK(value("MOUNT_UNITS", config) == "mnt.mount mnt-shared.mount");
    CHECK(value("MOUNT_UNITS", {}).empty());
    config.node.shared_dir = "/mnt/the-files/.bodega_1";
    CHECK(value("MOUNT_UNITS", config) == "mnt.mount mnt-the\\x2dfiles.mount mnt-the\\x2dfiles-.bodega_1.mount");
    config.node.shared_dir = "/.hidden/x";
    CHECK(value("MOUNT_UNITS", config) == "\\x2ehidden.mount \\x2ehidden-x.mount");
    CHECK(value("BINARY_SHA256", config).size() == 64);
    config::Route route;
    route.host = "*.example.net";
    config.edge.routes = {route, route};
    CHECK(value("SERVER_NAMES", config) == "files.example.net *.example.net");
}

TEST_CASE("values of unset settings have a sensible form", "[cli][kit]") {
    CHECK(value("SHARED_DIR", {}) == "/etc/bodega/bodega-data");
    CHECK(value("SERVER_NAMES", {}) == "_");
    CHECK(value("BASE_PATH", {}) == "/");
    config::Config below;
    below.app.public_url = "https://example.org/files";
    CHECK(value("BASE_PATH", below) == "/files/");
    CHECK(value("BASE_PATH_REGEX", below) == "/files/");
    below.app.public_url = "https://example.org/v1.0/";
    CHECK(value("BASE_PATH_REGEX", below) == "/v1[.]0/");
    CHECK(value("CERTIFICATE", {}) == "/etc/letsencrypt/live/files.example.org/fullchain.pem");
    CHECK(value("APP_SERVER", {}).ends_with("/bodega-data/app.sock"));
    CHECK(value("APP_SERVER", {}).starts_with("unix:/"));
    CHECK(value("ADMIN_ADDRESS", {}) == "127.0.0.1:9180");
}

TEST_CASE("NGINX's file does what the edge would do, or is refused", "[cli][kit]") {
    config::Config config = plain_config();
    CHECK(value("HSTS_SECONDS", config).empty());
    CHECK(value("REAL_IP_HEADER", config) == "X-Forwarded-For");
    CHECK(value("REAL_IP_FROM", config) == "10.0.0.0/8 fd00::/8");
    config.edge.tls.hsts = std::chrono::hours(24);
    config.edge.listen = {"https://[::] proxy_protocol", "http://[::] redirect"};
    CHECK(value("HSTS_SECONDS", config) == "86400");
    CHECK(value("TLS_LISTEN", config) == "[::]:443 proxy_protocol 0.0.0.0:443 proxy_protocol");
    CHECK(value("REAL_IP_HEADER", config) == "proxy_protocol");
    CHECK(value("REAL_IP_FROM", config) == "0.0.0.0/0 ::/0");
    CHECK(value("TRUSTED_PROXIES", config).empty());
    config.edge.listen.emplace_back("http://127.0.0.1:8080");
    CHECK_THROWS_WITH(value("REAL_IP_HEADER", config),
                      "kit: edge.listen has proxy_protocol only on some addresses; NGINX needs it on all or on none");
    config = plain_config();
    config.edge.trusted_fields = "forwarded";
    CHECK_THROWS_AS(value("REAL_IP_HEADER", config), base::Error);
    config.edge.tls.certificates.emplace_back("other.pem other.key");
    CHECK_THROWS_AS(value("CERTIFICATE", config), base::Error);
}

TEST_CASE("a value that a format could interpret is refused", "[cli][kit]") {
    for (const char* bad : {"/srv/a b", "/srv/a;b", "/srv/$a", "/srv/a\"b", "/srv/a\nb", "/srv/{a}"}) {
        config::Config config;
        config.node.shared_dir = bad;
        CHECK_THROWS_AS(value("SHARED_DIR", config), base::Error);
    }
}

TEST_CASE("systemd and NGINX get the edge's addresses", "[cli][kit]") {
    config::Edge edge;
    CHECK(listen_addresses(edge, Listen::tls) == Items{"0.0.0.0:443", "[::]:443"});
    CHECK(listen_addresses(edge, Listen::redirect) == Items{"0.0.0.0:80", "[::]:80"});
    CHECK(listen_addresses(edge, Listen::plain).empty());
    edge.listen = {"https://10.0.0.1:8443 proxy_protocol", "http://10.0.0.1:8080 redirect", "http://127.0.0.1:8081"};
    CHECK(listen_addresses(edge, Listen::tls) == Items{"10.0.0.1:8443 proxy_protocol"});
    CHECK(listen_addresses(edge, Listen::redirect) == Items{"10.0.0.1:8080"});
    CHECK(listen_addresses(edge, Listen::plain) == Items{"127.0.0.1:8081"});
    CHECK(edge_addresses(edge).size() == 3);
    CHECK(edge_addresses({}) == Items{"127.0.0.1:8080"});
    config::Edge behind_nginx;
    behind_nginx.listen.clear();
    CHECK_THROWS_WITH(
        edge_addresses(behind_nginx),
        "kit: edge.listen is empty, since NGINX listens: bodega.socket is for a bodega that listens itself");
    CHECK(tls_port_suffix(edge) == ":8443");
    CHECK(tls_port_suffix({}).empty());
    edge.listen = {"https://[::]", "http://localhost redirect"};
    CHECK(edge_addresses(edge) == Items{"[::]:443", "127.0.0.1:80"});
    CHECK(listen_addresses(edge, Listen::tls) == Items{"[::]:443", "0.0.0.0:443"});
    edge.listen = {"http://0.0.0.0:8080", "http://[::]:8080", "http://[::]:8081"};
    CHECK(listen_addresses(edge, Listen::plain) == Items{"0.0.0.0:8080", "[::]:8080", "[::]:8081", "0.0.0.0:8081"});
    edge.listen = {"https://10.0.0.1:8443", "http://10.0.0.1:8080 redirect=443 proxy_protocol"};
    CHECK(listen_addresses(edge, Listen::redirect) == Items{"10.0.0.1:8080 proxy_protocol"});
    CHECK(tls_port_suffix(edge).empty());
}
