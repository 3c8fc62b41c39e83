#include "config/check_addresses.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::config;

TEST_CASE("an address in two settings is found before the kernel refuses it", "[config]") {
    struct {
        std::vector<std::string> edge;
        std::string admin, app;
        bool clashes;
    } const cases[] = {
        {{"http://127.0.0.1:8080"}, "http://127.0.0.1:8080", "", true},
        {{"http://127.0.0.1:8080"}, "http://127.0.0.1:8081", "127.0.0.1:5000", false},
        {{"http://0.0.0.0:8080"}, "http://127.0.0.1:8080", "", true},
        {{"http://127.0.0.1:8080"}, "http://127.0.0.2:8080", "", false},
        {{"http://[::]:8080"}, "", "127.0.0.1:8080", true},
        {{"http://0.0.0.0:8080"}, "", "[::1]:8080", false},
        {{"http://[::]:8080", "http://0.0.0.0:8080"}, "", "", true},
        {{"http://localhost:8080"}, "", "127.0.0.1:8080", true},
        {{"http://127.0.0.1:8080", "http://127.0.0.1:8080 proxy_protocol"}, "", "", true},
        {{"https://0.0.0.0", "http://0.0.0.0 redirect"}, "", "", false},
        {{"https://0.0.0.0", "https://127.0.0.1:443"}, "", "", true},
        {{"http://127.0.0.1:0", "http://127.0.0.1:0"}, "", "", false},
        {{"http://127.0.0.1:8080"}, "", "/run/bodega/app.sock", false},
    };
    for (const auto& one : cases) {
        Config config;
        config.edge.listen = one.edge;
        config.edge.admin_listen = one.admin;
        config.app.listen = one.app;
        CAPTURE(one.edge, one.admin, one.app);
        CHECK(find_shared_address(config).has_value() == one.clashes);
    }
}
