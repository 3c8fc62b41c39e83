// Writes a body to a file as an order says, on the caller's thread. Used for bodies that bodega's edge does not write.
#pragma once

#include <functional>

#include "app/tree/source.h"
#include "base/body_order.h"
#include "base/body_recalls.h"
#include "blobs/store.h"

namespace bodega::app {

// Reads `source` to its end and returns the report of a complete body. Calls `tell` with each report before that
// (alive, kept) and with the one that ends the body otherwise (broken, excess, failed); after the latter throws the
// cause: what `source` or `tell` threw, the disk's Error{no_space}, {io}, {gone}, {unavailable}, Error{too_large} for
// more bytes than ordered, or Error{locked} if the writer was recalled. Memory: one block, whatever the size.
using Tell = std::function<void(const base::BodyReport&)>;
struct Writing {
    const blobs::Store& store;
    const base::BodyOrder& order;
    const Tell& tell;
    base::BodyRecalls* recalls = nullptr;       // asks this writer to stop when its client comes back; may be null
    std::function<void()> interrupt = nullptr;  // makes a source that waits for bytes throw; thread-safe; may be empty
};
base::BodyReport write_body(const Writing& writing, const Source& source);

}  // namespace bodega::app
