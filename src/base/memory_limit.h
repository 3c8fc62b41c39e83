// The memory limit of the control groups (version 2 or 1) to which this process belongs. The kernel kills processes
// that exceed it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace bodega::base {

struct MemoryLimit {
    std::int64_t max = 0;  // bytes; the smallest limit of all groups
    // Bytes left in the group that is nearest to its limit. File pages that the kernel can drop count as free.
    std::int64_t left = 0;
};

// Checks this process's own group and each group above it, up to the root. Returns std::nullopt if no group has a
// limit. `root` and `self` are the paths where the kernel shows the groups.
std::optional<MemoryLimit> memory_limit(const std::string& root = "/sys/fs/cgroup",
                                        const std::string& self = "/proc/self/cgroup");

}  // namespace bodega::base
