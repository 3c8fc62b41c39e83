#include "db/server_probe.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <cstdlib>

#include "support/catalog.h"
#include "support/mariadb.h"

using namespace bodega;

TEST_CASE("a probe reports the server's version, clock and round trip", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    const db::ServerProbe facts = db::probe_server(*catalog.pool().acquire());
    CHECK(facts.dialect == catalog.source().dialect);
    CHECK(facts.version.find('.') != std::string::npos);
    CHECK(std::abs(facts.ahead) < 2000);
    CHECK(facts.times.size() == 40);
    CHECK(std::is_sorted(facts.times.begin(), facts.times.end()));
    CHECK(facts.cipher.empty());
    CHECK_FALSE(facts.read_only);
    CHECK((facts.max_connections > 0) == (facts.dialect == db::Dialect::mysql));
}

TEST_CASE("a probe reports TLS and a read-only server", "[db]") {
    test::MariaDb& server = test::MariaDb::instance();
    db::Source source = server.over_tcp(server.make_database());
    source.ssl_ca = server.authority();
    const auto connection = db::connect(source);
    CHECK_FALSE(db::probe_server(*connection).cipher.empty());
    server.set_read_only(true);
    const bool read_only = db::probe_server(*connection).read_only;
    server.set_read_only(false);
    CHECK(read_only);
    server.drop_database(source.name);
}
