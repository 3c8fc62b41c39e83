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
    // Creates the handler for all requests of this loop. The context outlives the handler.
    using MakeHandler = std::function<std::unique_ptr<Handler>(LoopContext&)>;

    // Requires: `count` and `shared` outlive the EventLoopThread.
    EventLoopThread(const Options& options, const SharedParts& shared, const LoopSettings& settings,
                    ConnectionCount& count, const MakeHandler& make_handler);
    EventLoopThread(const EventLoopThread&) = delete;
    EventLoopThread& operator=(const EventLoopThread&) = delete;

    void start();  // starts the thread, which blocks all signals

    // Closes the listeners, cuts every connection, and ends the thread when all connections are gone. join() waits for
    // that.
    void begin_stop();
    void join();  // does nothing if the thread was never started

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
