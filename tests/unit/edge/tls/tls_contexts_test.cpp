// The certificate for each name.
#include "edge/tls/tls_contexts.h"

#include <catch2/catch_test_macros.hpp>

#include "support/certificate.h"
#include "support/temp_folder.h"

using namespace bodega;
using namespace bodega::edge;
using bodega::test::Authority;
using bodega::test::TempFolder;
using bodega::test::Wanted;

TEST_CASE("a name selects its certificate", "[edge][tls]") {
    TempFolder folder;
    Authority authority(folder.path());
    config::Tls settings;
    Wanted one, two, three;
    one.names = "DNS:files.example.org";
    two.names = "DNS:*.example.org,DNS:example.org";
    three.names = "DNS:*.example.org,DNS:example.org";
    three.key = "RSA";
    settings.certificates = {authority.issue("one", one), authority.issue("two", two), authority.issue("three", three)};
    TicketKeys tickets;
    TlsContexts contexts(settings, tickets, false);

    SSL_CTX* wild = contexts.find("a.example.org");
    REQUIRE(wild);
    CHECK(contexts.find("files.example.org") != wild);
    CHECK(contexts.find("FILES.Example.ORG") == contexts.find("files.example.org"));
    CHECK(contexts.find("example.org") == wild);  // the RSA one of the same names is in the same context
    CHECK(contexts.find("B.EXAMPLE.org") == wild);
    for (const char* name :
         {"a.b.example.org", ".example.org", "example.com", "org", "", ".example.org.", "files.example.org."})
        CHECK(contexts.find(name) == nullptr);
}
