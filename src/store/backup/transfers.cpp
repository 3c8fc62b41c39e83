#include "store/backup/transfers.h"

#include "base/error.h"

namespace bodega::store {
namespace {

constexpr db::Sql kSource{"transfers.source", "SELECT source FROM transfers LIMIT 1"};
constexpr db::Sql kBegin{"transfers.begin", "{insert_ignore} INTO transfers (table_name, source) VALUES (?, ?)"};
constexpr db::Sql kPosition{"transfers.position", "SELECT rows_done, last_key FROM transfers WHERE table_name = ?"};
constexpr db::Sql kAdvance{"transfers.advance",
                           "UPDATE transfers SET rows_done = ?, last_key = ? WHERE table_name = ? AND rows_done = ?"};
constexpr db::Sql kEnd{"transfers.end", "DELETE FROM transfers"};

}  // namespace

std::optional<std::string> Transfers::source() {
    auto& row = connection_.query(kSource);
    if (!row.next()) return std::nullopt;
    std::string source(row.text(0));
    row.reset();
    return source;
}

void Transfers::begin(std::string_view table, std::string_view source) { connection_.execute(kBegin, {table, source}); }

Transfers::Position Transfers::position(std::string_view table) {
    auto& row = connection_.query(kPosition, {table});
    if (!row.next()) throw base::Error(base::Code::conflict, "another process has ended this transfer");
    Position position{row.int64(0), std::string(row.text(1))};
    row.reset();
    return position;
}

bool Transfers::advance(std::string_view table, std::int64_t from, const Position& to) {
    const db::Blob key{base::as_bytes(to.last_key)};
    return connection_.execute(kAdvance, {to.rows, key, table, from}).rows > 0;
}

void Transfers::end() { connection_.execute(kEnd); }

void refuse_unfinished_transfer(db::Connection& connection) {
    const auto source = Transfers(connection).source();
    if (!source) return;
    throw base::Error(base::Code::config_invalid,
                      "the catalog is not whole: the transfer from " + *source +
                          " has not ended. Run the same bodega move-catalog or restore again to continue it, or empty "
                          "the database");
}

}  // namespace bodega::store
