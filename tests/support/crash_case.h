// What a client does and is told, step by step, so that a fault at any step can be held against it: nothing that
// was acknowledged may be missing afterwards, and nothing half-made may be there.
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
    std::string name;                              // of the file that it is about, another each time
    std::function<void(const std::string&)> tell;  // a client was told: "put", "upload ID", "at N", "done"
};

struct Scene {
    const char* name;
    const char* calls;  // at which a fault strikes: "" for all, else of one kind
    void (*prepare)(Depot& depot, const std::string& name);
    void (*play)(Stage& stage);  // throws what the use cases throw
    // After the fault, with all that was told: throws std::runtime_error for what is missing or wrong.
    void (*check)(Depot& depot, const std::string& name, const std::vector<std::string>& told);
};

// A new file, a replacement, an upload from its creation to its last byte, the end of one, a sweep.
const std::vector<Scene>& scenes();

// All that has to hold after any fault, and that the next sweep leaves nothing behind. Empty: it holds.
std::string aftermath(Depot& depot, const Scene& scene, const std::string& name, const std::vector<std::string>& told);

}  // namespace bodega::test
