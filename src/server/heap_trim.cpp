#include "server/heap_trim.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace bodega::server {
namespace {

constexpr std::int64_t kWorth = 24 << 20;  // trims if the unused bytes exceed their smallest number by this many

std::int64_t unused_of(std::int64_t resident) noexcept {
    const struct mallinfo2 heap = ::mallinfo2();
    return resident - static_cast<std::int64_t>(heap.uordblks + heap.hblkhd);
}

}  // namespace

std::int64_t resident_bytes() {
    std::int64_t pages = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> pages >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

bool HeapTrim::is_due(std::int64_t unused) noexcept {
    least_ = std::min(least_, unused);
    return unused - least_ >= kWorth;
}

void HeapTrim::look(std::int64_t resident) noexcept {
    if (!is_due(unused_of(resident))) return;
    ::malloc_trim(0);
    least_ = unused_of(resident_bytes());
}

}  // namespace bodega::server
