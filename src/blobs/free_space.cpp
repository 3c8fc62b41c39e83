#include "blobs/free_space.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "base/error.h"

namespace bodega::blobs {
namespace {

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kShare = 10;  // the reserve is at most 1/kShare of the file system
constexpr base::Milliseconds kLookEvery = 1000, kLookAtMost = 50;

base::Milliseconds steady_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(base::Steady::now().time_since_epoch()).count();
}

// Returns kUnlimited if the product is too large for the type: EFS reports 8 EiB, which is one byte more than the
// maximum.
std::int64_t bytes_of(std::uint64_t blocks, std::uint64_t size) {
    if (size != 0 && blocks > static_cast<std::uint64_t>(kUnlimited) / size) return kUnlimited;
    return static_cast<std::int64_t>(blocks * size);
}

}  // namespace

FreeSpace::FreeSpace(FileOps& files, std::string folder, std::int64_t reserve)
    : files_(files), folder_(std::move(folder)), wanted_(reserve), left_(kUnlimited) {}

bool FreeSpace::is_due(base::Milliseconds age) const noexcept { return steady_ms() - looked_at_ >= age; }

bool FreeSpace::take(std::int64_t bytes) noexcept {
    if (wanted_ == 0) return true;
    if (is_due(kLookEvery) || (left_ < bytes && is_due(kLookAtMost))) look();
    if (left_ == kUnlimited) return true;
    if (left_.fetch_sub(bytes) >= bytes) return true;
    left_ += bytes;
    return false;
}

void FreeSpace::require(std::int64_t bytes) {
    if (wanted_ == 0) return;
    if (is_due(kLookAtMost)) look();
    if (left_ >= bytes) return;
    throw base::Error(base::Code::no_space, "the disk of " + folder_ + " has no room for " + std::to_string(bytes) +
                                                " more bytes beside its reserve (files.reserve)");
}

std::int64_t FreeSpace::reserve_of(std::int64_t wanted, std::int64_t all) noexcept {
    return std::min(wanted, all / kShare);
}

FreeSpace::Figures FreeSpace::look() noexcept {
    if (!looking_.try_lock()) return last();  // another thread is asking the file system
    const base::MutexLock lock(looking_, std::adopt_lock);
    looked_at_ = steady_ms();
    struct statvfs found {};
    if (files_.space(folder_.c_str(), found) != 0 || found.f_blocks == 0) return last();
    const std::int64_t free = bytes_of(found.f_bavail, found.f_frsize);
    const std::int64_t reserve = reserve_of(wanted_, bytes_of(found.f_blocks, found.f_frsize));
    free_ = free;
    reserve_ = reserve;
    left_ = free == kUnlimited ? free : std::max<std::int64_t>(0, free - reserve);
    return last();
}

FreeSpace::Figures FreeSpace::last() const noexcept {
    Figures out{free_, reserve_, false};
    out.is_short = wanted_ > 0 && out.free >= 0 && out.free < 2 * out.reserve;
    return out;
}

}  // namespace bodega::blobs
