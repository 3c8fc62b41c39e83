#include "blobs/probe.h"

#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

#include "base/clock.h"

namespace bodega::blobs {

struct Probe::Round {
    explicit Round(std::function<bool()> l) : look(std::move(l)) {}

    const std::function<bool()> look;

    std::mutex mutex;
    std::condition_variable ended;
    bool running = false;      // protected by mutex, like the members below
    bool well = false;         // result of the last round
    std::uint64_t rounds = 0;  // number of completed rounds
    base::Steady::time_point began;
};

namespace {

template <class Round>
void run(const std::shared_ptr<Round>& round) {
    bool well = round->look();
    std::lock_guard lock(round->mutex);
    round->well = well;
    round->running = false;
    ++round->rounds;
    round->ended.notify_all();
}

}  // namespace

Probe::Probe(std::function<bool()> look) : round_(std::make_shared<Round>(std::move(look))) {}

Probe::Finding Probe::find(std::chrono::milliseconds deadline) const {
    std::unique_lock lock(round_->mutex);
    if (!round_->running) {
        round_->began = base::Steady::now();
        try {
            std::thread([round = round_] { run(round); }).detach();
        } catch (const std::system_error&) {
            return Finding::unwell;  // no thread could be started, so this node has a problem too
        }
        round_->running = true;
    }
    std::uint64_t mine = round_->rounds;
    bool ended = round_->ended.wait_until(lock, round_->began + deadline, [&] { return round_->rounds != mine; });
    if (!ended) return Finding::silent;
    return round_->well ? Finding::well : Finding::unwell;
}

}  // namespace bodega::blobs
