// Opens an installation: its configuration, its catalog and its blobs.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "app/fleet/folder_binding.h"
#include "app/services.h"
#include "base/mutex.h"
#include "blobs/guarded_files.h"
#include "blobs/timed_file_ops.h"
#include "config/config.h"

namespace bodega::server {

// Returns the configured catalog, or SQLite in data_dir if none is configured.
db::Source catalog_source(const config::Config& config);

// Describes where the catalog is, for a person: a file's absolute path, or "bodega on db.internal".
std::string catalog_place(const db::Source& source);

// Returns the path of the shared folder, which holds the files' bytes.
std::string shared_dir(const config::Config& config);

// Brings the schema up to date; returns the applied versions.
std::vector<int> migrate_catalog(const config::Config& config);

// Opens only the catalog, for a machine that may have neither the data folder nor the shared directory. Throws
// Error{config_invalid} if the catalog is missing or its schema is older than this binary's, Error{unavailable} if it
// can't be reached.
std::unique_ptr<db::Pool> open_catalog(const config::Config& config);

// An open installation. Must outlive everything that is made from services().
class Backend {
public:
    // What to do if the installation does not exist yet. make: create it, for serve, import and similar commands.
    // refuse: throw, for commands that only read.
    enum class Absent : std::uint8_t { make, refuse };

    // Throws Error{config_invalid} if the installation does not exist (refuse), if the schema is older than this
    // binary's, or if the shared folder belongs to another catalog; Error{unavailable} if the catalog can't be reached.
    Backend(config::Config config, Absent absent);
    Backend(const Backend&) = delete;
    Backend& operator=(const Backend&) = delete;

    const config::Config& config() const noexcept { return config_; }
    // Whether the constructor created the catalog.
    bool made_catalog() const noexcept { return made_catalog_; }
    const app::Services& services() const noexcept { return services_; }
    // Call in a serving process, before it serves. `writers` must outlive all uses of services().
    void set_writers(app::Writers& writers) noexcept { services_.writers = &writers; }

    app::FolderBinding& binding() noexcept { return binding_; }
    blobs::FreeSpace& free_space() noexcept { return free_space_; }
    // File operations on the shared directory that ignore forbid_changes() and the reserved free space.
    blobs::FileOps& files() const noexcept { return files_ ? *files_ : blobs::FileOps::kernel(); }

    // While `why` is set, this process creates, moves and removes nothing in the shared directory, and this node is not
    // ready. `why` is a sentence for a person. Thread-safe.
    void forbid_changes(std::optional<std::string> why);
    std::optional<std::string> why_forbidden() const;

    // Whether the shared directory responds; logs each change. Waits a few seconds at most. Thread-safe.
    bool shared_answers() const;

private:
    bool made_catalog_ = false;  // declared before config_, whose initializer sets it
    const config::Config config_;
    const std::unique_ptr<blobs::TimedFileOps> files_;  // null on a local disk
    blobs::FreeSpace free_space_;
    blobs::GuardedFiles guarded_;  // file operations of blobs_; the folder's marker files are written without it
    db::Pool catalog_;
    app::FolderBinding binding_;
    blobs::Store blobs_;
    app::Services services_;
    mutable std::atomic<bool> answered_{true};
    mutable base::Mutex mutex_;
    std::optional<std::string> why_forbidden_ GUARDED_BY(mutex_);
};

}  // namespace bodega::server
