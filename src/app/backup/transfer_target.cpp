#include "app/backup/transfer_target.h"

#include <filesystem>
#include <optional>
#include <system_error>

#include "base/error.h"
#include "db/foreign_tables.h"
#include "db/migrate.h"
#include "db/schema.h"
#include "store/backup/table_rows.h"
#include "store/backup/transfers.h"

namespace bodega::app {
namespace {

std::optional<std::string> source_in(db::Connection& connection) {
    if (!db::tables_in(connection).contains(std::string(store::kTransfersTable))) return std::nullopt;
    return store::Transfers(connection).source();
}

void require_same_source(const std::string& begun, const std::string& source) {
    if (begun == source) return;
    throw base::Error(base::Code::conflict, "the target holds an unfinished transfer from " + begun + ", not from " +
                                                source + ": continue that one, or empty the database");
}

// Checks only tables that exist, since a new target or an older catalog may not have all tables.
void require_no_rows(db::Connection& connection, const db::Source& target, int schema) {
    const bool is_file = target.dialect == db::Dialect::sqlite;
    const auto there = db::tables_in(connection);
    for (const db::Table& table : db::schema_tables(schema)) {
        if (!there.contains(table.name) || store::TableReader(connection, table).is_empty()) continue;
        throw base::Error(base::Code::conflict,
                          "the target " + (is_file ? target.path + " " : std::string()) + "is not empty: its table " +
                              table.name + " has rows. Nothing was changed. " +
                              (is_file ? "Stop the server and move that file's folder away, or name another target "
                                         "(restore: --node-data-dir)"
                                       : "Take an empty database: one in which no bodega was ever served"));
    }
}

}  // namespace

void make_transfer_target(const db::Source& target, const std::string& source, int schema) {
    const auto connection = db::connect(target);
    db::require_no_foreign_tables(*connection);
    if (const auto begun = source_in(*connection)) {
        require_same_source(*begun, source);
    } else {
        require_no_rows(*connection, target, schema);
        db::migrate_first(*connection, store::kTransfersMigration, [&] {
            // If another process has begun a transfer meanwhile, keeps that one. If it has another source,
            // Transfer::begin() throws later.
            if (source_in(*connection)) return;
            require_no_rows(*connection, target, schema);
            store::Transfers(*connection).begin(store::kTransfersTable, source);
        });
    }
    db::migrate_to(target, schema);
}

void require_transfer_target(const db::Source& target, const std::string& source, int schema) {
    std::error_code error;
    if (target.dialect == db::Dialect::sqlite && !std::filesystem::exists(target.path, error)) return;
    const auto connection = db::connect(target);
    db::require_no_foreign_tables(*connection);
    if (const auto begun = source_in(*connection)) return require_same_source(*begun, source);
    require_no_rows(*connection, target, db::newest_schema());
    if (db::schema_version(*connection) <= schema) return;
    throw base::Error(
        base::Code::conflict,
        "the target's schema is newer than the source's: take a database without any tables, in which the "
        "source's own schema is created and then migrated");
}

}  // namespace bodega::app
