// Interface for writing a body's bytes to a file, shared by the edge and the app.
//
// Used by one thread at a time, which may block on the disk. Throws Error{no_space} or Error{io}; after an error
// nothing more is written.
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

    // After an error: syncs what was written. Returns true if it is proved that no write to the file is pending, so
    // that another writer may use the file. A call that was abandoned after a timeout may still take effect at any
    // later time, even if later calls succeed.
    virtual bool settle() noexcept = 0;

    // Puts the size and the digest of what was written into a report; after seal(), also the checksum.
    virtual void describe(BodyReport& report) const = 0;
};

// Creates a sink for the file that an order names. The sink's first write, sync or seal creates or opens the file;
// nothing is touched before. Throws Error{internal} or Error{invalid} for an order that can't be followed,
// Error{unavailable} if no sink is available now.
using OpenBodySink = std::function<std::unique_ptr<BodySink>(const BodyOrder&)>;

}  // namespace bodega::base
