// Away from a writer that was lost: an upload's bytes move to a file of their own.
//
// Whoever lost the lease without having let it go may be paused, or cut off with bytes in its kernel's cache, and may
// write them at any later time. No check before a write can stop what has passed it. So the next writer never shares a
// file with it: what was acknowledged is copied to a file of a new id, which the lost one has no descriptor of and does
// not know the name of, and the catalog names that one from then on. An upload that was let go is not copied.
#pragma once

#include <chrono>
#include <functional>

#include "app/services.h"
#include "app/uploads/upload_lease.h"

namespace bodega::app {

// How long one request may copy where nothing else does (see UploadMoves). An upload with more to copy is gone on with
// by the next request.
inline constexpr std::chrono::seconds kMoveLimit{20};

// Nothing, unless the upload has to move. Keeps the lease while it copies, as long as `goes_on` says so. Throws
// Error{unavailable}: there is more to copy, come again; {gone}: the bytes are not there; {locked}: the lease was lost;
// {no_space}, {io}.
void move_away(const Services& services, UploadLease& lease, const std::function<bool()>& goes_on);
// The same for at most `limit`.
void move_away(const Services& services, UploadLease& lease, std::chrono::milliseconds limit = kMoveLimit);

}  // namespace bodega::app
