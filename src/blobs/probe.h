// Checks whether a directory responds in time, without hanging itself: a dead NFS mount blocks every thread that
// touches it, even against signals.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace bodega::blobs {

// Thread-safe. At most one thread is inside `look` at any time. If `look` hangs, later checks wait for that thread and
// start no second one.
class Probe {
public:
    // `look` touches the directory and returns whether the directory is well. It runs on a thread that may outlive the
    // Probe, so everything that it uses must outlive that thread.
    explicit Probe(std::function<bool()> look);

    enum class Finding : std::uint8_t { well, unwell, silent };  // silent: `look` did not return within the deadline
    // Returns at once if an earlier `look` has been hanging for longer than `deadline`.
    Finding find(std::chrono::milliseconds deadline) const;

    bool answers(std::chrono::milliseconds deadline) const { return find(deadline) == Finding::well; }

private:
    struct Round;
    std::shared_ptr<Round> round_;  // two owners: the Probe, and the running thread
};

}  // namespace bodega::blobs
