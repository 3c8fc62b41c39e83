// What a folder or a space holds that a person sees: current versions, nothing of the trash.
#pragma once

#include <cstdint>

#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

struct LiveFiles {
    std::int64_t count = 0;
    std::int64_t bytes = 0;
};

// Of a whole space. Reads every entry's row: for long work beside which it is short.
LiveFiles live_files(db::Connection& connection, const base::Ulid& space_id);

}  // namespace bodega::store
