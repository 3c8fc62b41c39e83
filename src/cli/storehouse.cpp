#include "cli/storehouse.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "cli/data_dir.h"
#include "db/migrate.h"
#include "db/schema.h"
#include "store/transfers.h"

namespace bodega::cli {
namespace {

bool is_sqlite(const db::Source& source) { return source.dialect == db::Dialect::sqlite; }

void require_catalog(const config::Config& config) {
    require_data_dir(config);
    db::Source source = catalog_source(config);
    std::error_code error;
    if (!is_sqlite(source) || std::filesystem::exists(source.path, error)) return;
    throw base::Error(
        base::Code::config_invalid,
        "there is no catalog in " + source.path + ": run this where bodega serve was started, or set node.data_dir");
}

// A command beside a running server changes no schema behind its back, but may make the first one.
void settle_schema(const config::Config& config, Storehouse::Absent absent) {
    db::Source source = catalog_source(config);
    const auto connection = db::connect(source);
    int version = db::schema_version(*connection);
    if (version == 0 && absent == Storehouse::Absent::make) {
        migrate_catalog(config);
    } else if (version < db::newest_schema()) {
        throw base::Error(base::Code::config_invalid,
                          "the catalog's schema is version " + std::to_string(version) + " and this binary needs " +
                              std::to_string(db::newest_schema()) + ": run bodega migrate, or start bodega serve");
    }
    store::refuse_unfinished_transfer(*connection);
}

// In the order in which a failure leaves nothing half-made: the folder, the catalog, then the blobs' folders.
config::Config opened(config::Config config, Storehouse::Absent absent) {
    if (absent == Storehouse::Absent::make) make_data_dir(config);
    else require_catalog(config);
    settle_schema(config, absent);
    return config;
}

db::Pool::Options pool_options(const config::Database& database) {
    return {.size = database.pool_size, .wait = database.pool_wait};
}

}  // namespace

db::Source catalog_source(const config::Config& config) {
    const config::Database& database = config.database;
    std::string url = database.url.empty() ? "sqlite:" + config.node.data_dir + "/bodega.db" : database.url;
    db::Source source = db::Source::parse(url);
    source.password = database.password;
    source.ssl_ca = database.ssl_ca;
    source.connect_timeout = database.connect_timeout;
    source.query_timeout = database.query_timeout;
    return source;
}

std::string shared_dir(const config::Config& config) {
    return config.node.shared_dir.empty() ? config.node.data_dir : config.node.shared_dir;
}

std::vector<int> migrate_catalog(const config::Config& config) { return db::migrate(catalog_source(config)); }

Storehouse::Storehouse(config::Config config, Absent absent)
    : config_(opened(std::move(config), absent)),
      blobs_(shared_dir(config_)),
      catalog_(catalog_source(config_), pool_options(config_.database)),
      services_{config_, catalog_, blobs_} {}

}  // namespace bodega::cli
