// State that all calls of one server share. Constant after construction. The members are thread-safe.
#pragma once

#include <atomic>
#include <cstdint>

#include "app/auth/authorizer.h"
#include "app/auth/passwords.h"
#include "app/auth/throttle.h"
#include "app/services.h"
#include "app/tree/listing_cache.h"
#include "base/front_page.h"
#include "web/call/urls.h"

namespace bodega::web {

struct Context {
    explicit Context(const app::Services& s)
        : services(s),
          urls(s.config.app.public_url),
          front_page(urls.site().base_path()),
          authorizer(s),
          passwords(s.config.accounts),
          listings(s.config.app.listing_cache) {}

    const app::Services& services;
    const Urls urls;
    const base::FrontPage front_page;
    app::Authorizer authorizer;
    app::SignInCounts sign_ins;
    app::Passwords passwords;  // one per process, because the object limits how many hashes run at once
    app::ListingCache listings;
    std::atomic<std::uint64_t> damaged_files{0};  // downloads whose file is missing or has a wrong size
};

}  // namespace bodega::web
