// What the fleet keeps of its certificates: one answer a token while it is asked for, one record a name, one that
// orders.
#include "store/acme.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <fstream>
#include <thread>

#include "acme/seal.h"
#include "app/certificates.h"
#include "base/error.h"
#include "store/leases.h"
#include "support/depot.h"
#include "support/temp_folder.h"

namespace bodega::app {
namespace {

using namespace std::chrono_literals;

struct Ordering {
    explicit Ordering(test::Depot& depot) : config(depot.services.config) {
        config.edge.acme.names = {"files.example.org"};
        config.edge.acme.directory = "https://127.0.0.1:1/dir";  // nobody is there
        config.edge.acme.secret_file = folder / "secret";
        write_secret("one");
    }

    void write_secret(const std::string& text) const { std::ofstream(folder / "secret") << text; }

    test::TempFolder folder;
    config::Config config;
};

bool never(std::chrono::milliseconds) { return false; }

}  // namespace

TEST_CASE("an answer to a challenge is there until it is removed, or expires", "[acme]") {
    test::Depot depot(GENERATE(from_range(test::engines())));
    CHECK(!challenge_answer(depot.services, "abc"));
    depot.services.catalog.transact([](db::Connection& c) {
        store::Acme(c).put_challenge("abc", "abc.print", 60'000);
        store::Acme(c).put_challenge("abc", "abc.again", 60'000);
        store::Acme(c).put_challenge("old", "old.print", -1000);
    });
    CHECK(challenge_answer(depot.services, "abc") == "abc.again");
    CHECK(!challenge_answer(depot.services, "ABC"));
    CHECK(!challenge_answer(depot.services, "old"));
    depot.services.catalog.transact([](db::Connection& c) { store::Acme(c).remove_challenge("abc"); });
    CHECK(!challenge_answer(depot.services, "abc"));
}

TEST_CASE("an order that fails holds all nodes back for a while", "[acme]") {
    test::Depot depot(GENERATE(from_range(test::engines())));
    Ordering ordering(depot);
    const Services services{ordering.config, depot.services.catalog, depot.services.blobs};
    Certificates one(services, never), two(services, never);
    CHECK(!one.current());
    auto failure = [&] {
        try {
            one.renew_if_due();
        } catch (const base::Error& error) {
            return std::string(error.what());
        }
        return std::string("none");
    };
    const std::string first = failure();
    CHECK(first.find("127.0.0.1:1") != std::string::npos);
    CHECK(!two.renew_if_due());  // it would throw if it tried
    CHECK(!two.current());
    // The one that failed waits as the others do, and says what it waits for.
    ordering.config.edge.acme.directory = "https://127.0.0.1:2/dir";
    CHECK(failure() == first);
    Certificates restarted(services, never);
    CHECK(!restarted.renew_if_due());
}

TEST_CASE("after edge.acme.retry there is another order", "[acme]") {
    test::Depot depot(GENERATE(from_range(test::engines())));
    Ordering ordering(depot);
    ordering.config.edge.acme.retry = 50ms;
    const Services services{ordering.config, depot.services.catalog, depot.services.blobs};
    Certificates node(services, never);
    CHECK_THROWS_AS(node.renew_if_due(), base::Error);
    ordering.config.edge.acme.directory = "https://127.0.0.1:2/dir";
    std::this_thread::sleep_for(80ms);
    try {
        node.renew_if_due();
        FAIL("it succeeds");
    } catch (const base::Error& error) {
        CHECK(std::string_view(error.what()).find("127.0.0.1:2") != std::string_view::npos);
    }
}

TEST_CASE("a certificate in the catalog is every node's, until it is due", "[acme]") {
    test::Depot depot(GENERATE(from_range(test::engines())));
    Ordering ordering(depot);
    const Services services{ordering.config, depot.services.catalog, depot.services.blobs};
    Certificates node(services, never);
    auto put = [&](base::Milliseconds renew_at) {
        std::string record = R"({"chain":"C","key":"K","renew_at":)" + std::to_string(renew_at) + "}";
        depot.services.catalog.transact([&](db::Connection& c) {
            store::Acme(c).put_secret(certificate_record(ordering.config.edge.acme),
                                      acme::seal("one", certificate_record(ordering.config.edge.acme), record));
        });
    };
    put(base::now_ms() + 60'000);
    auto known = node.current();
    REQUIRE(known);
    CHECK((known->chain == "C" && known->key == "K"));
    CHECK(!node.renew_if_due());
    put(base::now_ms() - 1);
    CHECK_THROWS_AS(node.renew_if_due(), base::Error);  // due: it asks the authority, which is not there
    CHECK(node.current()->chain == "C");

    ordering.write_secret("another");
    CHECK_THROWS_AS(Certificates(services, never).current(), base::Error);
    ordering.write_secret("one");
    ordering.config.edge.acme.names.emplace_back("more.example.org");
    CHECK(!node.current());  // other names: another certificate
}

}  // namespace bodega::app
