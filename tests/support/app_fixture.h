// A bodega without its servers: catalog, shared directory and a space, with the use cases that take bytes in.
#pragma once

#include <string>
#include <string_view>

#include "app/gc/garbage_collector.h"
#include "app/tree/put_file.h"
#include "app/uploads/upload_part.h"
#include "app/uploads/uploads.h"
#include "config/config.h"
#include "support/faulty_files.h"
#include "support/temp_folder.h"
#include "support/tree.h"

namespace bodega::test {

class AppFixture {
public:
    explicit AppFixture(db::Dialect engine);

    app::Grant grant(const base::Ulid& folder);
    app::Actor actor() { return {tree.user, "ana", store::Role::member, std::nullopt, {}}; }

    app::CommittedFile put(std::string_view name, std::string_view bytes, app::Precondition expected = {});
    store::Upload create(std::string_view name, std::int64_t length,
                         store::OnConflict on_conflict = store::OnConflict::replace,
                         std::optional<store::Sha256> sha256 = std::nullopt);
    app::Progress send(const base::Ulid& upload, std::int64_t offset, std::string_view bytes);

    std::string content(const base::Ulid& entry);
    std::optional<store::Entry> child(std::string_view name);

    // The inconsistencies between rows and files, or empty: rows with missing or different bytes, wrong counts.
    std::string disorder();
    // Files of incoming/ and of blobs/ that no row needs.
    int orphans();
    // Collects garbage as if everything were old: all passes, all 256 folders.
    void collect();
    void expire_uploads();
    void age_blobs();  // blobs that were released

    TempFolder folder;
    FaultyFiles files;
    config::Config config;
    TestCatalog catalog;
    Tree tree;
    blobs::Store blobs;
    app::Services services;
};

// Looks for orphans in every top folder.
void sweep_all_orphans(app::GarbageCollector& collector, const blobs::Store& store);

// `bytes` in pieces of `piece` bytes; after `break_at` of them the client leaves.
app::Source source_of(std::string_view bytes, std::size_t piece = 1 << 20, std::size_t break_at = SIZE_MAX);

// Bytes that differ by `seed`.
std::string some_bytes(std::size_t size, unsigned seed = 1);

}  // namespace bodega::test
