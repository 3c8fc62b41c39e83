// Where bodies for upstreams wait that are too large for memory: files of a local disk that have no name.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>

#include "base/fd.h"

namespace bodega::edge {

// The folder, and how many bytes there may be in it. One client may have as many of them as stay free for the others,
// so a single client gets half. Thread-safe.
class Spool {
public:
    // dir: empty for the system's: $TMPDIR, else /var/tmp, else /tmp. most: bytes of all files together.
    void follow(const std::string& dir, std::int64_t most);

    // Throws Error{config_invalid} that names the folder if no file can be made there, or if it is on a network.
    void check() const;

    std::string dir() const;
    std::int64_t most() const noexcept { return most_.load(std::memory_order_relaxed); }
    std::int64_t most_of_a_client() const noexcept { return most() / 2; }
    std::uint64_t used() const noexcept { return static_cast<std::uint64_t>(used_.load(std::memory_order_relaxed)); }
    std::uint64_t refusals() const noexcept { return refusals_.load(std::memory_order_relaxed); }

private:
    friend class SpoolFile;
    // client: client_key.h. False: there is no room for them. May throw bad_alloc.
    bool take(std::uint64_t client, std::int64_t bytes);
    void give(std::uint64_t client, std::int64_t bytes) noexcept;

    mutable std::mutex mutex_;
    std::string dir_;                                          // protected by mutex_
    std::unordered_map<std::uint64_t, std::int64_t> clients_;  // bytes of each that has any; protected by mutex_
    std::atomic<std::int64_t> most_ = 0;
    std::atomic<std::int64_t> used_ = 0;
    std::atomic<std::uint64_t> refusals_ = 0;
};

// One body's file, gone with this object. Its owners are a request and a thread of the file pool that works for it;
// one of them uses it at a time. The spool outlives it.
class SpoolFile {
public:
    // client: for whom it is kept, as client_key.h has it.
    SpoolFile(Spool& spool, std::uint64_t client) noexcept : spool_(spool), client_(client) {}
    ~SpoolFile() { spool_.give(client_, size_); }
    SpoolFile(const SpoolFile&) = delete;
    SpoolFile& operator=(const SpoolFile&) = delete;

    // Reserves room for that many more bytes; false: the spool has no room. May throw bad_alloc.
    bool reserve(std::size_t bytes);
    // Appends what was reserved; may block on the disk. The first opens the file. 0, or errno.
    int append(std::span<const char> bytes) noexcept;

    int fd() const noexcept { return fd_.get(); }
    std::uint64_t size() const noexcept { return static_cast<std::uint64_t>(size_); }
    std::string dir() const { return spool_.dir(); }

private:
    Spool& spool_;
    const std::uint64_t client_;
    base::Fd fd_;
    std::int64_t size_ = 0;     // reserved
    std::int64_t written_ = 0;  // of it
};

}  // namespace bodega::edge
