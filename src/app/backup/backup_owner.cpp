#include "app/backup/backup_owner.h"

#include <algorithm>

#include "app/backup/snapshot.h"
#include "base/error.h"
#include "base/log.h"
#include "store/auth/users.h"
#include "store/fleet/binding.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;
using base::Ulid;

constexpr std::size_t kMaxAccounts = 100;  // the most accounts of a snapshot that are looked up

std::vector<Ulid> accounts_in(SnapshotReader& snapshot) {
    std::vector<Ulid> accounts;
    SnapshotReader::Visitor visitor;
    visitor.row = [&](const db::Table& table, const store::Row& row) {
        if (table.name != "users" || accounts.size() == kMaxAccounts) return;
        const store::Row key = store::key_of(row, table);
        if (const auto id = Ulid::from_bytes(std::get<std::string>(key.front()))) accounts.push_back(*id);
    };
    snapshot.visit(visitor);
    return accounts;
}

bool is_taken_by(db::Pool& catalog, const Ulid& id, blobs::FileOps& files, const std::string& path) {
    try {
        SnapshotReader snapshot(files, path);
        if (snapshot.head().catalog) return snapshot.head().catalog == id;
        const std::vector<Ulid> accounts = accounts_in(snapshot);
        return catalog.read([&](db::Connection& connection) {
            store::Users users(connection);
            return std::ranges::any_of(accounts, [&](const Ulid& one) { return users.find(one).has_value(); });
        });
    } catch (const Error& error) {
        // A snapshot that can't be read does not prove that the folder is this catalog's.
        if (error.code() != Code::checksum_mismatch && error.code() != Code::config_invalid) throw;
        base::log::warn("backup", "could not read a snapshot", {{"file", path}, {"error", error.what()}});
        return false;
    }
}

}  // namespace

blobs::BackupFolder::Writer backup_writer(db::Pool& catalog, bool adopts, blobs::FileOps& files) {
    const auto binding = catalog.read([](db::Connection& connection) { return store::Bindings(connection).find(); });
    if (!binding) throw Error(Code::internal, "the catalog has no id: it is not bound to a shared folder");
    const Ulid id = binding->catalog_id;
    return {id, adopts,
            [&catalog, id, &files](const std::string& path) { return is_taken_by(catalog, id, files, path); }};
}

}  // namespace bodega::app
