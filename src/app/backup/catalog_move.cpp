#include "app/backup/catalog_move.h"

#include <algorithm>

#include "app/backup/transfer_target.h"
#include "app/fleet/nodes.h"
#include "base/error.h"
#include "db/failure.h"
#include "db/migrate.h"
#include "store/backup/table_rows.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

std::vector<db::Table> moved_tables() {
    std::vector<db::Table> tables = db::schema_tables();
    std::erase_if(tables, [](const db::Table& table) { return table.name == store::kTransfersTable; });
    return tables;
}

void refuse_served(db::Connection& source) {
    for (const store::Node& node : nodes_in(source)) {
        if (!is_up(node)) continue;
        throw Error(Code::conflict, "the node " + node.name +
                                        " serves the source: stop it first (one that was killed counts as gone " +
                                        std::to_string(Nodes::kLostAfter.count()) + " s after its last heartbeat)");
    }
}

// Throws if the source's columns differ from those that this binary knows, since the move would lose data.
void refuse_other_columns(db::Connection& source, const std::vector<db::Table>& tables) {
    auto found = db::tables_in(source);
    for (const db::Table& table : tables) {
        std::set<std::string> known;
        for (const db::Column& column : table.columns) known.insert(column.name);
        if (found[table.name] != known) {
            throw Error(Code::conflict, "the source's table " + table.name + " has other columns than this binary's");
        }
    }
}

}  // namespace

CatalogMove::CatalogMove(const db::Source& from, std::string source_name, db::Pool& to, Progress progress)
    : from_(from), to_(to), transfer_(to, moved_tables(), std::move(source_name)), progress_(std::move(progress)) {}

std::vector<TableSum> CatalogMove::run() {
    const auto source = db::connect(from_);
    check_schema(*source);
    refuse_served(*source);
    lock(*source);
    refuse_served(*source);
    make_transfer_target(to_.source(), transfer_.source(), db::newest_schema());
    transfer_.begin();
    count(*source);
    for (const db::Table& table : transfer_.tables()) copy(*source, table);
    work_ = {.checking = true, .rows = 0, .all_rows = 2 * work_.all_rows, .bytes = 0};
    const RowsDone done = [this](std::int64_t rows, std::int64_t bytes) { add(rows, bytes); };
    std::vector<TableSum> sums;
    for (const db::Table& table : transfer_.tables()) sums.push_back(sum_of(*source, table, done));
    // Checks again that no node serves the source. Uses a new connection, since the snapshot of `source` does not show
    // nodes that started after it was taken.
    if (source->dialect() == db::Dialect::mysql) refuse_served(*db::connect(from_));
    transfer_.end(sums, done);
    return sums;
}

void CatalogMove::check_schema(db::Connection& source) const {
    const int version = db::schema_version(source), own = db::newest_schema();
    if (version > own)
        throw Error(Code::conflict, "the source has the schema of a newer bodega: move it with that version");
    if (version < own) {
        throw Error(Code::conflict, "the source's schema is version " + std::to_string(version) +
                                        " and this binary's " + std::to_string(own) +
                                        ": bring it up first, with bodega migrate and database.url set to the source");
    }
    refuse_other_columns(source, transfer_.tables());
    store::refuse_unfinished_transfer(source);
}

void CatalogMove::lock(db::Connection& source) const {
    if (source.dialect() == db::Dialect::mysql) return source.begin_snapshot();
    try {
        source.begin();
    } catch (const db::Failure& failure) {
        if (failure.kind() != db::Failure::Kind::again) throw;
        throw Error(Code::conflict,
                    "another process writes to the source and keeps it locked: stop that process first");
    }
}

void CatalogMove::count(db::Connection& source) {
    for (const db::Table& table : transfer_.tables()) work_.all_rows += store::TableReader(source, table).count();
    progress_(work_);
}

void CatalogMove::copy(db::Connection& source, const db::Table& table) {
    const store::Transfers::Position position = transfer_.position(table);
    store::TableReader reader(source, table);
    const std::vector<db::Column> key = store::key_columns(table);
    std::optional<store::Row> after;
    if (position.rows > 0) {
        after = store::row_of(position.last_key, key);
        if (!after)
            throw Error(Code::conflict, "the target's record of the move's progress can't be read: empty the target");
    }
    add(position.rows, 0);
    for (;;) {
        const std::vector<store::Row> page = reader.page(after ? &*after : nullptr, kRowPage);
        if (page.empty()) return;
        transfer_.append(table, page);
        std::int64_t bytes = 0;
        for (const store::Row& row : page)
            bytes += static_cast<std::int64_t>(store::bytes_of(row, table.columns).size());
        after = store::key_of(page.back(), table);
        add(static_cast<std::int64_t>(page.size()), bytes);
    }
}

void CatalogMove::add(std::int64_t rows, std::int64_t bytes) {
    work_.rows += rows;
    work_.bytes += bytes;
    progress_(work_);
}

}  // namespace bodega::app
