#include "blobs/probe.h"

#include <system_error>
#include <thread>

#include "base/clock.h"
#include "base/mutex.h"

namespace bodega::blobs {

struct Probe::Round {
    explicit Round(std::function<bool()> l) : look(std::move(l)) {}

    const std::function<bool()> look;

    base::Mutex mutex;
    base::Condition ended;
    bool running GUARDED_BY(mutex) = false;
    bool well GUARDED_BY(mutex) = false;         // what the last `look` returned
    std::uint64_t rounds GUARDED_BY(mutex) = 0;  // how many times `look` has returned
    base::Steady::time_point began GUARDED_BY(mutex);

    void run() EXCLUDES(mutex);
    // `self` is shared with the thread that calls `look`.
    Finding find(const std::shared_ptr<Round>& self, std::chrono::milliseconds deadline) EXCLUDES(mutex);
};

void Probe::Round::run() {
    const bool found = look();
    const base::MutexLock lock(mutex);
    well = found;
    running = false;
    ++rounds;
    ended.notify_all();
}

Probe::Probe(std::function<bool()> look) : round_(std::make_shared<Round>(std::move(look))) {}

Probe::Finding Probe::Round::find(const std::shared_ptr<Round>& self, std::chrono::milliseconds deadline) {
    const base::MutexLock lock(mutex);
    if (!running) {
        began = base::Steady::now();
        try {
            std::thread([self] { self->run(); }).detach();
        } catch (const std::system_error&) {
            return Finding::unwell;  // the node can't start a thread, so nothing is known about the directory
        }
        running = true;
    }
    const std::uint64_t mine = rounds;
    if (!ended.wait_until(mutex, began + deadline, [&]() REQUIRES(mutex) { return rounds != mine; }))
        return Finding::silent;
    return well ? Finding::well : Finding::unwell;
}

Probe::Finding Probe::find(std::chrono::milliseconds deadline) const { return round_->find(round_, deadline); }

}  // namespace bodega::blobs
