// The app's own writer of a session: reads the body on the caller's thread and drives the session.
//
// For a body that another proxy than bodega's edge passes on, and for files that are imported.
#pragma once

#include <functional>

#include "app/tree/source.h"
#include "base/upload_session.h"

namespace bodega::app {

// Reads `source` to its end and returns the report for the session's finish(). If the body ends in another way, aborts
// the session and throws the cause: what `source` or progress() threw, the disk's Error{no_space}, {io}, {gone},
// {unavailable}, Error{too_large} for more bytes than ordered, or Error{locked} if the writer was recalled. Memory: one
// block for any size. interrupt: makes a source that waits for bytes throw; thread-safe; may be empty.
base::BodyReport write_body(base::UploadSession& session, const Source& source,
                            const std::function<void()>& interrupt = nullptr);

}  // namespace bodega::app
