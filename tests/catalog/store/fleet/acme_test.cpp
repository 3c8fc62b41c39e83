// The fleet's certificate records: one answer for each challenge token, one record for each name, one node that orders.
#include "store/fleet/acme.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <thread>

#include "acme/seal.h"
#include "app/fleet/certificates.h"
#include "base/error.h"
#include "store/fleet/leases.h"
#include "support/app_fixture.h"
#include "support/certificate.h"
#include "support/temp_folder.h"

namespace bodega::app {
namespace {

using namespace std::chrono_literals;

struct Ordering {
    explicit Ordering(test::AppFixture& fixture) : config(fixture.services.config) {
        config.node.data_dir = folder / "data";
        std::filesystem::create_directories(certificates_folder(config));
        config.edge.acme.names = {"files.example.org"};
        config.edge.acme.directory = "https://127.0.0.1:1/dir";  // nothing listens there
        config.edge.acme.secret_file = folder / "secret";
        write_secret("one");
    }

    void write_secret(const std::string& text) const { std::ofstream(folder / "secret") << text; }

    test::TempFolder folder;
    config::Config config;
};

bool at_once(std::chrono::milliseconds) { return true; }

// An authority that issues what the test wants, and counts orders.
struct Issuer {
    explicit Issuer(const test::TempFolder& folder) : authority(folder / "") {}

    std::string issue(long from_days = -1, long to_days = 89) {
        ++orders;
        test::Wanted wanted;
        wanted.from_days = from_days;
        wanted.to_days = to_days;
        const std::string pair = authority.issue("site", wanted);
        std::ifstream file(pair.substr(0, pair.find(' ')));
        return {std::istreambuf_iterator<char>(file), {}};
    }

    Certificates::Authority asked(std::function<void()> before = [] {}) {
        return [this, before](const acme::Key&, const acme::Key&, acme::ChallengeBoard&) {
            std::string chain = issue();
            before();
            return chain;
        };
    }

    test::Authority authority;
    int orders = 0;
};

// Removes the table of the records while it lives.
struct NoRecords {
    explicit NoRecords(test::AppFixture& of) : fixture(of) {
        fixture.catalog.execute({"test.hide", "ALTER TABLE acme_secrets RENAME TO hidden_secrets"});
    }
    ~NoRecords() { fixture.catalog.execute({"test.show", "ALTER TABLE hidden_secrets RENAME TO acme_secrets"}); }
    NoRecords(const NoRecords&) = delete;

    test::AppFixture& fixture;
};

}  // namespace

TEST_CASE("an answer to a challenge exists until it is removed or expires", "[acme]") {
    test::AppFixture fixture(GENERATE(from_range(test::engines())));
    CHECK(!challenge_answer(fixture.services, "abc"));
    fixture.services.catalog.transact([](db::Connection& c) {
        store::Acme(c).put_challenge("abc", "abc.print", 60'000);
        store::Acme(c).put_challenge("abc", "abc.again", 60'000);
        store::Acme(c).put_challenge("old", "old.print", -1000);
    });
    CHECK(challenge_answer(fixture.services, "abc") == "abc.again");
    CHECK(!challenge_answer(fixture.services, "ABC"));
    CHECK(!challenge_answer(fixture.services, "old"));
    fixture.services.catalog.transact([](db::Connection& c) { store::Acme(c).remove_challenge("abc"); });
    CHECK(!challenge_answer(fixture.services, "abc"));
}

TEST_CASE("after a failed order all nodes wait", "[acme]") {
    test::AppFixture fixture(GENERATE(from_range(test::engines())));
    Ordering ordering(fixture);
    const Services services{ordering.config, fixture.services.catalog, fixture.services.blobs};
    Certificates one(services, at_once), two(services, at_once);
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
    // The node that failed waits like the others, and reports why.
    ordering.config.edge.acme.directory = "https://127.0.0.1:2/dir";
    CHECK(failure() == first);
    Certificates restarted(services, at_once);
    CHECK(!restarted.renew_if_due());
}

TEST_CASE("after edge.acme.retry a node orders again", "[acme]") {
    test::AppFixture fixture(GENERATE(from_range(test::engines())));
    Ordering ordering(fixture);
    ordering.config.edge.acme.retry = 50ms;
    const Services services{ordering.config, fixture.services.catalog, fixture.services.blobs};
    Certificates node(services, at_once);
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

TEST_CASE("every node uses the certificate in the catalog until it is due", "[acme]") {
    test::AppFixture fixture(GENERATE(from_range(test::engines())));
    Ordering ordering(fixture);
    const Services services{ordering.config, fixture.services.catalog, fixture.services.blobs};
    Certificates node(services, at_once);
    auto put = [&](base::Milliseconds renew_at) {
        std::string record = R"({"chain":"C","key":"K","renew_at":)" + std::to_string(renew_at) + "}";
        fixture.services.catalog.transact([&](db::Connection& c) {
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
    CHECK_THROWS_AS(node.renew_if_due(), base::Error);  // due: it asks the authority, which does not answer
    CHECK(node.current()->chain == "C");

    ordering.write_secret("another");
    CHECK_THROWS_AS(Certificates(services, at_once).current(), base::Error);
    ordering.write_secret("one");
    ordering.config.edge.acme.names.emplace_back("more.example.org");
    CHECK(!node.current());  // other names: another certificate
}

TEST_CASE("an order that a stopping node cancelled delays no other node", "[acme]") {
    test::AppFixture fixture(GENERATE(from_range(test::engines())));
    Ordering ordering(fixture);
    const Services services{ordering.config, fixture.services.catalog, fixture.services.blobs};
    Issuer issuer(ordering.folder);
    bool stops = false;
    auto pause = [&](std::chrono::milliseconds) { return !stops; };
    Certificates stopping(services, pause, issuer.asked([&] {
        stops = true;
        throw base::Error(base::Code::unavailable, "acme: the order was given up");
    }));
    CHECK_THROWS_AS(stopping.renew_if_due(), base::Error);
    Certificates next(services, at_once, issuer.asked());
    CHECK(next.renew_if_due());
    CHECK(issuer.orders == 2);
}

TEST_CASE("a certificate that could not be stored is stored later, without another order", "[acme]") {
    test::AppFixture fixture(GENERATE(from_range(test::engines())));
    Ordering ordering(fixture);
    const Services services{ordering.config, fixture.services.catalog, fixture.services.blobs};
    Issuer issuer(ordering.folder);
    std::optional<NoRecords> outage;
    std::optional<Certificates> node(std::in_place, services, at_once, issuer.asked([&] { outage.emplace(fixture); }));
    CHECK_THROWS_AS(node->renew_if_due(), base::Error);
    CHECK_THROWS_AS(node->renew_if_due(), base::Error);
    CHECK(issuer.orders == 1);
    const std::string kept = kept_certificate_file(ordering.config);
    CHECK(std::filesystem::exists(kept));

    SECTION("by the process that ordered it") {}
    SECTION("after a restart") { node.emplace(services, at_once, issuer.asked()); }
    outage.reset();
    CHECK(node->renew_if_due());
    CHECK(issuer.orders == 1);
    CHECK(node->current());
    CHECK(!std::filesystem::exists(kept));
    CHECK(!node->renew_if_due());
}

TEST_CASE("a certificate kept for later is dropped when another node has ordered a newer one", "[acme]") {
    test::AppFixture fixture(GENERATE(from_range(test::engines())));
    Ordering ordering(fixture);
    const Services services{ordering.config, fixture.services.catalog, fixture.services.blobs};
    Issuer issuer(ordering.folder);
    std::optional<NoRecords> outage;
    Certificates node(services, at_once, issuer.asked([&] { outage.emplace(fixture); }));
    CHECK_THROWS_AS(node.renew_if_due(), base::Error);
    outage.reset();
    config::Config elsewhere = ordering.config;
    elsewhere.node.data_dir = ordering.folder / "elsewhere";
    std::filesystem::create_directories(certificates_folder(elsewhere));
    const Services others{elsewhere, fixture.services.catalog, fixture.services.blobs};
    Certificates other(others, at_once, issuer.asked());
    CHECK(other.renew_if_due());
    const std::string chain = other.current()->chain;
    CHECK(!node.renew_if_due());
    CHECK(node.current()->chain == chain);
    CHECK(!std::filesystem::exists(kept_certificate_file(ordering.config)));
    CHECK(issuer.orders == 2);
}

TEST_CASE("records of another secret are reported, cause no order, and are removed on demand", "[acme]") {
    test::AppFixture fixture(GENERATE(from_range(test::engines())));
    Ordering ordering(fixture);
    const Services services{ordering.config, fixture.services.catalog, fixture.services.blobs};
    Issuer issuer(ordering.folder);
    CHECK(Certificates(services, at_once, issuer.asked()).renew_if_due());
    const bool has_certificate = GENERATE(true, false);
    if (!has_certificate)
        fixture.catalog.execute({"test.remove", "DELETE FROM acme_secrets WHERE name LIKE 'certificate%'"});
    ordering.write_secret("another");
    Certificates node(services, at_once, issuer.asked());
    const auto why = node.why_closed();
    REQUIRE(why);
    CHECK(why->find("sealed by another secret") != std::string::npos);
    CHECK_THROWS_AS(node.renew_if_due(), base::Error);
    CHECK_THROWS_AS(node.renew_if_due(), base::Error);
    CHECK(issuer.orders == 1);

    const auto forget = [&](const std::string& secret, bool both) {
        return fixture.services.catalog.transact([&](db::Connection& connection) {
            return CertificateRecords(connection, ordering.config.edge.acme, secret).forget(both).size();
        });
    };
    CHECK(forget("one", false) == 0);  // it opens them
    CHECK(forget("another", false) == (has_certificate ? 2 : 1));
    CHECK(!node.why_closed());
    CHECK(node.renew_if_due());
    CHECK(issuer.orders == 2);
    CHECK(forget("another", true) == 2);
}

TEST_CASE("a node whose clock is far ahead orders once, not at every check", "[acme]") {
    test::AppFixture fixture(GENERATE(from_range(test::engines())));
    Ordering ordering(fixture);
    const Services services{ordering.config, fixture.services.catalog, fixture.services.blobs};
    Issuer issuer(ordering.folder);
    Certificates node(services, at_once, [&](const acme::Key&, const acme::Key&, acme::ChallengeBoard&) {
        return issuer.issue(-300, -210);
    });
    CHECK(node.renew_if_due());
    CHECK(!node.renew_if_due());
    CHECK(!Certificates(services, at_once, issuer.asked()).renew_if_due());
    CHECK(issuer.orders == 1);
}

TEST_CASE("a certificate is due after two thirds of its time, whatever the clock was when it was ordered", "[acme]") {
    constexpr base::Milliseconds kDay = 86'400'000;
    struct {
        const char* what;
        base::Milliseconds renew, ordered, again, now;
        bool due;
    } const cases[] = {
        {"fresh", 60, 0, 60, 1, false},
        {"after two thirds", 60, 0, 60, 61, true},
        {"ordered by a clock that is a year ahead", 60, 365, 425, 366, false},
        {"the same after two thirds", 60, 365, 425, 426, true},
        {"the clock was set right", 60, 365, 425, 2, false},
        {"the clock was set right, after two thirds", 60, 365, 425, 61, true},
        {"of a former version", 60, 0, 0, 61, true},
    };
    for (const auto& one : cases) {
        CAPTURE(one.what);
        const IssuedCertificate certificate{"", "", one.renew * kDay, one.ordered * kDay, one.again * kDay};
        CHECK(is_due(certificate, one.now * kDay) == one.due);
    }
}

}  // namespace bodega::app
