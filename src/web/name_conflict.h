// A taken name as the API tells it: with the id of what has it, so that a client can go on with that.
#pragma once

#include "app/name_taken.h"
#include "web/problem.h"

namespace bodega::web {

// Runs `work`; app::NameTaken becomes a Problem with existing_id. Whoever may write in a folder may see what it holds.
template <class Work>
auto naming_conflicts(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const app::NameTaken& e) {
        throw Problem(e.code(), e.what(), {{"existing_id", e.existing_id().text()}});
    }
}

}  // namespace bodega::web
