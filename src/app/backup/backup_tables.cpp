#include "app/backup/backup_tables.h"

#include <algorithm>
#include <array>

#include "store/tree/blobs.h"

namespace bodega::app {

std::vector<db::Table> backed_up_tables(int schema) {
    static constexpr std::array<std::string_view, 16> kLeftOut{
        "acme_challenges", "attempts",    "binding",   "binding_gaps", "creation_keys", "devices",
        "job_items",       "jobs",        "leases",    "node_drains",  "nodes",         "sessions",
        "setup_tokens",    "ticket_keys", "transfers", "uploads"};
    std::vector<db::Table> tables = db::schema_tables(schema);
    std::erase_if(tables,
                  [](const db::Table& table) { return std::ranges::find(kLeftOut, table.name) != kLeftOut.end(); });
    return tables;
}

std::string_view backed_up_rows(const db::Table& table) noexcept {
    return table.name == "blobs" ? store::kReferencedBlobs : std::string_view{};
}

}  // namespace bodega::app
