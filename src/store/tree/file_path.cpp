#include "store/tree/file_path.h"

#include "store/tree/entries.h"

namespace bodega::store {
namespace {

constexpr db::Sql kNames{"file_path.names",
                         "SELECT s.name, e.name, e.trash_id IS NOT NULL FROM entries e "
                         "JOIN spaces s ON s.id = e.space_id WHERE e.id = ?"};

}  // namespace

std::string file_path(db::Connection& connection, const base::Ulid& entry) {
    auto& row = connection.query(kNames, {entry});
    if (!row.next()) return {};
    std::string path(row.text(0));
    const std::string name(row.text(1));
    const bool trashed = row.int64(2) != 0;
    row.reset();
    for (const PathStep& step : Entries(connection).path(entry))
        if (!step.name.empty()) path.append("/").append(step.name);
    path.append("/").append(name);
    return trashed ? path.append(" (in the trash)") : path;
}

}  // namespace bodega::store
