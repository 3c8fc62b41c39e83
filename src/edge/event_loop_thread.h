// One loop with its thread, and what runs on it.
#pragma once

#include <memory>
#include <thread>

#include "edge/acceptor.h"
#include "edge/exchange/connection_count.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

class Lane {
public:
    // Both outlive the lane.
    Lane(const Options& options, ConnectionCount& count) : worker(options), acceptor(worker, count) {}
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    // handler: of everything that is asked here. Once, before start().
    void answer_with(std::unique_ptr<Handler> handler) noexcept;

    void start();  // the thread; signals are the main thread's business, so it has none

    // Lets go of the listeners, cuts every connection, and ends the thread once they are gone: join() waits for that.
    void begin_stop();
    void join();  // harmless if it was never started

    Worker worker;      // the loop's thread's from start() on
    Acceptor acceptor;  // as well

private:
    void run();
    void cut();
    void stop_when_empty();

    std::unique_ptr<Handler> handler_;
    std::thread thread_;
};

}  // namespace bodega::edge
