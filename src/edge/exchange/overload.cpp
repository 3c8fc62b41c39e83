#include "edge/exchange/overload.h"

namespace bodega::edge {
namespace {

constexpr net::Moment kEvery = 10;  // the least ms between two searches for a connection to cut
// A connection that holds fewer bytes is not cut. An HTTP/1.1 connection never holds so many.
constexpr std::size_t kMuch = 256 << 10;

}  // namespace

void relieve(LoopContext& context) noexcept {
    if (context.loop.now() < context.relieved + kEvery) return;
    context.relieved = context.loop.now();
    if (context.connections.cut_largest(kMuch)) context.counters.cut_for_memory.add();
}

}  // namespace bodega::edge
