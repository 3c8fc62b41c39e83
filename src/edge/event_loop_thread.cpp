#include "edge/event_loop_thread.h"

#include <pthread.h>

#include <csignal>
#include <exception>
#include <utility>

#include "base/log.h"

namespace bodega::edge {
namespace {

// Blocks all signals, since only the main thread handles them. SIGPIPE is blocked so that a write to a closed
// connection returns an error: send(2) has MSG_NOSIGNAL for that, but sendfile(2) has no flag.
void block_signals() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

EventLoopThread::EventLoopThread(const Options& options, const SharedParts& shared, const LoopSettings& settings,
                                 ConnectionCount& count, const MakeHandler& make_handler)
    : context(options, shared, settings), acceptor(context, count), handler_(make_handler(context)) {
    context.handler = handler_.get();
}

void EventLoopThread::start() { thread_ = std::thread(&EventLoopThread::run, this); }

void EventLoopThread::run() {
    block_signals();
    ::pthread_setname_np(::pthread_self(), "edge");
    try {
        context.loop.run();
    } catch (const std::exception& e) {
        base::log::error("edge", "an event loop failed; the process ends", {{"error", e.what()}});
        std::terminate();  // the connections of a loop that has failed would hang forever
    }
}

void EventLoopThread::begin_stop() {
    context.loop.post([this] { cut(); });
}

void EventLoopThread::cut() {
    acceptor.stop(Acceptor::Backlog::leave);
    context.connections.cut_all();
    stop_when_empty();
}

// Ends the loop when no connection is left, otherwise checks again in the next turn. Connections that were cut end
// soon, since all their waits return at once.
void EventLoopThread::stop_when_empty() {
    if (context.connections.size() == 0) return context.loop.stop();
    context.loop.post([this] { stop_when_empty(); });
}

void EventLoopThread::join() {
    if (thread_.joinable()) thread_.join();
}

}  // namespace bodega::edge
