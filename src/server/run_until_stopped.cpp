#include "server/run_until_stopped.h"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "server/shutdown_watchdog.h"
#include "server/periodic.h"
#include "server/reload.h"
#include "server/successor.h"

namespace bodega::cli {
namespace {

namespace log = base::log;

constexpr config::Duration kFarewell{5000};  // for what is left when the last request has ended
constexpr config::Duration kLook{50};        // between two looks at signals while a successor starts

// New connections go elsewhere, those that are here end well; then the app, whom nobody asks any more.
void drain(const Running& running) {
    const config::Node& node = running.config.node;
    log::info("serve", "stopping: requests in flight may end", {{"limit_seconds", node.drain_limit.count() / 1000}});
    const config::Duration limit = node.drain_delay + node.drain_limit + kFarewell;
    end_within(limit);
    running.systemd.stopping(limit + kFarewell);  // the end that is its own comes first
    // Balancers see "not ready" and send nobody new; meanwhile who comes is still served. They may have seen it before,
    // where this node was drained already.
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

// Whether the successor is ready. A stop that is asked for meanwhile ends the wait.
bool becomes_ready(Successor& successor, const Running& running) {
    auto until = std::chrono::steady_clock::now() + running.config.node.upgrade_limit;
    while (successor.await(kLook) == Successor::State::starting) {
        if (running.signals.is_stopped_within(config::Duration::zero())) return false;
        if (std::chrono::steady_clock::now() < until) continue;
        log::error("serve", "the new process was not ready within node.upgrade_limit; this one goes on");
        return false;
    }
    if (successor.await(kLook) == Successor::State::ready) return true;
    const std::string& refusal = successor.refusal();
    log::error(
        "serve", "the new process ended before it was ready; this one goes on",
        {{"executable", successor.executable()},
         {"why", refusal.empty()
                     ? "it did not say; its own lines in the log may, and bodega version whether the file is bodega's"
                     : refusal}});
    return false;
}

// Whether another process has taken over, so that this one has to end.
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
        log::info("serve", "the new process is ready: requests in flight here may end",
                  {{"process", successor.process()}});
        running.systemd.replaced_by(successor.process());
        return true;
    } catch (const base::Error& error) {
        log::error("serve", "SIGUSR2: no new process could be started; this one goes on", {{"error", error.what()}});
        return false;
    }
}

// Tells systemd, if it wants to hear it, that the loops come round.
std::unique_ptr<Periodic> watch(const Running& running) {
    auto limit = running.systemd.watchdog();
    if (!limit) return nullptr;
    config::Duration every = *limit / 3;
    return std::make_unique<Periodic>("watchdog", every, [&running, every] {
        if (running.edge && !running.edge->answers(every))
            throw base::Error(base::Code::internal, "an event loop does not come round");
        running.systemd.alive();
    });
}

}  // namespace

void leave(const Running& running) {
    running.housekeeping.hand_over();
    if (running.admin) running.admin->leave_doors();
    running.app.leave_socket();
    const config::Duration limit = running.config.node.drain_limit;
    end_within(limit + kFarewell);
    bool clean = !running.edge || running.edge->drain(limit, edge::Server::Doors::left);
    if (!clean) log::warn("serve", "requests were still in flight after node.drain_limit and were cut off");
    running.app.stop(running.edge ? config::Duration(1000) : limit);
}

void attend(Running running) {
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

}  // namespace bodega::cli
