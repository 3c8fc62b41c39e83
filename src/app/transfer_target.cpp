#include "app/transfer_target.h"

#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "db/migrate.h"
#include "db/schema.h"
#include "store/table_rows.h"
#include "store/transfers.h"

namespace bodega::app {
namespace {

bool is_marked(db::Connection& connection) {
    return db::tables_in(connection).contains(std::string(store::kTransfersTable)) &&
           store::Transfers(connection).source();
}

// Of the tables that are there: a target's are not all made yet, an older catalog has fewer.
void require_no_rows(db::Connection& connection, int schema) {
    const auto there = db::tables_in(connection);
    for (const db::Table& table : db::schema_tables(schema)) {
        if (!there.contains(table.name) || store::TableReader(connection, table).is_empty()) continue;
        throw base::Error(base::Code::conflict,
                          "the target is not empty: its table " + table.name +
                              " has rows. Take an empty database: one in which no bodega was ever served");
    }
}

}  // namespace

void make_transfer_target(const db::Source& target, const std::string& source, int schema) {
    const auto connection = db::connect(target);
    if (!is_marked(*connection)) {
        require_no_rows(*connection, schema);
        db::migrate_first(*connection, store::kTransfersMigration, [&] {
            if (is_marked(*connection)) return;  // another process was faster; Transfer::begin() compares the source
            require_no_rows(*connection, schema);
            store::Transfers(*connection).begin(store::kTransfersTable, source);
        });
    }
    db::migrate_to(target, schema);
}

void require_transfer_target(const db::Source& target) {
    std::error_code error;
    if (target.dialect == db::Dialect::sqlite && !std::filesystem::exists(target.path, error)) return;
    const auto connection = db::connect(target);
    if (!is_marked(*connection)) require_no_rows(*connection, db::newest_schema());
}

}  // namespace bodega::app
