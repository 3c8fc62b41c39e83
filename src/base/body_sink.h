// Where a body's bytes are written to, whoever receives them.
//
// One thread at a time, which may block on the disk. Throws Error{no_space}, {io}; after an error nothing more is
// written.
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
    virtual std::int64_t size() const noexcept = 0;  // of the file
    virtual void sync() = 0;                         // when it returns, all that was written is on the disk
    virtual void seal() = 0;                         // and the file is closed

    // After an error: writes to the disk what was written. True if it is proved that nothing is on its way to the file
    // any more, so that another may write to it. A call that was given up may happen at any later time; no call that
    // succeeds after it proves otherwise.
    virtual bool settle() noexcept = 0;

    // Puts the size and the digest of what was written into a report; after seal(), the checksum too.
    virtual void describe(BodyReport& report) const = 0;
};

// For the file that an order names, which is made or opened by the sink's first write, sync or seal: until then nothing
// is touched. Throws Error{internal}, {invalid} for an order that can't be followed, {unavailable} for none at all now.
using OpenBodySink = std::function<std::unique_ptr<BodySink>(const BodyOrder&)>;

}  // namespace bodega::base
