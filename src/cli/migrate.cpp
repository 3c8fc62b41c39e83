#include "db/migrate.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "server/backend.h"
#include "server/data_dir.h"

namespace bodega::cli {
namespace {

int run_migrate(const Invocation& invocation) {
    config::Config config = invocation.config();
    server::make_data_dir(config);
    const db::Source source = server::catalog_source(config);
    const bool is_new = db::schema_version(*db::connect(source)) == 0;
    std::vector<int> applied = server::migrate_catalog(config);
    if (is_new) complain("there was no catalog, so a new one was created: " + server::catalog_place(source));
    int version = db::schema_version(*db::connect(source));
    if (applied.empty()) say("the catalog's schema is up to date: version " + std::to_string(version));
    else say("the catalog's schema is now version " + std::to_string(version));
    return kDone;
}

}  // namespace

const Command& migrate_command() {
    static constexpr Command command{
        "migrate",
        "",
        "bring the catalog's schema up to this version",
        "Applies the migrations that the catalog lacks, under a lock that other nodes wait for. bodega serve does\n"
        "the same when it starts. Run it before a rolling upgrade to apply them once, beside the running version.",
        {},
        0,
        0,
        true,
        run_migrate};
    return command;
}

}  // namespace bodega::cli
