// Whether a directory answers in time, asked without hanging on one that does not: a dead NFS mount blocks
// whoever touches it, beyond any signal.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace bodega::blobs {

// Thread-safe. At most one thread is ever under way inside `look`; one that hangs is left behind and asked
// after, never doubled.
class Probe {
public:
    // `look` touches the directory and tells whether it is well. It runs on a thread that may outlive the
    // Probe, so it owns or outlives all that it uses.
    explicit Probe(std::function<bool()> look);

    enum class Finding : std::uint8_t { well, unwell, silent };  // silent: no answer within the deadline
    // At once while an earlier look hangs beyond `deadline`.
    Finding find(std::chrono::milliseconds deadline) const;

    bool answers(std::chrono::milliseconds deadline) const { return find(deadline) == Finding::well; }

private:
    struct Round;
    std::shared_ptr<Round> round_;  // two owners: the Probe, and the thread that is under way
};

}  // namespace bodega::blobs
