// Where the edge gets the files of bodies from: it is there before the shared directory is, and asked no more after.
#pragma once

#include <atomic>
#include <memory>

#include "base/body_sink.h"
#include "blobs/store.h"
#include "edge/server.h"

namespace bodega::cli {

class BodyDoor {
public:
    // For the edge's options. Throws Error{unavailable} while nothing is lent. Thread-safe.
    base::OpenBodySink opener() const;

    // Lends the blobs for as long as it lives; then the edge (may be null) is stopped, so that nobody writes to them.
    class Lent {
    public:
        Lent(const BodyDoor& door, const blobs::Store& blobs, edge::Server* edge);
        ~Lent();
        Lent(const Lent&) = delete;

    private:
        const BodyDoor& door_;
        edge::Server* const edge_;
    };

private:
    using Blobs = std::atomic<const blobs::Store*>;
    const std::shared_ptr<Blobs> blobs_ = std::make_shared<Blobs>(nullptr);  // shared with the opener's copies
};

}  // namespace bodega::cli
