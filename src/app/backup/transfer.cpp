#include "app/backup/transfer.h"

#include "base/error.h"
#include "store/backup/table_rows.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;
using Position = store::Transfers::Position;

}  // namespace

Transfer::Transfer(db::Pool& target, std::vector<db::Table> tables, std::string source, int schema)
    : target_(target), tables_(std::move(tables)), source_(std::move(source)), schema_(schema) {}

void Transfer::begin() {
    target_.transact([&](db::Connection& connection) {
        store::Transfers transfers(connection);
        const auto begun = transfers.source();
        if (!begun) require_empty(connection);
        else if (*begun != source_) {
            throw Error(Code::conflict, "the target holds an unfinished transfer from " + *begun + ", not from " +
                                            source_ + ": continue that one, or empty the database");
        }
        for (const db::Table& table : tables_) transfers.begin(table.name, source_);
    });
}

void Transfer::require_empty(db::Connection& connection) const {
    for (const db::Table& table : db::schema_tables(schema_)) {
        if (table.name == store::kTransfersTable || store::TableReader(connection, table).is_empty()) continue;
        throw Error(Code::conflict, "the target is not empty: its table " + table.name +
                                        " has rows. Take an empty database: one in which no bodega was ever served");
    }
}

Position Transfer::position(const db::Table& table) {
    return target_.read([&](db::Connection& connection) { return store::Transfers(connection).position(table.name); });
}

void Transfer::append(const db::Table& table, const std::vector<store::Row>& rows) {
    const std::int64_t from = position(table).rows;
    const std::vector<db::Column> key = store::key_columns(table);
    const Position to{from + static_cast<std::int64_t>(rows.size()),
                      store::bytes_of(store::key_of(rows.back(), table), key)};
    target_.transact(
        [&](db::Connection& connection) {
            if (!store::Transfers(connection).advance(table.name, from, to)) {
                throw Error(Code::conflict, "another process is inserting rows into this catalog: stop one of the two");
            }
            store::TableWriter(connection, table).insert(rows);
        },
        [&](db::Connection& connection) {
            return store::Transfers(connection).position(table.name).last_key == to.last_key;
        });
}

void Transfer::end(const std::vector<TableSum>& wanted, const RowsDone& done) {
    for (std::size_t i = 0; i < tables_.size(); ++i) compare(tables_[i], wanted.at(i), done);
    target_.transact([](db::Connection& connection) { store::Transfers(connection).end(); },
                     [](db::Connection& connection) { return !store::Transfers(connection).source(); });
}

void Transfer::compare(const db::Table& table, const TableSum& wanted, const RowsDone& done) {
    const auto connection = target_.acquire();
    const TableSum found = sum_of(*connection, table, done);
    if (found == wanted) return;
    std::string how = found.rows == wanted.rows
                          ? "rows of another digest"
                          : std::to_string(found.rows) + " rows instead of " + std::to_string(wanted.rows);
    throw Error(Code::checksum_mismatch,
                "the target's table " + table.name + " has " + how +
                    ": the source has changed since the transfer began. Empty the target database and start again");
}

}  // namespace bodega::app
