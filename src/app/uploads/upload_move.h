// Moves an upload's bytes to another file, so that a writer that lost the lease can't change them.
//
// A writer that lost the lease without releasing it may be paused, or its bytes may be in the cache of a machine that
// is cut off from the shared folder. Its bytes may then reach the file at any later time. A check before each write
// would not help, since the writer may be paused between the check and the write. So the next writer copies the
// acknowledged bytes to a file with a new id, and the catalog then names the new file. The lost writer has no
// descriptor of the new file and does not know its name. An upload whose lease was released is not copied.
#pragma once

#include <chrono>
#include <functional>

#include "app/services.h"
#include "app/uploads/upload_lease.h"

namespace bodega::app {

// The time for which one request may copy in a process without UploadMoves. If bytes remain, the next request continues
// the copy.
inline constexpr std::chrono::seconds kMoveLimit{20};

// Copies the upload's bytes to upload().moves_to if that is set, otherwise does nothing. Renews the lease meanwhile,
// and stops when `goes_on` returns false. Throws Error{unavailable} if bytes remain to be copied and the client has to
// try again; {gone} if bytes of the upload are missing; {locked} if the lease was lost; {no_space}, {io}.
void move_away(const Services& services, UploadLease& lease, const std::function<bool()>& goes_on);
// Copies as the other move_away does, for at most `limit`.
void move_away(const Services& services, UploadLease& lease, std::chrono::milliseconds limit = kMoveLimit);

}  // namespace bodega::app
