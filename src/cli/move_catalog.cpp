#include <filesystem>
#include <system_error>

#include "app/backup/catalog_move.h"
#include "base/encoding.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/progress.h"
#include "config/read.h"
#include "db/migrate.h"
#include "db/schema.h"
#include "server/backend.h"

namespace bodega::cli {
namespace {

using base::Code;
using base::Error;

constexpr Option kOptions[] = {
    {"--from", "URL", "the catalog to move, in the form of database.url: sqlite:PATH"},
    {"--to", "URL", "the empty target database: mysql://USER@HOST:PORT/NAME"},
    {"--from-password-file", "FILE", "file that holds the source's password, if it differs from the target's"},
};

std::string url_of(const Invocation& invocation, std::string_view option) {
    auto url = invocation.value(option);
    if (!url) throw Error(Code::config_invalid, "move-catalog: " + std::string(option) + " is missing; see --help");
    return *url;
}

// The settings of `database.` apply to both catalogs; only the address differs.
db::Source source_at(config::Config config, const std::string& url) {
    config.database.url = url;
    return server::catalog_source(config);
}

void require_file(const db::Source& source) {
    std::error_code error;
    if (source.dialect != db::Dialect::sqlite || std::filesystem::exists(source.path, error)) return;
    throw Error(Code::config_invalid, "move-catalog: there is no catalog in " + source.path);
}

// Throws if both URLs lead to the same catalog, which would look like a move that has already finished.
void refuse_same(const db::Source& from, const db::Source& to) {
    std::error_code error;
    const bool same =
        from.dialect == to.dialect &&
        (from.dialect == db::Dialect::sqlite ? std::filesystem::equivalent(from.path, to.path, error)
                                             : from.host == to.host && from.port == to.port && from.name == to.name);
    if (same) throw Error(Code::config_invalid, "move-catalog: --from and --to are the same catalog");
}

void refuse_newer(const db::Source& to) {
    if (db::schema_version(*db::connect(to)) > db::newest_schema()) {
        throw Error(Code::config_invalid, "move-catalog: the target belongs to a newer bodega: run that version");
    }
}

void report(const std::vector<app::TableSum>& sums, const std::string& to) {
    std::int64_t rows = 0;
    for (const app::TableSum& sum : sums) {
        rows += sum.rows;
        say(sum.table + ": " + std::to_string(sum.rows) + (sum.rows == 1 ? " row, " : " rows, ") +
            base::hex(sum.digest));
    }
    say("moved " + std::to_string(rows) + " rows of " + std::to_string(sums.size()) + " tables to " + to +
        "; counts and digests are equal on both sides.\n"
        "Next: set database.url to it and, in a fleet, node.shared_dir to the shared folder with a copy of "
        "bodega.json,\n"
        "generation/, blobs/ and incoming/; then start bodega serve. The source is unchanged: do not serve it any "
        "more.");
}

int run_move(const Invocation& invocation) {
    const config::Config config = invocation.config();
    const std::string from_url = url_of(invocation, "--from"), to_url = url_of(invocation, "--to");
    db::Source from = source_at(config, from_url);
    if (auto file = invocation.value("--from-password-file")) {
        from.password = config::read_secret(*file, "--from-password-file");
        from.renewed = nullptr;
    }
    const db::Source to = source_at(config, to_url);
    require_file(from);
    refuse_same(from, to);
    refuse_newer(to);
    db::Pool pool(to, {.size = 2, .wait = config.database.pool_wait});
    std::vector<app::TableSum> sums;
    {
        Progress copying("move", -1), checking("check", -1);
        sums = app::CatalogMove(from, from_url, pool, [&](const app::CatalogMove::Work& work) {
                   (work.checking ? checking : copying).set_items("row", work.rows, work.all_rows, work.bytes);
               }).run();
    }
    report(sums, to_url);
    return kDone;
}

}  // namespace

const Command& move_catalog_command() {
    static constexpr Command command{
        "move-catalog",
        "",
        "move the catalog to another database, from SQLite to MySQL or back",
        "Copies every row of every table into an empty database, then reads both databases again and compares\n"
        "counts and digests. Stop bodega serve first: the move is refused while a node serves the source, and\n"
        "writers to a SQLite file are locked out until the move is complete. A killed move continues when it is run\n"
        "again; no node serves the target until the move is complete. The target's password is database.password\n"
        "(DB_PASSWORD, DB_PASSWORD_FILE). The files' bytes are not touched: copy bodega.json, generation/, blobs/\n"
        "and incoming/ to the shared folder, or keep node.data_dir where it is.",
        kOptions,
        0,
        0,
        true,
        run_move};
    return command;
}

}  // namespace bodega::cli
