// What a client does and which answers it gets, step by step. After a fault at any step, nothing that was acknowledged
// may be missing, and nothing incomplete may be visible.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/auth/authorizer.h"
#include "app/services.h"
#include "support/app_fixture.h"

namespace bodega::test {

struct Stage {
    const app::Services& services;
    app::Grant root;
    std::string name;                              // of the case's file, different each time
    std::function<void(const std::string&)> tell;  // answers that the client got: "put", "upload ID", "at N", "done"
};

struct CrashCase {
    const char* name;
    const char* calls;  // calls at which a fault may happen: "" for all, else of one kind
    void (*prepare)(AppFixture& fixture, const std::string& name);
    void (*play)(Stage& stage);  // throws the errors of the use cases
    // Called after the fault with all answers: throws std::runtime_error for missing or wrong data.
    void (*check)(AppFixture& fixture, const std::string& name, const std::vector<std::string>& told);
};

// A new file, a replacement, an upload from its creation to its last byte, the end of one, a garbage collection.
const std::vector<CrashCase>& crash_cases();

// Checks the invariants after a fault, and that the next garbage collection leaves nothing behind. Empty: all hold.
std::string aftermath(AppFixture& fixture, const CrashCase& crash_case, const std::string& name,
                      const std::vector<std::string>& told);

}  // namespace bodega::test
