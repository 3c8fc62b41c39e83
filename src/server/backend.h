// A bodega opened for work: its configuration, its catalog and its blobs.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/fleet/folder_binding.h"
#include "app/services.h"
#include "blobs/guarded_files.h"
#include "blobs/timed_file_ops.h"
#include "config/config.h"

namespace bodega::cli {

// Where the configuration has the catalog; SQLite in data_dir if it names none.
db::Source catalog_source(const config::Config& config);

// Where it is, for a person: a file's full path, or "bodega on db.internal".
std::string catalog_place(const db::Source& source);

// The folder of the files' bytes.
std::string shared_dir(const config::Config& config);

// Brings the schema up.
std::vector<int> migrate_catalog(const config::Config& config);

// The catalog alone, for a machine that may have neither the data nor the shared directory. Throws
// Error{config_invalid} if it is absent, or its schema is older than this binary's; Error{unavailable} if it can't be
// reached.
std::unique_ptr<db::Pool> open_catalog(const config::Config& config);

// Everything here outlives what is made from services().
class Storehouse {
public:
    // What to do where no bodega is yet: serve, import and the like make one; what only looks at one refuses.
    enum class Absent : std::uint8_t { make, refuse };

    // Throws Error{config_invalid} if it is absent (refuse), the schema is older than this binary's, or the shared
    // folder is not the catalog's; Error{unavailable} if the catalog can't be reached.
    Storehouse(config::Config config, Absent absent);
    Storehouse(const Storehouse&) = delete;
    Storehouse& operator=(const Storehouse&) = delete;

    const config::Config& config() const noexcept { return config_; }
    const app::Services& services() const noexcept { return services_; }
    // For a process that serves, before it does; they outlive all use of services().
    void set_writers(app::Writers& writers) noexcept { services_.writers = &writers; }

    app::FolderBinding& binding() noexcept { return binding_; }
    blobs::Room& room() noexcept { return room_; }
    // The shared directory's, beyond what forbid_changes() and the reserve hold back.
    blobs::FileOps& files() const noexcept { return files_ ? *files_ : blobs::FileOps::kernel(); }

    // While `why` is set (a sentence for a person), nothing in the shared directory is made, moved or removed, and this
    // node is not ready. Thread-safe.
    void forbid_changes(std::optional<std::string> why);
    std::optional<std::string> why_forbidden() const;

    // Whether the shared directory answers; the log has a line whenever that is another than before. Waits for it a few
    // seconds at most. Thread-safe.
    bool shared_answers() const;

private:
    const config::Config config_;
    const std::unique_ptr<blobs::PatientFiles> files_;  // null on a local disk
    blobs::Room room_;
    blobs::GuardedFiles guarded_;  // the blobs' alone: the folder's marks are beyond it
    db::Pool catalog_;
    app::FolderBinding binding_;
    blobs::Store blobs_;
    app::Services services_;
    mutable std::atomic<bool> answered_{true};
    mutable std::mutex mutex_;
    std::optional<std::string> why_forbidden_;  // protected by mutex_
};

}  // namespace bodega::cli
