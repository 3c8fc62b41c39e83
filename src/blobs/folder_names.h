// Folders that were created but whose names may not be on the disk, because their first sync failed.
#pragma once

#include <set>
#include <string>

#include "base/mutex.h"

namespace bodega::blobs {

// Thread-safe.
class FolderNames {
public:
    void add(const std::string& path) {
        const base::MutexLock lock(mutex_);
        paths_.insert(path);
    }
    void remove(const std::string& path) {
        const base::MutexLock lock(mutex_);
        paths_.erase(path);
    }
    bool has(const std::string& path) const {
        const base::MutexLock lock(mutex_);
        return paths_.contains(path);
    }

private:
    mutable base::Mutex mutex_;
    std::set<std::string> paths_ GUARDED_BY(mutex_);  // at most the number of folders below blobs/
};

}  // namespace bodega::blobs
