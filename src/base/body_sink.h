// Interface for writing a body's bytes to a file, shared by the edge and the app.
//
// One thread at a time uses a sink, and may block on the disk. The calls throw Error{no_space} or Error{io}; after an
// error the sink writes nothing more.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "base/body_order.h"

namespace bodega::base {

class BodySink {
public:
    virtual ~BodySink() = default;

    virtual void write(std::span<const std::uint8_t> bytes) = 0;
    virtual std::int64_t size() const noexcept = 0;  // bytes in the file
    virtual void sync() = 0;                         // returns when all written bytes are on the disk
    virtual void seal() = 0;                         // syncs and closes the file

    // Call after an error. Syncs what was written. Returns true if it is proved that no write to the file is pending,
    // so that another writer may use the file. A file call that was abandoned after a timeout may still take effect at
    // any later time, even if later calls succeed.
    virtual bool settle() noexcept = 0;

    // Sets the report's size and digest to those of the written bytes. After seal(), sets the checksum too.
    virtual void describe(BodyReport& report) const = 0;
};

// Creates a sink for the file that an order names. Only the sink's first write, sync or seal creates or opens the file.
// Throws Error{internal} or Error{invalid} for an order that can't be executed, Error{unavailable} if no sink is
// available now.
using OpenBodySink = std::function<std::unique_ptr<BodySink>(const BodyOrder&)>;

}  // namespace bodega::base
