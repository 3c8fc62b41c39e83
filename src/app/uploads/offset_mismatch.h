// The error for a part that does not begin at the upload's offset. Contains that offset, so that the client can
// continue there.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace bodega::app {

class OffsetMismatch : public base::Error {
public:
    explicit OffsetMismatch(std::int64_t offset)
        : base::Error(base::Code::offset_mismatch,
                      "The upload's offset is " + std::to_string(offset) + " bytes. Continue from there."),
          offset_(offset) {}

    std::int64_t offset() const noexcept { return offset_; }

private:
    std::int64_t offset_;
};

}  // namespace bodega::app
