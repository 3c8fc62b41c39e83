// Totals of the files that a person sees in a space: current versions, without the trash.
#pragma once

#include <cstdint>

#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

struct LiveFiles {
    std::int64_t count = 0;
    std::int64_t bytes = 0;
};

// Counts a whole space. Reads every entry's row, so use it only before work that takes much longer.
LiveFiles live_files(db::Connection& connection, const base::Ulid& space_id);

}  // namespace bodega::store
