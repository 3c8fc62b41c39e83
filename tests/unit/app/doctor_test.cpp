// The findings of bodega doctor: each is provoked by probe results.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <tuple>

#include "app/doctor/check_database.h"
#include "app/doctor/check_folder.h"
#include "app/doctor/check_machine.h"
#include "app/doctor/check_time.h"

using namespace bodega;
using namespace std::chrono_literals;
using app::Diagnoses;
using app::Verdict;

namespace {

// The worst of a check's findings; each finding that is not ok has advice.
Verdict verdict(const Diagnoses& all, std::string_view check) {
    std::optional<Verdict> worst;
    for (const app::Diagnosis& one : all) {
        INFO(one.check << ": " << one.what);
        CHECK((one.verdict == Verdict::ok) == one.advice.empty());
        if (one.check == check) worst = std::max(worst.value_or(Verdict::ok), one.verdict);
    }
    REQUIRE(worst);
    return *worst;
}

bool is_well(const Diagnoses& all) {
    return std::ranges::all_of(all, [](const app::Diagnosis& one) { return one.verdict == Verdict::ok; });
}

struct Database {
    Database() {
        facts.server.dialect = db::Dialect::mysql;
        facts.server.version = "10.11.6-MariaDB-deb12";
        facts.server.cipher = "TLS_AES_256_GCM_SHA384";
        facts.server.max_connections = 500;
        facts.server.times = app::Times(40, 700us);
        facts.schema = facts.newest_schema = 4;
        facts.nodes = 10;
        source.dialect = db::Dialect::mysql;
        source.host = "db.internal";
        source.ssl_ca = "/ca.pem";
    }
    Diagnoses judged() const { return app::check_database(facts, source, settings); }
    Verdict of(std::string_view check) const { return verdict(judged(), check); }

    app::CatalogProbe facts;
    db::Source source;
    config::Database settings;
};

struct Folder {
    Folder() {
        facts.mount = {
            "/mnt/efs", "nfs4", "fs-1.efs.eu-west-1.amazonaws.com:/", {"rw", "hard", "noresvport", "vers=4.1"}};
        facts.free_bytes = 50, facts.all_bytes = 100;
        facts.sync = facts.rename = facts.open = app::Times(24, 4ms);
    }
    Diagnoses judged() const { return app::check_folder(facts, is_fleet); }
    Verdict of(std::string_view check) const { return verdict(judged(), check); }
    Verdict mounted(std::vector<std::string> options) {
        facts.mount.options = std::move(options);
        return of("folder.mount");
    }

    blobs::FolderProbe facts;
    bool is_fleet = true;
};

struct Machine {
    Machine() {
        facts.file_limit = 1 << 20;
        facts.connections = config.edge.max_connections;
        facts.memory = std::int64_t{8} << 30;
        facts.now = kNow;
    }
    Diagnoses judged() const { return app::check_machine(facts, config); }
    Verdict of(std::string_view check) const { return verdict(judged(), check); }
    Verdict with_certificate(std::int64_t days) {
        facts.certificates = {{"a.pem", "", kNow + days * 24 * 3600 * 1000 + 1000}};
        return of("edge.certificate");
    }

    static constexpr base::Milliseconds kNow = 1'700'000'000'000;
    app::MachineProbe facts;
    config::Config config;
};

}  // namespace

TEST_CASE("doctor: a healthy installation has no warnings", "[doctor]") {
    CHECK(is_well(Database().judged()));
    CHECK(is_well(Folder().judged()));
    CHECK(is_well(Machine().judged()));
}

TEST_CASE("doctor: the newest files of all nodes", "[doctor]") {
    CHECK(app::check_newest({0, 0}).verdict == Verdict::ok);
    CHECK(app::check_newest({20, 0}).verdict == Verdict::ok);
    CHECK(app::check_newest({20, 1}).what == "1 of the catalog's 20 newest files are not there, or cut");
    CHECK(app::check_newest({20, 1}).verdict == Verdict::fail);
    CHECK(app::check_newest({3, 3}).advice.starts_with("this is not the folder"));
}

TEST_CASE("doctor: the database's version", "[doctor]") {
    Database database;
    const auto judge = [&](std::string text) {
        database.facts.server.version = std::move(text);
        return database.of("database.version");
    };
    CHECK(judge("8.0.36") == Verdict::ok);
    CHECK(judge("8.4.2") == Verdict::ok);
    CHECK(judge("11.4.3-MariaDB") == Verdict::ok);
    CHECK(judge("10.5.23-MariaDB-log") == Verdict::warn);
    CHECK(judge("10.4.1-MariaDB") == Verdict::fail);
    CHECK(judge("5.7.44-log") == Verdict::fail);
    database.facts.server.dialect = db::Dialect::sqlite;
    CHECK(judge("3.40.1") == Verdict::ok);
}

TEST_CASE("doctor: a refusal by the database is reported with the database's message", "[doctor]") {
    using Of = db::Trial::Of;
    for (const auto& [of, check] : {std::pair{Of::functions, "database.functions"},
                                    {Of::lock, "database.lock"},
                                    {Of::writing, "database.writing"}}) {
        Database database;
        database.facts.trials = {{Of::functions, ""}, {Of::lock, ""}, {Of::writing, ""}};
        CHECK(is_well(database.judged()));
        database.facts.trials.at(static_cast<std::size_t>(of)).error = "a write: refused (1142)";
        CHECK(database.of(check) == Verdict::fail);
        for (const app::Diagnosis& one : database.judged()) {
            CHECK((one.verdict == Verdict::ok) == (one.check != check));
            if (one.check == check) CHECK(one.what == "a write: refused (1142)");
        }
    }
}

TEST_CASE("doctor: the database's TLS", "[doctor]") {
    Database database;
    database.source.ssl_ca = "";
    CHECK(database.of("database.tls") == Verdict::warn);
    database.facts.server.cipher = "";
    CHECK(database.of("database.tls") == Verdict::fail);
    for (const char* host : {"127.0.0.1", "localhost", "::1", "/run/mysqld/mysqld.sock"}) {
        database.source.host = host;
        CHECK(database.of("database.tls") == Verdict::ok);
    }
}

TEST_CASE("doctor: the database's round trip, clock, connections and state", "[doctor]") {
    Database database;
    database.facts.server.times = app::Times(40, 8ms);
    CHECK(database.of("database.latency") == Verdict::warn);
    database.facts.server.times = app::Times(40, 80ms);
    CHECK(database.of("database.latency") == Verdict::fail);
    for (const base::Milliseconds sign : {-1, 1}) {
        database.facts.server.ahead = sign * 5000;
        CHECK(database.of("database.clock") == Verdict::warn);
        database.facts.server.ahead = sign * 300'000;
        CHECK(database.of("database.clock") == Verdict::fail);
    }
    database.facts.server.max_connections = 200;
    CHECK(database.of("database.connections") == Verdict::warn);
    database.facts.server.max_connections = 151;
    CHECK(database.of("database.connections") == Verdict::fail);
    database.facts.server.read_only = true;
    CHECK(database.of("database.writing") == Verdict::fail);
    for (const int schema : {0, 3, 5}) {
        database.facts.schema = schema;
        CHECK(database.of("database.schema") == Verdict::warn);
    }
    database.facts.unfinished = "a move has not ended";
    CHECK(database.of("database.schema") == Verdict::fail);
    database.facts.unfinished.clear();
    database.facts.schema = 0;
    database.facts.foreign = "the database has tables of another program: users";
    CHECK(database.of("database.schema") == Verdict::fail);
}

TEST_CASE("doctor: how the folder is mounted", "[doctor]") {
    Folder folder;
    CHECK(folder.mounted({"rw", "soft", "noresvport", "vers=4.1"}) == Verdict::fail);
    CHECK(folder.mounted({"rw", "hard", "nocto", "noresvport", "vers=4.1"}) == Verdict::fail);
    CHECK(folder.mounted({"ro", "hard", "noresvport", "vers=4.1"}) == Verdict::fail);
    CHECK(folder.mounted({"rw", "hard", "noresvport", "vers=3"}) == Verdict::warn);
    CHECK(folder.mounted({"rw", "hard", "noresvport", "async", "vers=4.1"}) == Verdict::warn);
    CHECK(folder.mounted({"rw", "hard", "vers=4.1"}) == Verdict::warn);
    folder.facts.mount.source = "nas:/export";
    CHECK(folder.mounted({"rw", "hard", "vers=4.2"}) == Verdict::ok);
}

TEST_CASE("doctor: which catalog the folder belongs to", "[doctor]") {
    Folder folder;
    folder.facts.mount = {"/", "ext4", "/dev/vda1", {"rw"}};
    CHECK(folder.of("folder.file_system") == Verdict::warn);
    folder.is_fleet = false;
    CHECK(folder.of("folder.file_system") == Verdict::ok);
    folder.facts.mount.type = "tmpfs";
    CHECK(folder.of("folder.file_system") == Verdict::fail);
    folder.facts.mount.type = "fuse.s3fs";
    CHECK(folder.of("folder.file_system") == Verdict::warn);
}

TEST_CASE("doctor: the folder's free space, speed and file system behaviour", "[doctor]") {
    Folder folder;
    folder.facts.free_bytes = 5;
    CHECK(folder.of("folder.space") == Verdict::warn);
    folder.facts.free_bytes = 1;
    CHECK(folder.of("folder.space") == Verdict::fail);
    folder.facts.all_files = 100;
    folder.facts.free_files = 9;
    CHECK(folder.of("folder.inodes") == Verdict::warn);
    folder.facts.free_files = 0;
    CHECK(folder.of("folder.inodes") == Verdict::fail);
    for (auto [times, check] : {std::pair(&blobs::FolderProbe::sync, "folder.sync_latency"),
                                std::pair(&blobs::FolderProbe::rename, "folder.rename_latency"),
                                std::pair(&blobs::FolderProbe::open, "folder.open_latency")}) {
        folder.facts.*times = app::Times(24, 100ms);
        CHECK(folder.of(check) == Verdict::warn);
        folder.facts.*times = app::Times(24, 2s);
        CHECK(folder.of(check) == Verdict::fail);
    }
    folder.facts.ahead = 10'000;
    CHECK(folder.of("folder.clock") == Verdict::warn);
    folder.facts.excludes = false;
    CHECK(folder.of("folder.locks") == Verdict::warn);
    folder.facts.is_visible = false;
    CHECK(folder.of("folder.visibility") == Verdict::fail);
    folder.facts.can_replace = false;
    CHECK(folder.of("folder.rename") == Verdict::fail);
    folder.facts.failure = "could not fsync";
    CHECK(folder.of("folder.writing") == Verdict::fail);
}

TEST_CASE("doctor: the reserve that uploads leave, and the folder's permissions", "[doctor]") {
    constexpr std::int64_t kMiB = 1 << 20;
    blobs::FolderProbe facts;
    facts.all_bytes = 1000 * kMiB;
    for (const auto& [free, reserve, verdict] : {std::tuple{500, 64, Verdict::ok},
                                                 {128, 64, Verdict::ok},
                                                 {127, 64, Verdict::warn},
                                                 {63, 64, Verdict::fail},
                                                 {201, 900, Verdict::ok},
                                                 {99, 900, Verdict::fail},
                                                 {1, 0, Verdict::ok}}) {
        CAPTURE(free, reserve);
        facts.free_bytes = free * kMiB;
        CHECK(app::check_reserve(facts, reserve * kMiB).verdict == verdict);
    }
    CHECK(app::check_access(std::nullopt, {}).verdict == Verdict::ok);
    CHECK(app::check_access("can't read /shared/blobs: Permission denied", {}).verdict == Verdict::fail);
    const app::Diagnosis foreign = app::check_access(std::nullopt, {3, "/shared/blobs/ab belongs to root (uid 0)"});
    CHECK(foreign.verdict == Verdict::fail);
    CHECK(foreign.what == "3 of its folders are another account's: /shared/blobs/ab belongs to root (uid 0)");
}

TEST_CASE("doctor: the machine's limits", "[doctor]") {
    Machine machine;
    machine.facts.connections = 9000;
    CHECK(machine.of("machine.open_files") == Verdict::warn);
    machine.facts.connections = 16;
    CHECK(machine.of("machine.open_files") == Verdict::fail);
    machine.facts.memory = std::int64_t{512} << 20;
    CHECK(machine.of("machine.memory") == Verdict::warn);
    machine.facts.memory = std::int64_t{128} << 20;
    CHECK(machine.of("machine.memory") == Verdict::fail);
    machine.config.edge.tls.kernel = "auto";
    CHECK(machine.of("machine.kernel_tls") == Verdict::warn);
    machine.facts.has_kernel_tls = true;
    CHECK(machine.of("machine.kernel_tls") == Verdict::ok);
}

TEST_CASE("doctor: the spool folder for bodies to upstreams", "[doctor]") {
    Machine machine;
    CHECK(app::check_machine(machine.facts, machine.config).back().check != "edge.spool");
    machine.facts.spool = app::MachineProbe::Spool{"/var/tmp", "", std::int64_t{2} << 30};
    CHECK(machine.of("edge.spool") == Verdict::ok);
    machine.facts.spool->free = std::int64_t{1} << 29;
    CHECK(machine.of("edge.spool") == Verdict::warn);
    machine.facts.spool->failure = "edge.spool_dir: /srv/spool can't hold a file: Permission denied";
    CHECK(machine.of("edge.spool") == Verdict::fail);
}

TEST_CASE("doctor: trusted proxies, and expiring certificates", "[doctor]") {
    Machine machine;
    machine.config.edge.listen = {"http://0.0.0.0:80"};
    CHECK(machine.of("edge.proxy_trust") == Verdict::ok);
    machine.config.app.public_url = "https://files.example.org";
    CHECK(machine.of("edge.proxy_trust") == Verdict::fail);
    machine.config.edge.listen = {"http://[::]:80"};
    CHECK(machine.of("edge.proxy_trust") == Verdict::fail);
    machine.config.edge.listen = {"http://0.0.0.0 redirect=443"};
    CHECK(machine.of("edge.proxy_trust") == Verdict::fail);
    machine.config.edge.listen = {"http://127.0.0.1 proxy_protocol"};
    CHECK(machine.of("edge.proxy_trust") == Verdict::ok);
    machine.config.edge.listen = {"http://127.0.0.1:8080"};
    CHECK(machine.of("edge.proxy_trust") == Verdict::ok);
    machine.config.edge.trusted_proxies = {"10.0.0.0/16"};
    CHECK(machine.of("edge.proxy_trust") == Verdict::ok);
    machine.config.edge.trusted_proxies = {"10.0.0.0/16", "0.0.0.0/0"};
    CHECK(machine.of("edge.proxy_trust") == Verdict::fail);
    machine.config.edge.trusted_proxies = {"10.0.0.0/16"};

    CHECK(machine.with_certificate(60) == Verdict::ok);
    CHECK(machine.with_certificate(10) == Verdict::warn);
    CHECK(machine.with_certificate(2) == Verdict::fail);
    machine.facts.certificates = {{"a.pem", "", machine.facts.now + 365 * 24 * 3600 * 1000LL, true}};
    CHECK(machine.of("edge.certificate") == Verdict::warn);
    machine.facts.certificates = {{"a.pem", "a.pem has expired", 0}};
    CHECK(machine.of("edge.certificate") == Verdict::fail);
    machine.config.edge.listen = {};
    CHECK(is_well(machine.judged()));

    machine.config.app.listen = "127.0.0.1:5000";
    CHECK(machine.of("app.proxy_trust") == Verdict::warn);
    machine.config.app.proxy_secret_file = "secret";
    CHECK(machine.of("app.proxy_trust") == Verdict::ok);
    machine.config.app.proxy_secret_file = "";
    machine.config.app.listen = "/run/bodega/app.sock";
    CHECK(machine.of("app.proxy_trust") == Verdict::ok);
}

TEST_CASE("doctor: times in words", "[doctor]") {
    app::Times times;
    CHECK(app::times_text(times) == "0.00 ms (p99 0.00 ms)");
    for (int i = 1; i <= 100; ++i) times.emplace_back(i * 310);
    CHECK(app::percentile(times, 50) == 50 * 310us);
    CHECK(app::times_text(times) == "16 ms (p99 31 ms)");
    CHECK(app::duration_text(1'400'000us) == "1.4 s");
}
