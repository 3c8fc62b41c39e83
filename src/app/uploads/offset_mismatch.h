// A part of an upload that does not begin where the upload stands, which the refusal tells.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace bodega::app {

class OffsetMismatch : public base::Error {
public:
    explicit OffsetMismatch(std::int64_t offset)
        : base::Error(base::Code::offset_mismatch,
                      "The upload stands at byte " + std::to_string(offset) + ". Go on from there."),
          offset_(offset) {}

    std::int64_t offset() const noexcept { return offset_; }

private:
    std::int64_t offset_;
};

}  // namespace bodega::app
