// Checks that the catalog and the shared directory agree: the size and SHA-256 of every blob, rows without files, files
// without rows, and the recorded usage of each space. May run while servers run.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/services.h"
#include "base/mutex.h"
#include "base/ulid.h"
#include "store/tree/blobs.h"

namespace bodega::app {

struct Finding {
    enum class Kind : std::uint8_t {
        missing,      // a blob's row without a file, so that its entries can't be read
        damaged,      // a file whose size or SHA-256 differs from its row
        unreadable,   // a file that the disk can't read
        dangling,     // an entry or version whose blob has no row
        unreachable,  // an entry in a cycle of folders or in a folder that does not exist
        orphan,       // a file without a row, which uses space but does no harm
        strange,      // a file name in the shared directory that bodega does not use
        drift,        // a space whose recorded usage differs from its content
    };
    Kind kind = Kind::missing;
    // For a person: the entry's name and id, the blob's id or the path, and the problem.
    std::string what;
    bool repaired = false;

    // True for findings that mean lost data. The other findings are wasted space or wrong numbers.
    bool is_loss() const noexcept { return kind <= Kind::unreachable; }
};

std::string_view finding_name(Finding::Kind kind) noexcept;

struct FsckReport {
    std::int64_t blobs = 0;  // number of blobs that were checked
    std::int64_t bytes = 0;
    std::vector<Finding> findings;  // at most kMaxFindings, data losses first
    bool more = false;              // true if there were more than kMaxFindings

    bool is_clean() const noexcept { return findings.empty(); }
    static constexpr std::size_t kMaxFindings = 10'000;
};

class Fsck {
public:
    struct Options {
        // True to remove orphans that are older than any transaction, and to correct drifts. Nothing else is repaired.
        bool repair = false;
        bool quick = false;  // true to check only sizes, without reading the bytes
        int threads = 4;     // number of threads that read and hash
        // The run ends early when this becomes true. Outlives the run.
        const std::atomic<bool>* stop = nullptr;
    };
    // Only one thread at a time calls it.
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

    base::Mutex mutex_;
    FsckReport report_ GUARDED_BY(mutex_);
};

}  // namespace bodega::app
