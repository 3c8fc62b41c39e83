// What the control groups of this process allow it of memory, of version 2 or 1. Beyond it the kernel ends processes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace bodega::base {

struct MemoryLimit {
    std::int64_t most = 0;  // bytes, of the smallest group
    std::int64_t left = 0;  // of that with the least left; pages of files that the kernel can drop count as left
};

// Of the groups from this process's own up to the root. std::nullopt: none has a limit. `root` and `self`: where the
// kernel shows them.
std::optional<MemoryLimit> memory_limit(const std::string& root = "/sys/fs/cgroup",
                                        const std::string& self = "/proc/self/cgroup");

}  // namespace bodega::base
