#include "net/linger.h"

#include <algorithm>

#include "net/loop.h"

namespace bodega::net {
namespace {

constexpr Moment kQuiet = 2000;

}  // namespace

Task<void> linger(Transport& transport, BufferPool& buffer_pool, Wakeup& wakeup, Moment limit) {
    transport.shut_writing();
    const Moment until = wakeup.loop().now() + limit;
    while (wakeup.loop().now() < until) {
        Buffer dropped(buffer_pool);
        IoResult result = transport.receive(dropped, BufferPool::kSize);
        dropped.release();
        if (result.status != Io::done && result.status != Io::blocked) co_return;
        Wakeup::Wait pause =
            result.status == Io::done ? wakeup.next_turn() : wakeup.wait(std::min(until, wakeup.loop().now() + kQuiet));
        Wake wake = co_await pause;
        if (wake != Wake::event) co_return;
    }
}

}  // namespace bodega::net
