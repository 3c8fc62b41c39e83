#include "edge/exchange/overload.h"

namespace bodega::edge {
namespace {

constexpr Moment kEvery = 10;             // ms
constexpr std::size_t kMuch = 256 << 10;  // bytes; a connection of HTTP/1.1 never holds as much

}  // namespace

void relieve(Worker& worker) noexcept {
    if (worker.loop.now() < worker.relieved + kEvery) return;
    worker.relieved = worker.loop.now();
    if (worker.connections.cut_largest(kMuch)) worker.counters.cut_for_memory.add();
}

}  // namespace bodega::edge
