#include <algorithm>
#include <filesystem>
#include <system_error>

#include "app/doctor/check_database.h"
#include "app/doctor/check_folder.h"
#include "app/doctor/check_machine.h"
#include "app/fleet/certificate_records.h"
#include "app/fleet/folder_binding.h"
#include "app/fleet/nodes.h"
#include "base/act_as_owner.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "config/read.h"
#include "db/foreign_tables.h"
#include "db/migrate.h"
#include "db/schema.h"
#include "server/backend.h"
#include "server/machine_probe.h"
#include "store/backup/transfers.h"
#include "store/tree/blobs.h"
#include "web/api/json_text.h"

namespace bodega::cli {
namespace {

namespace fs = std::filesystem;
using app::Diagnoses;
using app::Diagnosis;
using app::Verdict;

constexpr Option kOptions[] = {
    {"--json", "", "print JSON, for programs"},
};
// Time limit for a check of a folder: a network folder hangs if its server is down.
constexpr std::chrono::seconds kAnswer{5};

std::string_view name_of(Verdict verdict) {
    return verdict == Verdict::ok ? "ok" : verdict == Verdict::warn ? "warn" : "fail";
}

app::CatalogProbe probe_catalog(const db::Source& source) {
    app::CatalogProbe facts;
    const auto connection = db::connect(source);
    facts.server = db::probe_server(*connection);
    // A failed write may break the connection, so the trials use a separate connection.
    facts.trials = db::try_server(*db::connect(source));
    facts.schema = db::schema_version(*connection);
    facts.newest_schema = db::newest_schema();
    try {
        db::require_no_foreign_tables(*connection);
    } catch (const base::Error& error) {
        facts.foreign = error.what();
    }
    if (facts.schema < facts.newest_schema) return facts;
    for (const store::Node& node : app::nodes_in(*connection)) {
        if (app::is_up(node)) ++facts.nodes;
    }
    try {
        store::refuse_unfinished_transfer(*connection);
    } catch (const base::Error& error) {
        facts.unfinished = error.what();
    }
    return facts;
}

Diagnoses examine_database(const config::Config& config) {
    constexpr std::string_view kCheck = "database.reach";
    const db::Source source = server::catalog_source(config);
    std::error_code error;
    if (source.dialect == db::Dialect::sqlite && !fs::exists(source.path, error)) {
        return {{kCheck, Verdict::warn, "there is no catalog in " + source.path + " yet", "bodega serve creates it"}};
    }
    try {
        return app::check_database(probe_catalog(source), source, config.database);
    } catch (const base::Error& failure) {
        return {{kCheck, Verdict::fail, failure.what(),
                 "check its address (" + server::catalog_place(source) + "), its firewall and its account"}};
    }
}

Diagnoses examine_folder(const config::Config& config) {
    constexpr std::string_view kCheck = "folder.reach";
    const std::string path = server::shared_dir(config);
    const blobs::Probe probe([path] {
        std::error_code error;
        static_cast<void>(fs::status(path, error));
        return true;
    });
    if (!probe.answers(kAnswer)) {
        return {{kCheck, Verdict::fail, path + " does not answer", "check the mount and its server"}};
    }
    std::error_code error;
    if (!fs::is_directory(path, error)) {
        const bool named = !config.node.shared_dir.empty();
        return {{kCheck, named ? Verdict::fail : Verdict::warn, path + " does not exist",
                 named ? "mount it, or set node.shared_dir" : "bodega serve creates it"}};
    }
    try {
        const bool is_fleet = server::catalog_source(config).dialect == db::Dialect::mysql;
        const blobs::FolderProbe facts = blobs::look_at(blobs::Store(path));
        Diagnoses all = app::check_folder(facts, is_fleet);
        if (facts.all_bytes > 0) all.push_back(app::check_reserve(facts, config.files.reserve));
        return all;
    } catch (const base::Error& failure) {
        return {{kCheck, Verdict::fail, failure.what(), "give it to the user that bodega runs as"}};
    }
}

// Checks that the shared folder belongs to the catalog.
Diagnoses examine_binding(const config::Config& config) {
    using State = app::FolderBinding::State;
    constexpr std::string_view kCheck = "folder.catalog";
    db::Pool pool(server::catalog_source(config), {.size = 1, .wait = config.database.pool_wait});
    if (db::schema_version(*pool.acquire()) < db::newest_schema()) return {};
    const std::string shared = server::shared_dir(config);
    const app::FolderBinding binding(pool, blobs::FileOps::kernel(), shared);
    try {
        const State state = binding.state();
        if (state == State::unbound) binding.require_fitting(blobs::Store::read_only(shared));
        const Verdict verdict = state == State::ours || state == State::unbound ? Verdict::ok : Verdict::fail;
        const std::string what = "the folder " + std::string(app::state_text(state));
        return {{kCheck, verdict, what, verdict == Verdict::ok ? "" : std::string(app::state_advice(state))}};
    } catch (const base::Error& failure) {
        return {{kCheck, Verdict::fail, failure.what(), ""}};
    }
}

// Checks access with the rights of the folder's owner. The doctor may run as root, which has access to everything, but
// the service may not.
Diagnosis examine_access(const std::string& shared, const std::vector<store::BlobRow>& newest) {
    std::vector<base::Ulid> ids;
    ids.reserve(newest.size());
    for (const store::BlobRow& row : newest) ids.push_back(row.id);
    const base::ActAsOwner owner(shared + "/incoming");
    blobs::FileOps& files = blobs::FileOps::kernel();
    return app::check_access(blobs::find_obstacle(files, shared, ids), blobs::find_foreign(files, shared));
}

// Checks that this machine sees the files that other nodes wrote.
Diagnoses examine_files(const config::Config& config) {
    constexpr int kSampleSize = 20;
    const auto connection = db::connect(server::catalog_source(config));
    if (db::schema_version(*connection) != db::newest_schema()) return {};
    const blobs::Store store(server::shared_dir(config));
    const std::vector<store::BlobRow> newest = store::Blobs(*connection).newest(kSampleSize);
    app::NewestFiles files;
    for (const store::BlobRow& row : newest) {
        const bool there = store.size_of(row.id) == row.size;
        // The file is not missing if its row was deleted after newest() had read it.
        if (!there && !store::Blobs(*connection).exists(row.id)) continue;
        ++files.known;
        if (!there) ++files.missing;
    }
    return {app::check_newest(files), examine_access(store.root(), newest)};
}

// Checks that this node's secret decrypts the fleet's certificate in the catalog.
Diagnoses examine_acme(const config::Config& config) {
    constexpr std::string_view kCheck = "edge.acme";
    const config::Acme& settings = config.edge.acme;
    if (settings.names.empty() || config.edge.listen.empty()) return {};
    try {
        const std::string secret = config::read_key(settings.secret_file, "edge.acme.secret_file");
        const auto connection = db::connect(server::catalog_source(config));
        if (db::schema_version(*connection) < db::newest_schema()) return {};
        const app::CertificateRecords records(*connection, settings, secret);
        if (const auto why = records.why_closed()) {
            return {{kCheck, Verdict::fail, *why,
                     "give this machine the fleet's secret; if that is lost, run bodega acme forget"}};
        }
        const auto known = records.certificate();
        return {{kCheck, Verdict::ok,
                 known ? "the fleet's certificate is renewed on " + base::rfc3339(known->renew_at)
                       : "there is no certificate of the fleet yet; a node orders it",
                 ""}};
    } catch (const base::Error& failure) {
        return {{kCheck, Verdict::fail, failure.what(), "name a file that this user can read"}};
    }
}

bool is_reached(const Diagnoses& all) {
    return std::ranges::none_of(all, [](const Diagnosis& one) { return one.check.ends_with(".reach"); });
}

void print(const Diagnoses& all) {
    int counts[3] = {};
    for (const Diagnosis& one : all) {
        ++counts[static_cast<int>(one.verdict)];
        std::string line(name_of(one.verdict));
        line.append(6 - line.size(), ' ').append(one.check);
        line.append(one.check.size() < 22 ? 22 - one.check.size() : 1, ' ').append(one.what);
        if (!one.advice.empty()) line.append("\n").append(28, ' ').append("-> ").append(one.advice);
        say(line);
    }
    say(std::to_string(counts[0]) + " ok, " + std::to_string(counts[1]) +
        (counts[1] == 1 ? " warning, " : " warnings, ") + std::to_string(counts[2]) +
        (counts[2] == 1 ? " failure" : " failures"));
}

void print_json(const Diagnoses& all, bool failed) {
    std::string out;
    web::JsonText json(out);
    json.open('{').member("verdict", failed ? "fail" : "ok").key("findings").open('[');
    for (const Diagnosis& one : all) {
        json.open('{').member("check", one.check).member("verdict", name_of(one.verdict)).member("what", one.what);
        json.member("advice", one.advice).close('}');
    }
    json.close(']').close('}');
    say(out);
}

int run_doctor(const Invocation& invocation) {
    const config::Config config = invocation.config();
    Diagnoses all = examine_database(config);
    for (Diagnosis& one : examine_folder(config)) all.push_back(std::move(one));
    if (is_reached(all)) {
        for (Diagnosis& one : examine_binding(config)) all.push_back(std::move(one));
        for (Diagnosis& one : examine_files(config)) all.push_back(std::move(one));
        for (Diagnosis& one : examine_acme(config)) all.push_back(std::move(one));
    }
    for (Diagnosis& one : app::check_machine(server::probe_machine(config), config)) all.push_back(std::move(one));
    const bool failed = std::ranges::any_of(all, [](const Diagnosis& one) { return one.verdict == Verdict::fail; });
    if (invocation.has("--json")) print_json(all, failed);
    else print(all);
    return failed ? kFailed : kDone;
}

}  // namespace

const Command& doctor_command() {
    static constexpr Command command{
        "doctor",
        "",
        "check the database, the shared folder and the machine, with advice",
        "Checks the database (version, TLS, latency, clock, connections; it tries each operation that bodega needs,\n"
        "and rolls it back), the shared folder (its mount; whether rename, fsync and locks work there and how long\n"
        "they take; free room; whether it has the newest files of all nodes) and this machine (open files, memory,\n"
        "certificates, trusted proxies, kernel TLS). It changes nothing except small files of its own in incoming/,\n"
        "which it removes, and may run beside a running server. Exit code 1 if a check fails.",
        kOptions,
        0,
        0,
        true,
        run_doctor};
    return command;
}

}  // namespace bodega::cli
