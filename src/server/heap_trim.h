// Returns memory to the kernel after a peak of load: the free blocks that malloc keeps between blocks in use.
#pragma once

#include <cstdint>

namespace bodega::server {

// Decides when to trim. The decision depends on how much of the process's memory is unused. Single-threaded.
class HeapTrim {
public:
    // Checks the unused memory, and trims if much more is unused than after the last trim. Takes some milliseconds at
    // most. `resident` is the process's resident memory in bytes.
    void look(std::int64_t resident) noexcept;

    // Whether `unused` bytes are worth a trim. Also remembers the smallest number since the last trim.
    bool is_due(std::int64_t unused) noexcept;

private:
    // Smallest number of unused bytes since the last trim; includes stacks and the program itself.
    std::int64_t least_ = INT64_MAX;
};

// Resident bytes of the process.
std::int64_t resident_bytes();

}  // namespace bodega::server
