#include "server/run_until_stopped.h"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "server/periodic.h"
#include "server/reload.h"
#include "server/shutdown_watchdog.h"
#include "server/successor.h"

namespace bodega::server {
namespace {

namespace log = base::log;

constexpr config::Duration kShutdownGrace{5000};  // time to finish after the last request has ended
constexpr config::Duration kPollInterval{50};     // time between two checks for signals while a successor starts

// Stops accepting connections and finishes the open ones, then stops the app, which gets no more requests.
void drain(const Running& running) {
    const config::Node& node = running.config.node;
    log::info("serve", "stopping: finishing the requests in flight",
              {{"limit_seconds", node.drain_limit.count() / 1000}});
    const config::Duration limit = node.drain_delay + node.drain_limit + kShutdownGrace;
    end_within(limit);
    // Gives systemd a longer limit, so that end_within() acts before systemd kills the process.
    running.systemd.stopping(limit + kShutdownGrace);
    // Waits until load balancers see "not ready" and send no new clients. New connections are still served meanwhile.
    // The wait is shorter if this node was already draining.
    const config::Duration drained = running.drain.lasted();
    running.drain.set(Drain::Reason::stops, true, "this process is about to end");
    std::this_thread::sleep_for(std::max(node.drain_delay - drained, config::Duration::zero()));
    bool clean = !running.edge || running.edge->drain(node.drain_limit);
    if (!clean) log::warn("serve", "requests were still in flight after node.drain_limit and were cut off");
    running.app.stop(running.edge ? config::Duration(1000) : node.drain_limit);
}

std::vector<base::ListeningSocket> all_sockets(const Running& running) {
    std::vector<base::ListeningSocket> all = running.app.sockets();
    if (running.edge)
        for (const base::ListeningSocket& socket : running.edge->sockets()) all.push_back(socket);
    if (running.admin)
        for (const base::ListeningSocket& socket : running.admin->sockets()) all.push_back(socket);
    return all;
}

// Waits until the successor is ready. Returns false if it failed or was not ready in time, or if a stop was
// requested.
bool becomes_ready(Successor& successor, const Running& running) {
    auto until = std::chrono::steady_clock::now() + running.config.node.upgrade_limit;
    while (successor.await(kPollInterval) == Successor::State::starting) {
        if (running.signals.is_stopped_within(config::Duration::zero())) return false;
        if (std::chrono::steady_clock::now() < until) continue;
        log::error("serve", "the new process was not ready within node.upgrade_limit; this one continues to serve");
        return false;
    }
    if (successor.await(kPollInterval) == Successor::State::ready) return true;
    const std::string& reason = successor.failure_reason();
    log::error(
        "serve", "the new process ended before it was ready; this one continues to serve",
        {{"executable", successor.executable()},
         {"why", reason.empty()
                     ? "it gave no reason; see its own log lines, and check with bodega version that the file is bodega"
                     : reason}});
    return false;
}

// Returns true if another process has taken over, so that this process must end.
bool upgrade(const Running& running) {
    if (::getpid() == 1) {
        log::error("serve", "SIGUSR2: the first process of a container can't be replaced; replace the container");
        return false;
    }
    try {
        Successor successor(all_sockets(running));
        log::info("serve", "SIGUSR2: starting a new process to take over",
                  {{"executable", successor.executable()}, {"process", successor.process()}});
        if (!becomes_ready(successor, running)) return false;
        log::info("serve", "the new process is ready: finishing the requests in flight here",
                  {{"process", successor.process()}});
        running.systemd.replaced_by(successor.process());
        return true;
    } catch (const base::Error& error) {
        log::error("serve", "SIGUSR2: could not start a new process; this one continues to serve",
                   {{"error", error.what()}});
        return false;
    }
}

// Tells systemd's watchdog, if enabled, that the event loops respond.
std::unique_ptr<Periodic> watch(const Running& running) {
    auto limit = running.systemd.watchdog();
    if (!limit) return nullptr;
    config::Duration every = *limit / 3;
    return std::make_unique<Periodic>("watchdog", every, [&running, every] {
        if (running.edge && !running.edge->answers(every))
            throw base::Error(base::Code::internal, "an event loop does not respond");
        running.systemd.alive();
    });
}

}  // namespace

void leave(const Running& running) {
    running.housekeeping.transfer();
    if (running.admin) running.admin->leave_listeners();
    running.app.leave_socket();
    const config::Duration limit = running.config.node.drain_limit;
    end_within(limit + kShutdownGrace);
    bool clean = !running.edge || running.edge->drain(limit, edge::Server::Listeners::left);
    if (!clean) log::warn("serve", "requests were still in flight after node.drain_limit and were cut off");
    running.app.stop(running.edge ? config::Duration(1000) : limit);
}

void run_until_stopped(Running running) {
    const auto watchdog = watch(running);
    for (;;) {
        switch (running.signals.wait()) {
            case Signals::Event::stop: return drain(running);
            case Signals::Event::reopen: running.logs.reopen(); break;
            case Signals::Event::reload: reload(running); break;
            case Signals::Event::upgrade:
                if (upgrade(running)) return leave(running);
                break;
        }
    }
}

}  // namespace bodega::server
