// Moves an upload's bytes to another file, away from a writer that lost its lease.
//
// A writer that lost the lease without releasing it may be paused, or cut off with bytes in its kernel's cache, and may
// write them at any later time. No check before a write can stop a write that has passed the check. So the next writer
// never shares a file with it: the acknowledged bytes are copied to a file with a new id, which the lost writer has no
// descriptor of and whose name it does not know, and the catalog names that file from then on. An upload whose lease
// was released is not copied.
#pragma once

#include <chrono>
#include <functional>

#include "app/services.h"
#include "app/uploads/upload_lease.h"

namespace bodega::app {

// How long one request may copy in a process without UploadMoves. If more is left, the next request continues.
inline constexpr std::chrono::seconds kMoveLimit{20};

// Copies the upload if it has to move; else does nothing. Renews the lease while it copies, and continues while
// `goes_on` returns true. Throws Error{unavailable} if there is more to copy and the client has to come again; {gone}
// if the bytes are not there; {locked} if the lease was lost; {no_space}, {io}.
void move_away(const Services& services, UploadLease& lease, const std::function<bool()>& goes_on);
// The same for at most `limit`.
void move_away(const Services& services, UploadLease& lease, std::chrono::milliseconds limit = kMoveLimit);

}  // namespace bodega::app
