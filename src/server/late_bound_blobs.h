// Gives the edge access to the blobs. They become available after the edge has started, and become unavailable before
// it ends.
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

    // The blobs are bound while this object exists. The destructor also stops the edge (which may be null), so that
    // nothing writes to the blobs afterwards.
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
