// Syncs the write-ahead log of a SQLite catalog, one sync for all commits that wait at the same time.
//
// A connection commits with "PRAGMA synchronous = NORMAL": it writes the log but does not sync it. The first thread
// that waits syncs the log for all commits made so far, and threads that arrive meanwhile wait for the next sync. The
// log has the commits in order, so a commit that builds on another one is never on the disk without it. SQLite itself
// syncs the log's header and, in a checkpoint, first the log and then the database.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/fd.h"
#include "base/mutex.h"
#include "db/pending_sync.h"

namespace bodega::db {

class GroupSync final : public CommitLog {
public:
    // path: of the log. The log may not exist yet.
    explicit GroupSync(std::string path);

    // Returns the number of a commit. Requires: the caller has committed and still holds the file's write mutex.
    std::uint64_t committed() noexcept { return ++committed_; }

    // After a failed sync the kernel may drop what it could not write, and a later sync would not report that. So once
    // a sync has failed, every later call throws too, until the process has ended and SQLite has recovered the log.
    void wait_for(std::uint64_t number) override;

    std::uint64_t syncs() const;  // the number of syncs so far

private:
    int sync() noexcept EXCLUDES(mutex_);
    bool open_log() noexcept;

    const std::string path_;
    std::atomic<std::uint64_t> committed_{0};
    base::Fd log_;  // used only by the thread that syncs

    mutable base::Mutex mutex_;
    base::Condition synced_to_more_;
    bool syncing_ GUARDED_BY(mutex_) = false;
    std::uint64_t synced_ GUARDED_BY(mutex_) = 0;  // this commit and all before it are on the disk
    std::uint64_t syncs_ GUARDED_BY(mutex_) = 0;
    int error_ GUARDED_BY(mutex_) = 0;  // errno of the first sync that failed
};

}  // namespace bodega::db
