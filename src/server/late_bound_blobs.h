// Gives the edge access to the blobs, which become available after the edge has started and go away before it ends.
#pragma once

#include <atomic>
#include <memory>

#include "base/body_sink.h"
#include "blobs/store.h"
#include "edge/server.h"

namespace bodega::server {

class LateBoundBlobs {
public:
    // For the edge's options. The returned function throws Error{unavailable} while no blobs are bound. Thread-safe.
    base::OpenBodySink opener() const;

    // Binds the blobs until it is destroyed. The destructor stops the edge (which may be null) too, so that nothing
    // writes to the blobs afterwards.
    class Bound {
    public:
        Bound(const LateBoundBlobs& target, const blobs::Store& blobs, edge::Server* edge);
        ~Bound();
        Bound(const Bound&) = delete;

    private:
        const LateBoundBlobs& target_;
        edge::Server* const edge_;
    };

private:
    using Blobs = std::atomic<const blobs::Store*>;
    // Shared with the functions that opener() returned.
    const std::shared_ptr<Blobs> blobs_ = std::make_shared<Blobs>(nullptr);
};

}  // namespace bodega::server
