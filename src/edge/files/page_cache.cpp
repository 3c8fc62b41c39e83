#include "edge/files/page_cache.h"

#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace bodega::edge {
namespace {

// The system call number of cachestat(2), which Linux has since 6.5. The headers of the build are older and do not
// define it.
constexpr long kCachestatCall = 451;
constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kSample = 64 << 10;

struct CachestatRange {
    std::uint64_t offset;
    std::uint64_t length;
};

struct Cachestat {
    std::uint64_t cached;
    std::uint64_t dirty;
    std::uint64_t writeback;
    std::uint64_t evicted;
    std::uint64_t recently_evicted;
};

std::atomic<bool> has_cachestat{true};

// Asks the kernel with cachestat(2). Returns `no` if at least one page is missing, `unknown` if the kernel can't tell.
Cached query_cachestat(int file, off_t offset, std::uint64_t count) noexcept {
    if (!has_cachestat.load(std::memory_order_relaxed)) return Cached::unknown;
    CachestatRange range{static_cast<std::uint64_t>(offset), count};
    Cachestat stat{};
    if (::syscall(kCachestatCall, file, &range, &stat, 0) != 0) {
        // EPERM: the seccomp filter of a service or container is too old to know this system call.
        if (errno == ENOSYS || errno == EPERM) has_cachestat.store(false, std::memory_order_relaxed);
        return Cached::unknown;
    }
    std::uint64_t first = range.offset / kPage;
    std::uint64_t last = (range.offset + count - 1) / kPage;
    return stat.cached >= last - first + 1 ? Cached::yes : Cached::no;
}

Cached probe_byte(int file, off_t offset) noexcept {
    char byte = 0;
    if (read_cached(file, {&byte, 1}, offset) >= 0) return Cached::yes;
    return errno == EAGAIN ? Cached::no : Cached::unknown;
}

}  // namespace

ssize_t read_cached(int file, std::span<char> out, off_t offset) noexcept {
    iovec piece{out.data(), out.size()};
    return ::preadv2(file, &piece, 1, offset, RWF_NOWAIT);
}

Cached is_cached(int file, off_t offset, std::uint64_t count) noexcept {
    // First tests the last byte by reading it. cachestat also counts pages that are still being read. Pages are read in
    // ascending order, so if the last one is complete, all are.
    Cached last = probe_byte(file, offset + static_cast<off_t>(count) - 1);
    if (last != Cached::yes) return last;
    Cached all = query_cachestat(file, offset, count);
    if (all != Cached::unknown) return all;
    for (std::uint64_t at = 0; at < count; at += kSample) {
        Cached sample = probe_byte(file, offset + static_cast<off_t>(at));
        if (sample != Cached::yes) return sample;
    }
    return Cached::yes;
}

}  // namespace bodega::edge
