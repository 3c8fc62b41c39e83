#include "server/late_bound_blobs.h"

#include "base/error.h"
#include "blobs/body_file.h"

namespace bodega::server {

base::OpenBodySink LateBoundBlobs::opener() const {
    return [blobs = blobs_](const base::BodyOrder& order) -> std::unique_ptr<base::BodySink> {
        const blobs::Store* store = blobs->load();
        if (!store) throw base::Error(base::Code::unavailable, "The server is starting. Try again in a moment.", 2);
        return std::make_unique<blobs::BodyFile>(*store, order);
    };
}

LateBoundBlobs::Bound::Bound(const LateBoundBlobs& target, const blobs::Store& blobs, edge::Server* edge)
    : target_(target), edge_(edge) {
    target_.blobs_->store(&blobs);
}

LateBoundBlobs::Bound::~Bound() {
    if (edge_) edge_->stop();
    target_.blobs_->store(nullptr);
}

}  // namespace bodega::server
