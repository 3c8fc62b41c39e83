#include "support/app_fixture.h"

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "blobs/digest.h"
#include "store/tree/blobs.h"
#include "store/tree/entries.h"
#include "store/uploads/uploads.h"

namespace bodega::test {
namespace {

constexpr db::Sql kWithoutBlob{"test.without_blob",
                               "SELECT COUNT(*) FROM entries e LEFT JOIN blobs b ON b.id = e.blob_id "
                               "WHERE e.kind = 1 AND (b.id IS NULL OR b.size <> e.size OR b.sha256 <> e.sha256)"};
constexpr db::Sql kVersionsWithoutBlob{"test.versions_without_blob",
                                       "SELECT COUNT(*) FROM versions v LEFT JOIN blobs b ON b.id = v.blob_id "
                                       "WHERE b.id IS NULL OR b.size <> v.size OR b.sha256 <> v.sha256"};
constexpr db::Sql kAge{"test.age_uploads", "UPDATE uploads SET expires_at = 1, lease_until = 0"};
constexpr db::Sql kEndLeases{"test.end_leases", "UPDATE leases SET expires_at = 0"};
constexpr db::Sql kRelease{"test.age_blobs", "UPDATE blobs SET released_at = 1 WHERE released_at IS NOT NULL"};

std::string read_all(const blobs::Store& store, const base::Ulid& blob_id) {
    blobs::Reader reader = store.open(blob_id);
    std::string out(static_cast<std::size_t>(reader.size()), '\0');
    std::span into(reinterpret_cast<std::uint8_t*>(out.data()), out.size());
    out.resize(reader.read_at(into, 0));
    return out;
}

// Compares a blob's row with its file.
std::string check_blob(const blobs::Store& store, const store::BlobRow& row) {
    try {
        std::string bytes = read_all(store, row.id);
        if (static_cast<std::int64_t>(bytes.size()) != row.size) return "size of " + row.id.text() + "; ";
        if (blobs::sha256(base::as_bytes(bytes)) != row.sha256) return "digest of " + row.id.text() + "; ";
        return "";
    } catch (const base::Error& e) {
        return row.id.text() + ": " + e.what() + "; ";
    }
}

}  // namespace

AppFixture::AppFixture(db::Dialect engine)
    : catalog(engine), tree(catalog), blobs(folder / "shared", files), services{config, catalog.pool(), blobs} {
    app::FolderBinding(catalog.pool(), files, blobs.root()).bind(blobs);
}

app::Grant AppFixture::grant(const base::Ulid& id) { return {actor(), tree.entry(id), store::SpaceRole::editor}; }

app::CommittedFile AppFixture::put(std::string_view name, std::string_view bytes, app::Precondition expected) {
    app::Grant root = grant(tree.root);
    return app::put_file(services, {root, std::string(name), std::move(expected), std::nullopt}, source_of(bytes));
}

store::Upload AppFixture::create(std::string_view name, std::int64_t length, store::OnConflict on_conflict,
                                 std::optional<store::Sha256> sha256) {
    app::Grant root = grant(tree.root);
    return app::create_upload(services, {root, std::string(name), length, sha256, on_conflict, ""});
}

app::Progress AppFixture::send(const base::Ulid& upload, std::int64_t offset, std::string_view bytes) {
    return app::receive_part(services, actor(), {upload, offset, std::nullopt, std::nullopt}, source_of(bytes));
}

std::string AppFixture::content(const base::Ulid& entry) { return read_all(blobs, tree.entry(entry).blob_id.value()); }

std::optional<store::Entry> AppFixture::child(std::string_view name) {
    return store::Entries(*catalog.pool().acquire()).find_child(tree.root, name);
}

std::string AppFixture::disorder() {
    std::string wrong = tree.audit_accounts();
    if (catalog.number(kWithoutBlob) > 0) wrong += "entries without a blob; ";
    if (catalog.number(kVersionsWithoutBlob) > 0) wrong += "versions without a blob; ";
    for (const store::BlobRow& row : store::Blobs(*catalog.pool().acquire()).page({}, 1000))
        wrong += check_blob(blobs, row);
    return wrong;
}

int AppFixture::orphans() {
    int found = 0;
    auto connection = catalog.pool().acquire();
    auto look = [&](const blobs::FileInfo& file) {
        bool wanted = store::Blobs(*connection).exists(file.id) || store::Uploads(*connection).has_file(file.id);
        found += wanted ? 0 : 1;
    };
    blobs.list_incoming(look);
    for (int part = 0; part < blobs::Store::kParts; ++part) blobs.list_blobs(part, look);
    return found;
}

void AppFixture::collect() {
    age_blobs();
    catalog.execute(kEndLeases);
    app::GarbageCollector collector(services, base::Ulid::make(), std::chrono::hours(-1));
    collector.pass();
    sweep_all_orphans(collector, blobs);
}

void AppFixture::age_blobs() { catalog.execute(kRelease); }

void AppFixture::expire_uploads() { catalog.execute(kAge); }

void sweep_all_orphans(app::GarbageCollector& collector, const blobs::Store& store) {
    for (const auto& folder : std::filesystem::directory_iterator(store.root() + "/blobs"))
        collector.sweep_orphans(std::stoi(folder.path().filename().string(), nullptr, 16));
}

app::Source source_of(std::string_view bytes, std::size_t piece, std::size_t break_at) {
    return [=, at = std::size_t{0}](std::span<std::uint8_t> buffer) mutable {
        if (at >= break_at) throw base::Error(base::Code::invalid, "the client is gone");
        std::size_t n = std::min({bytes.size() - at, piece, buffer.size(), break_at - at});
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), n, buffer.begin());
        at += n;
        return n;
    };
}

std::string some_bytes(std::size_t size, unsigned seed) {
    std::string out(size, '\0');
    unsigned state = seed * 2654435761U + 1;
    for (char& c : out) {
        state = state * 1664525U + 1013904223U;
        c = static_cast<char>(state >> 24);
    }
    return out;
}

}  // namespace bodega::test
