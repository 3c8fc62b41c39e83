#include "app/tree/versions.h"

#include "app/auth/audit.h"
#include "app/tree/granted_lock.h"
#include "base/error.h"
#include "store/tree/blob_references.h"
#include "store/tree/entries.h"
#include "store/tree/space_lock.h"
#include "store/tree/versions.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

void require_file(const store::Entry& entry) {
    if (entry.is_folder()) throw Error(Code::conflict, "A folder has no versions; the files in it do.");
}

Error no_version() { return {Code::not_found, "That version does not exist (any more)."}; }

std::string detail_of(std::int64_t number) { return "{\"version\":" + std::to_string(number) + "}"; }

store::Version current_version(const store::Entry& file) {
    return {file.version,
            {file.blob_id.value(), file.size, file.mime, file.sha256.value(), file.modified_at},
            file.uploaded_at.value_or(file.modified_at),
            file.modified_at,
            file.modified_by};
}

}  // namespace

std::vector<store::Version> list_versions(const Services& services, const Grant& grant) {
    require_file(grant.entry);
    std::vector<store::Version> out{current_version(grant.entry)};
    const auto former = services.catalog.read(
        [&](db::Connection& connection) { return store::Versions(connection).list(grant.entry.id); });
    for (const auto& version : former) {
        // If the file was written since the grant was made, the grant's version is also in `former`. `out` has it
        // already, so it is skipped, like newer versions.
        if (version.number < grant.entry.version) out.push_back(version);
    }
    return out;
}

store::Version find_version(const Services& services, const Grant& grant, std::int64_t number) {
    require_file(grant.entry);
    if (number == grant.entry.version) return current_version(grant.entry);
    const auto found = services.catalog.read(
        [&](db::Connection& connection) { return store::Versions(connection).find(grant.entry.id, number); });
    if (!found) throw no_version();
    return *found;
}

store::Entry restore_version(const Services& services, const Grant& grant, std::int64_t number) {
    grant.require(store::SpaceRole::editor);
    require_file(grant.entry);
    auto work = [&](db::Connection& connection) {
        store::Entries entries(connection);
        store::Entry file = lock_granted(connection, grant);
        if (number == file.version) return file;
        store::Versions versions(connection);
        auto former = versions.find(file.id, number);
        if (!former) throw no_version();
        // Credits the bytes of the former content, since it only changes places with the current one: the space's usage
        // stays the same.
        const std::int64_t credit = versions.take(file.id, number);
        former->content.mime = file.mime;
        entries.replace_content(file, former->content, grant.actor.user_id, connection.now_ms(),
                                services.config.files.versions_keep, credit);
        if (!store::retain_blob(connection, former->content.blob_id)) throw no_version();
        record(connection, grant.actor, "version.restore", file.name, file.id, detail_of(number));
        return entries.find(file.id).value();
    };
    // After a lost answer to COMMIT, the restore was committed if version `number` is no longer a former version.
    const auto happened = [&](db::Connection& connection) {
        return !store::Versions(connection).find(grant.entry.id, number);
    };
    return services.catalog.transact(work, happened);
}

void delete_version(const Services& services, const Grant& grant, std::int64_t number) {
    grant.require(store::SpaceRole::editor);
    require_file(grant.entry);
    auto work = [&](db::Connection& connection) {
        const store::Entry file = lock_granted(connection, grant);
        if (number == file.version)
            throw Error(Code::conflict,
                        "That is the file's current content. Delete the file, or restore another first.");
        store::Versions versions(connection);
        if (!versions.find(file.id, number)) throw no_version();
        store::charge_space(connection, file.space_id, -versions.remove(file.id, number));
        record(connection, grant.actor, "version.delete", file.name, file.id, detail_of(number));
    };
    const auto happened = [&](db::Connection& connection) {
        return !store::Versions(connection).find(grant.entry.id, number);
    };
    services.catalog.transact(work, happened);
}

}  // namespace bodega::app
