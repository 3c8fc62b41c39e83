#include "net/linger.h"

#include <algorithm>

#include "net/loop.h"

namespace bodega::edge {
namespace {

constexpr Moment kQuiet = 2000;

}  // namespace

Task<void> linger(Stream& stream, Blocks& blocks, Waiter& waiter, Moment limit) {
    stream.shut_writing();
    const Moment until = waiter.loop().now() + limit;
    while (waiter.loop().now() < until) {
        Buffer eaten(blocks);
        IoResult result = stream.receive(eaten, Blocks::kSize);
        eaten.release();
        if (result.status != Io::done && result.status != Io::blocked) co_return;
        Waiter::Wait pause =
            result.status == Io::done ? waiter.next_turn() : waiter.wait(std::min(until, waiter.loop().now() + kQuiet));
        Wake wake = co_await pause;
        if (wake != Wake::event) co_return;
    }
}

}  // namespace bodega::edge
