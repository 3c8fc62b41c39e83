// Tracks what a file system has only in memory: bytes and names that were not synced yet. lose() discards them, as a
// power cut may. POSIX promises no more; a disk often keeps more.
#pragma once

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>

namespace bodega::test {

// Thread-safe. Knows only the calls that pass through it, by path.
class VolatileFiles {
public:
    void created(const std::string& path) {
        std::lock_guard lock(mutex_);
        created_.insert(path);
        synced_size_[path] = 0;
    }
    void written(int fd, off_t synced_before) {
        std::lock_guard lock(mutex_);
        synced_size_.try_emplace(path_of(fd), synced_before);
    }
    void synced(int fd) {
        std::lock_guard lock(mutex_);
        synced_size_.erase(path_of(fd));
    }
    void renamed(const std::string& from, const std::string& to) {
        std::lock_guard lock(mutex_);
        renamed_[to] = from;
        if (auto dirty = synced_size_.extract(from)) {
            dirty.key() = to;
            synced_size_.insert(std::move(dirty));
        }
    }
    void folder_synced(int fd) {
        std::lock_guard lock(mutex_);
        std::string folder = path_of(fd);
        auto inside = [&](const std::string& path) { return std::filesystem::path(path).parent_path() == folder; };
        std::erase_if(created_, inside);
        std::erase_if(renamed_, [&](const auto& move) {
            if (inside(move.first)) created_.erase(move.second);
            return inside(move.first);
        });
    }

    void lose() {
        std::lock_guard lock(mutex_);
        for (const auto& [path, size] : synced_size_)
            if (std::filesystem::exists(path)) std::filesystem::resize_file(path, static_cast<std::uintmax_t>(size));
        for (const auto& [to, from] : renamed_) std::rename(to.c_str(), from.c_str());
        for (const std::string& path : created_) ::unlink(path.c_str());
    }

private:
    static std::string path_of(int fd) {
        char target[PATH_MAX];
        ssize_t n = ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), target, sizeof target);
        return n > 0 ? std::string(target, static_cast<std::size_t>(n)) : std::string();
    }

    std::mutex mutex_;
    std::set<std::string> created_;               // names that are not synced; all protected by mutex_
    std::map<std::string, std::string> renamed_;  // to → from
    std::map<std::string, off_t> synced_size_;    // of files with bytes beyond it
};

}  // namespace bodega::test
