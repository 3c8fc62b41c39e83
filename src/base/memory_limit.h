// The memory limit that this process's control groups (version 2 or 1) set. Above it the kernel kills processes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace bodega::base {

struct MemoryLimit {
    std::int64_t most = 0;  // bytes; the limit of the smallest group
    std::int64_t left = 0;  // bytes left in the fullest group; file pages that the kernel can drop count as left
};

// Checks the groups from this process's own up to the root. std::nullopt: no group has a limit. `root` and `self`:
// where the kernel shows the groups.
std::optional<MemoryLimit> memory_limit(const std::string& root = "/sys/fs/cgroup",
                                        const std::string& self = "/proc/self/cgroup");

}  // namespace bodega::base
