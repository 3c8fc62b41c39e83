// Checks that the catalog and the shared directory agree: every blob against its size and SHA-256, rows without files,
// files without rows, and the spaces' usage. It may run while servers run.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/services.h"
#include "base/ulid.h"
#include "store/tree/blobs.h"

namespace bodega::app {

struct Finding {
    enum class Kind : std::uint8_t {
        missing,      // a blob's row without its file: its entries can't be read
        damaged,      // a file with another size or other bytes than its row says
        unreadable,   // a file that the disk can't read
        dangling,     // an entry or version whose blob has no row
        unreachable,  // an entry that can't be reached: in a ring of folders, or in a folder that is gone
        orphan,       // a file without a row: takes space, but does no harm
        strange,      // a name in the shared directory that is not bodega's
        drift,        // a space whose recorded usage differs from what it holds
    };
    Kind kind = Kind::missing;
    std::string what;  // for a person: the entry's name and id, the blob's id or the path, and what is wrong
    bool repaired = false;

    // True for findings that mean lost data. The others only waste space or are wrong numbers.
    bool is_loss() const noexcept { return kind <= Kind::unreachable; }
};

std::string_view finding_name(Finding::Kind kind) noexcept;

struct FsckReport {
    std::int64_t blobs = 0;  // checked blobs
    std::int64_t bytes = 0;
    std::vector<Finding> findings;  // at most kMostFindings, losses first
    bool more = false;              // there were more findings

    bool is_clean() const noexcept { return findings.empty(); }
    static constexpr std::size_t kMostFindings = 10'000;
};

class Fsck {
public:
    struct Options {
        bool repair = false;  // removes orphans older than any transaction and corrects drifts; nothing else
        bool quick = false;   // checks sizes only, without reading the bytes
        int threads = 4;      // threads that read and hash
        const std::atomic<bool>* stop = nullptr;  // when it becomes true, the run ends early; outlives the run
    };
    // Called by one thread at a time.
    using Progress = std::function<void(std::int64_t bytes_done, std::int64_t bytes_total)>;

    Fsck(const Services& services, Options options, Progress progress = nullptr);

    FsckReport run();

private:
    void check_blobs();
    void check_page(const std::vector<store::BlobRow>& page);
    void check_blob(const store::BlobRow& row);
    std::optional<Finding> examine(const store::BlobRow& row);
    void check_rows();
    void check_tree();
    void check_files();
    void check_file(const base::Ulid& id, bool old, const std::string& where);
    void add(Finding finding);
    void advance(std::int64_t bytes);
    bool is_stopped() const noexcept { return options_.stop != nullptr && *options_.stop; }
    std::string describe(const base::Ulid& blob_id) const;

    const Services& services_;
    const Options options_;
    const Progress progress_;
    std::int64_t bytes_total_ = 0;

    std::mutex mutex_;
    FsckReport report_;  // protected by mutex_
};

}  // namespace bodega::app
