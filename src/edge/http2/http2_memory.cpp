#include "edge/http2/http2_memory.h"

#include <malloc.h>

#include <cstdlib>

namespace bodega::edge {
namespace {

net::Ledger& ledger_of(void* user) noexcept { return *static_cast<net::Ledger*>(user); }

// Returns the bytes that malloc has really reserved. That is how much the process has grown.
std::size_t size_of(void* memory) noexcept { return memory ? ::malloc_usable_size(memory) : 0; }

void* counted(void* memory, std::size_t before, void* user) noexcept {
    ledger_of(user).count(before, size_of(memory));
    return memory;
}

void* allocate(std::size_t size, void* user) { return counted(std::malloc(size), 0, user); }

void* allocate_clear(std::size_t count, std::size_t size, void* user) {
    return counted(std::calloc(count, size), 0, user);
}

void* resize(void* memory, std::size_t size, void* user) {
    std::size_t before = size_of(memory);
    void* moved = std::realloc(memory, size);
    return moved ? counted(moved, before, user) : nullptr;  // if realloc failed, the old memory stays valid
}

void release(void* memory, void* user) {
    ledger_of(user).count(size_of(memory), 0);
    std::free(memory);
}

}  // namespace

nghttp2_mem counted_memory(net::Ledger& ledger) noexcept {
    return {&ledger, allocate, release, allocate_clear, resize};
}

}  // namespace bodega::edge
