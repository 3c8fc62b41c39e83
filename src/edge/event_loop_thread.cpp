#include "edge/event_loop_thread.h"

#include <pthread.h>

#include <csignal>
#include <exception>
#include <utility>

#include "base/log.h"

namespace bodega::edge {
namespace {

// Signals are the main thread's business, and a write to a closed connection is an error code, not a SIGPIPE:
// sendfile(2) has no flag for that.
void block_signals() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

void Lane::answer_with(std::unique_ptr<Handler> handler) noexcept {
    handler_ = std::move(handler);
    worker.handler = handler_.get();
}

void Lane::start() { thread_ = std::thread(&Lane::run, this); }

void Lane::run() {
    block_signals();
    ::pthread_setname_np(::pthread_self(), "edge");
    try {
        worker.loop.run();
    } catch (const std::exception& e) {
        base::log::error("edge", "an event loop ended in an error", {{"error", e.what()}});
        std::terminate();  // its connections would hang for ever
    }
}

void Lane::begin_stop() {
    worker.loop.post([this] { cut(); });
}

void Lane::cut() {
    acceptor.stop(Acceptor::Backlog::leave);
    worker.connections.cut_all();
    stop_when_empty();
}

// Every wait of a cut connection returns at once, so all of them are gone by the next turn.
void Lane::stop_when_empty() {
    if (worker.connections.size() == 0) return worker.loop.stop();
    worker.loop.post([this] { stop_when_empty(); });
}

void Lane::join() {
    if (thread_.joinable()) thread_.join();
}

}  // namespace bodega::edge
