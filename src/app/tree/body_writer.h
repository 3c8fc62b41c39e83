// Writes a body as an order says, on the caller's thread: for the bodies that no edge of ours writes.
#pragma once

#include <functional>

#include "app/tree/source.h"
#include "base/body_order.h"
#include "base/body_recalls.h"
#include "blobs/store.h"

namespace bodega::app {

// Reads `source` to its end and returns the report of a whole body. What comes before it (alive, kept) and what ends it
// otherwise (broken, excess, failed) is told to `tell`; then what ended it is thrown: what `source` threw, or the
// disk's Error{no_space}, {io}, {gone}, {unavailable}, or what `tell` threw; Error{locked}: it was recalled. Memory:
// one block, whatever the size.
using Tell = std::function<void(const base::BodyReport&)>;
struct Writing {
    const blobs::Store& store;
    const base::BodyOrder& order;
    const Tell& tell;
    base::BodyRecalls* recalls = nullptr;       // where it can be recalled; null: it can't be
    std::function<void()> interrupt = nullptr;  // makes a source throw that is silent; thread-safe; or empty
};
base::BodyReport write_body(const Writing& writing, const Source& source);

}  // namespace bodega::app
