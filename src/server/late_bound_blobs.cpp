#include "server/late_bound_blobs.h"

#include "base/error.h"
#include "blobs/body_file.h"

namespace bodega::cli {

base::OpenBodySink BodyDoor::opener() const {
    return [blobs = blobs_](const base::BodyOrder& order) -> std::unique_ptr<base::BodySink> {
        const blobs::Store* store = blobs->load();
        if (!store) throw base::Error(base::Code::unavailable, "The server is starting. Try again in a moment.", 2);
        return std::make_unique<blobs::BodyFile>(*store, order);
    };
}

BodyDoor::Lent::Lent(const BodyDoor& door, const blobs::Store& blobs, edge::Server* edge) : door_(door), edge_(edge) {
    door_.blobs_->store(&blobs);
}

BodyDoor::Lent::~Lent() {
    if (edge_) edge_->stop();
    door_.blobs_->store(nullptr);
}

}  // namespace bodega::cli
