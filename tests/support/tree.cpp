#include "support/tree.h"

#include "app/names/name.h"
#include "base/error.h"
#include "store/tree/entries.h"
#include "store/tree/space_lock.h"

namespace bodega::test {
namespace {

constexpr db::Sql kInsertUser{"test.insert_user",
                              "INSERT INTO users (id, username, username_key, role, password_hash, created_at) "
                              "VALUES (?, ?, ?, 'member', '', 1)"};
constexpr db::Sql kInsertSpace{"test.insert_space",
                               "INSERT INTO spaces (id, name, kind, root_id, quota_bytes, created_at) "
                               "VALUES (?, ?, 'team', ?, ?, 1)"};
constexpr db::Sql kInsertMember{"test.insert_member",
                                "INSERT INTO members (space_id, user_id, role) VALUES (?, ?, 'manager')"};
constexpr db::Sql kRootOf{"test.root_of", "SELECT root_id FROM spaces WHERE id = ?"};
constexpr db::Sql kInsertBlob{"test.insert_blob",
                              "INSERT INTO blobs (id, size, sha256, created_at) VALUES (?, ?, ?, 1)"};
constexpr db::Sql kUsed{"test.used", "SELECT used_bytes FROM spaces WHERE id = ?"};

// Each query finds inconsistent rows.
constexpr db::Sql kCounts{"test.counts",
                          "SELECT COUNT(*) FROM entries f WHERE f.kind = 0 AND f.child_count <> "
                          "(SELECT COUNT(*) FROM entries c WHERE c.parent_id = f.id)"};
constexpr db::Sql kSums{"test.sums",
                        "SELECT COUNT(*) FROM spaces s WHERE s.used_bytes <> "
                        "(SELECT COALESCE(SUM(e.size), 0) FROM entries e WHERE e.space_id = s.id) + "
                        "(SELECT COALESCE(SUM(v.size), 0) FROM versions v JOIN entries o ON o.id = v.entry_id "
                        "WHERE o.space_id = s.id)"};
constexpr db::Sql kSpaces{"test.spaces",
                          "SELECT COUNT(*) FROM entries c JOIN entries p ON p.id = c.parent_id "
                          "WHERE p.space_id <> c.space_id OR p.kind <> 0"};
constexpr db::Sql kMarks{"test.marks",
                         "SELECT COUNT(*) FROM entries c JOIN entries p ON p.id = c.parent_id "
                         "WHERE COALESCE(p.trash_id, p.space_id) <> COALESCE(c.trash_id, c.space_id)"};
constexpr db::Sql kParents{"test.parents",
                           "SELECT COUNT(*) FROM entries c LEFT JOIN entries p ON p.id = c.parent_id "
                           "WHERE c.parent_id IS NOT NULL AND p.id IS NULL"};
constexpr db::Sql kVersions{"test.versions",
                            "SELECT COUNT(*) FROM versions v LEFT JOIN entries e ON e.id = v.entry_id "
                            "WHERE e.id IS NULL OR v.version >= e.version"};
constexpr db::Sql kBlobs{"test.blobs",
                         "SELECT COUNT(*) FROM blobs b WHERE b.released_at IS NULL AND NOT EXISTS "
                         "(SELECT 1 FROM entries e WHERE e.blob_id = b.id) AND NOT EXISTS "
                         "(SELECT 1 FROM versions v WHERE v.blob_id = b.id)"};

store::Content new_content(std::int64_t size, std::string_view mime) {
    store::Content out{base::Ulid::make(), size, std::string(mime), {}};
    out.sha256[0] = static_cast<std::uint8_t>(size & 0xff);
    return out;
}

}  // namespace

Tree::Tree(TestCatalog& c) : catalog(c), user(make_user("ana")), space(make_space("Team")), root(root_of(space)) {}

base::Ulid Tree::make_user(std::string_view username) {
    const auto id = base::Ulid::make();
    catalog.execute(kInsertUser, {id, username, username});
    return id;
}

base::Ulid Tree::make_space(std::string_view name, std::optional<std::int64_t> quota) {
    const auto id = base::Ulid::make();
    const auto top = base::Ulid::make();
    catalog.execute(kInsertSpace, {id, name, top, quota});
    catalog.execute(kInsertMember, {id, user});
    catalog.pool().transact([&](db::Connection& connection) {
        store::Entries(connection)
            .insert({.id = top,
                     .space_id = id,
                     .parent_id = {},
                     .kind = store::EntryKind::folder,
                     .name = "",
                     .name_key = "",
                     .content = {},
                     .now = 1,
                     .user_id = user});
    });
    return id;
}

base::Ulid Tree::root_of(const base::Ulid& space_id) {
    auto connection = catalog.pool().acquire();
    auto& row = connection->query(kRootOf, {space_id});
    const auto id = row.next() ? row.ulid(0) : base::Ulid{};
    row.reset();
    return id;
}

base::Ulid Tree::add(const base::Ulid& parent, std::string_view name, const std::optional<store::Content>& content) {
    const auto id = base::Ulid::make();
    catalog.pool().transact([&](db::Connection& connection) {
        store::Entries entries(connection);
        const auto into = entries.lock_folder(parent);
        if (content) connection.execute(kInsertBlob, {content->blob_id, content->size, db::Blob{content->sha256}});
        const auto outcome = entries.insert({.id = id,
                                             .space_id = into.space_id,
                                             .parent_id = parent,
                                             .kind = content ? store::EntryKind::file : store::EntryKind::folder,
                                             .name = std::string(name),
                                             .name_key = app::name_key(name),
                                             .content = content,
                                             .now = base::now_ms(),
                                             .user_id = user});
        if (outcome == db::Outcome::duplicate) throw base::Error(base::Code::name_taken, "taken");
    });
    return id;
}

base::Ulid Tree::folder(const base::Ulid& parent, std::string_view name) { return add(parent, name, std::nullopt); }

base::Ulid Tree::file(const base::Ulid& parent, std::string_view name, std::int64_t size, std::string_view mime) {
    return add(parent, name, new_content(size, mime));
}

store::Content Tree::content(std::int64_t size, std::string_view mime) {
    store::Content out = new_content(size, mime);
    catalog.execute(kInsertBlob, {out.blob_id, size, db::Blob{out.sha256}});
    return out;
}

store::Entry Tree::entry(const base::Ulid& id) { return store::Entries(*catalog.pool().acquire()).find(id).value(); }

bool Tree::is_gone(const base::Ulid& id) { return !store::Entries(*catalog.pool().acquire()).find(id); }

std::int64_t Tree::used(const base::Ulid& space_id) { return catalog.number(kUsed, {space_id}); }

std::string Tree::audit_accounts() {
    std::string wrong;
    for (const auto& check : {kCounts, kSums, kSpaces, kMarks, kParents, kVersions, kBlobs}) {
        if (const auto rows = catalog.number(check))
            wrong.append(check.name).append(": ").append(std::to_string(rows) + " ");
    }
    return wrong;
}

}  // namespace bodega::test
