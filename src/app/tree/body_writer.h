// The app's own writer for an upload session: reads the body on the caller's thread and calls the session's functions.
//
// Used for bodies that bodega's edge does not write, and for files that are imported.
#pragma once

#include <functional>

#include "app/tree/source.h"
#include "base/upload_session.h"

namespace bodega::app {

// Reads `source` to its end and returns the report for the session's finish(). If the body does not complete, aborts
// the session and throws the cause: what `source` or progress() threw, the disk's Error{no_space}, {io}, {gone} or
// {unavailable}, Error{too_large} for more bytes than the session's order allows, or Error{locked} if the writer was
// recalled. Needs the memory of one block, whatever the size. interrupt: makes a source throw if it is waiting for
// bytes; thread-safe; may be empty.
base::BodyReport write_body(base::UploadSession& session, const Source& source,
                            const std::function<void()>& interrupt = nullptr);

}  // namespace bodega::app
