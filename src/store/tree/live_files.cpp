#include "store/tree/live_files.h"

namespace bodega::store {
namespace {

constexpr db::Sql kSum{"live_files.sum",
                       "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS SIGNED) FROM entries "
                       "WHERE space_id = ? AND kind = 1 AND trash_id IS NULL"};

}  // namespace

LiveFiles live_files(db::Connection& connection, const base::Ulid& space_id) {
    auto& row = connection.query(kSum, {space_id});
    LiveFiles sum;
    if (row.next()) sum = {row.int64(0), row.int64(1)};
    row.reset();
    return sum;
}

}  // namespace bodega::store
