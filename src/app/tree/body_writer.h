// Executes a body order: writes a body to a file, on the caller's thread. Used for bodies that bodega's edge does not
// write.
#pragma once

#include <functional>

#include "app/tree/source.h"
#include "base/body_order.h"
#include "base/body_recalls.h"
#include "blobs/store.h"

namespace bodega::app {

// Reads `source` to its end and returns the report of a complete body. Calls `tell` with each earlier report (alive,
// kept). If the body does not complete, calls `tell` with the report that ends it (broken, excess, failed), then throws
// the cause: what `source` or `tell` threw, the disk's Error{no_space}, {io}, {gone} or {unavailable}, Error{too_large}
// for more bytes than ordered, or Error{locked} if the writer was recalled. Memory: one block for any size.
using Tell = std::function<void(const base::BodyReport&)>;
struct Writing {
    const blobs::Store& store;
    const base::BodyOrder& order;
    const Tell& tell;
    // Stops this writer when its client reconnects; may be null.
    base::BodyRecalls* recalls = nullptr;
    // Makes a source throw if it is waiting for bytes. Thread-safe; may be empty.
    std::function<void()> interrupt = nullptr;
};
base::BodyReport write_body(const Writing& writing, const Source& source);

}  // namespace bodega::app
