#include "cli/housekeeping.h"

#include "app/expiry.h"
#include "base/error.h"
#include "base/log.h"
#include "base/version.h"
#include "cli/node_name.h"

namespace bodega::cli {
Housekeeping::Housekeeping(const app::Services& services)
    : services_(services), name_(cli::node_name(services.config.node)), nodes_(services), sweeper_(services, id_) {
    heartbeat_.emplace("node", app::Nodes::kBeatEvery, [this] { beat(); });
    sweeping_.emplace("sweeper", services.config.files.sweep_every, [this] { sweep(); });
}

Housekeeping::~Housekeeping() {
    sweeping_.reset();
    heartbeat_.reset();
    try {
        nodes_.leave(id_);
        sweeper_.leave();
    } catch (const base::Error& error) {
        base::log::info("node", "could not take this node off the list; it will count as lost for a while",
                        {{"error", error.what()}});
    }
}

void Housekeeping::beat() { nodes_.beat(id_, name_, base::version(), draining_ ? "draining" : "ready"); }

void Housekeeping::sweep() {
    app::remove_expired_sign_ins(services_);
    sweeper_.pass();
}

}  // namespace bodega::cli
