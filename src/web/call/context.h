// What all calls of one server share. Constant after construction, its parts thread-safe.
#pragma once

#include <atomic>
#include <cstdint>

#include "app/auth/authorizer.h"
#include "app/tree/listing_cache.h"
#include "app/auth/passwords.h"
#include "app/services.h"
#include "app/auth/throttle.h"

namespace bodega::web {

struct Context {
    explicit Context(const app::Services& s)
        : services(s), access(s), passwords(s.config.accounts), listings(s.config.app.listing_cache) {}

    const app::Services& services;
    app::Access access;
    app::SignInCounts sign_ins;
    app::Passwords passwords;  // bounds how many hashes run at once, so there is one a process
    app::ListingCache listings;
    std::atomic<std::uint64_t> damaged_files{0};  // as in Server::Stats
};

}  // namespace bodega::web
