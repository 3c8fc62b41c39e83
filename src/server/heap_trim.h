// Gives memory back to the kernel that malloc keeps after a rush: freed pieces between pieces that are in use.
#pragma once

#include <cstdint>

namespace bodega::cli {

// How much of the process's memory nobody uses decides, not what the rush was made of. One thread's.
class HeapTrim {
public:
    // Looks, and trims if much more lies unused than the last trimming could not help. Some milliseconds at most.
    // resident: bytes of the process.
    void look(std::int64_t resident) noexcept;

    // Whether that much unused memory is worth a trim. Notes it, for a next one.
    bool is_due(std::int64_t unused) noexcept;

private:
    std::int64_t least_ = INT64_MAX;  // bytes unused, since the last trim: stacks, the program itself, holes
};

// Bytes of the process that are resident.
std::int64_t resident_bytes();

}  // namespace bodega::cli
