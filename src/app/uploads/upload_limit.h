// The limit on an account's open uploads.
#pragma once

#include <cstdint>

#include "app/services.h"
#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::app {

// Throws Error{quota_exceeded} if one more upload of `length` bytes would exceed the account's limit of unfinished
// uploads (files.uploads_per_user) or of their announced bytes (files.upload_bytes_per_user).
void require_upload_allowed(const Services& services, db::Connection& connection, const base::Ulid& user_id,
                            std::int64_t length);

}  // namespace bodega::app
