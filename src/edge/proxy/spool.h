// Stores request bodies that are too large for memory in unnamed files on a local disk, until an upstream gets them.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>

#include "base/fd.h"
#include "base/mutex.h"

namespace bodega::edge {

// The folder of the spooled bodies, and the limit on their bytes. A client may never use more bytes than are free, so a
// single client gets at most half of the limit. Thread-safe.
class Spool {
public:
    // Applies the settings. dir: the folder; if empty, $TMPDIR, or /var/tmp, or /tmp. max: the limit in bytes for all
    // files together.
    void follow(const std::string& dir, std::int64_t max);

    // Throws Error{config_invalid}, which names the folder, if no file can be created in it or if it is on a network
    // file system.
    void check() const;

    std::string dir() const;
    std::int64_t max() const noexcept { return max_.load(std::memory_order_relaxed); }
    std::int64_t max_per_client() const noexcept { return max() / 2; }
    std::uint64_t used() const noexcept { return static_cast<std::uint64_t>(used_.load(std::memory_order_relaxed)); }
    std::uint64_t refusals() const noexcept { return refusals_.load(std::memory_order_relaxed); }

private:
    friend class SpoolFile;
    // Reserves bytes for a client. client: its key, see client_key.h. Returns false if the spool has no room for the
    // bytes. May throw std::bad_alloc.
    bool take(std::uint64_t client, std::int64_t bytes);
    void give(std::uint64_t client, std::int64_t bytes) noexcept;

    mutable base::Mutex mutex_;
    std::string dir_ GUARDED_BY(mutex_);
    // the bytes that each client has in the spool, by the client's key
    std::unordered_map<std::uint64_t, std::int64_t> clients_ GUARDED_BY(mutex_);
    std::atomic<std::int64_t> max_ = 0;
    std::atomic<std::int64_t> used_ = 0;
    std::atomic<std::uint64_t> refusals_ = 0;
};

// The file of one body; the file is deleted with its SpoolFile. Owned by a request and by the file pool thread that
// works for it; only one of the two uses it at a time. Requires: the spool outlives the SpoolFile.
class SpoolFile {
public:
    // client: the key of the client that sends the body, see client_key.h.
    SpoolFile(Spool& spool, std::uint64_t client) noexcept : spool_(spool), client_(client) {}
    ~SpoolFile() { spool_.give(client_, size_); }
    SpoolFile(const SpoolFile&) = delete;
    SpoolFile& operator=(const SpoolFile&) = delete;

    // Reserves room for `bytes` more bytes. Returns false if the spool has no room. May throw std::bad_alloc.
    bool reserve(std::size_t bytes);
    // Appends bytes for which room was reserved. May block on the disk. The first call opens the file. Returns 0 or an
    // errno.
    int append(std::span<const char> bytes) noexcept;

    int fd() const noexcept { return fd_.get(); }
    std::uint64_t size() const noexcept { return static_cast<std::uint64_t>(size_); }
    std::string dir() const { return spool_.dir(); }

private:
    Spool& spool_;
    const std::uint64_t client_;
    base::Fd fd_;
    std::int64_t size_ = 0;     // reserved bytes
    std::int64_t written_ = 0;  // written bytes
};

}  // namespace bodega::edge
