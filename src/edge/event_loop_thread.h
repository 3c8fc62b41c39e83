// One event loop, its thread, and the objects that run on it.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "edge/acceptor.h"
#include "edge/exchange/connection_count.h"
#include "edge/exchange/handler.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

class EventLoopThread {
public:
    // Creates the handler for all requests of this loop; the context outlives it.
    using MakeHandler = std::function<std::unique_ptr<Handler>(LoopContext&)>;

    // `count` and `shared` outlive it.
    EventLoopThread(const Options& options, const SharedParts& shared, const LoopSettings& settings,
                    ConnectionCount& count, const MakeHandler& make_handler);
    EventLoopThread(const EventLoopThread&) = delete;
    EventLoopThread& operator=(const EventLoopThread&) = delete;

    void start();  // starts the thread with all signals blocked: only the main thread handles them

    // Closes the listeners, cuts every connection, and ends the thread once they are gone; join() waits for that.
    void begin_stop();
    void join();  // harmless if it was never started

    LoopContext context;  // used only by the loop's thread after start()
    Acceptor acceptor;    // used only by the loop's thread after start()

private:
    void run();
    void cut();
    void stop_when_empty();

    const std::unique_ptr<Handler> handler_;
    std::thread thread_;
};

}  // namespace bodega::edge
