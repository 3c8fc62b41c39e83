// Folders that were created but whose names may not be on the disk, because their first sync failed.
#pragma once

#include <mutex>
#include <set>
#include <string>

namespace bodega::blobs {

// Thread-safe.
class FolderNames {
public:
    void add(const std::string& path) {
        std::lock_guard lock(mutex_);
        paths_.insert(path);
    }
    void remove(const std::string& path) {
        std::lock_guard lock(mutex_);
        paths_.erase(path);
    }
    bool has(const std::string& path) const {
        std::lock_guard lock(mutex_);
        return paths_.contains(path);
    }

private:
    mutable std::mutex mutex_;
    std::set<std::string> paths_;  // protected by mutex_; at most the number of folders below blobs/
};

}  // namespace bodega::blobs
