#include "server/catalog_start.h"

#include <algorithm>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/random.h"
#include "server/backend.h"

namespace bodega::server {
namespace {

constexpr config::Duration kFirstWait{200};
constexpr config::Duration kLongestWait{3000};

// Spreads the retries of nodes that were started together.
config::Duration with_jitter(config::Duration wait) {
    return wait / 2 + config::Duration(base::random_below(static_cast<std::uint64_t>(wait.count()) / 2 + 1));
}

}  // namespace

bool start_catalog(const config::Config& config, Signals& signals) {
    auto give_up_at = base::Steady::now() + config.database.start_wait;
    bool logged = false;
    for (config::Duration wait = kFirstWait;; wait = std::min(2 * wait, kLongestWait)) {
        try {
            migrate_catalog(config);
            if (logged) base::log::info("serve", "the database can be reached now");
            return true;
        } catch (const base::Error& error) {
            if (error.code() != base::Code::unavailable || base::Steady::now() + wait > give_up_at) throw;
            if (!logged) {
                base::log::warn("serve", "the database can't be reached yet; trying again",
                                {{"for_seconds", config.database.start_wait.count() / 1000}, {"error", error.what()}});
            }
            logged = true;
        }
        if (signals.is_stopped_within(with_jitter(wait))) return false;
    }
}

}  // namespace bodega::server
