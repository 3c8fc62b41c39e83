// What all calls of one server share. Constant after construction, its parts thread-safe.
#pragma once

#include "app/access.h"
#include "app/passwords.h"
#include "app/services.h"

namespace bodega::web {

struct Context {
    explicit Context(const app::Services& s) : services(s), access(s), passwords(s.config.accounts) {}

    const app::Services& services;
    app::Access access;
    app::Passwords passwords;  // bounds how many hashes run at once, so there is one a process
};

}  // namespace bodega::web
