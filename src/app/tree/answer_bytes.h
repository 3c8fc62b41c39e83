// Limits the bytes of the paths in a page of results, since a path can be as long as the tree is deep.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "store/tree/entry.h"

namespace bodega::app {

class AnswerBytes {
public:
    // Counts one more item with a path of `path_bytes` bytes. Returns true if the page still has room for it. The first
    // item always fits.
    bool take(std::size_t path_bytes) {
        bytes_ += path_bytes;
        return std::exchange(is_first_, false) || bytes_ <= kMax;
    }
    bool take(const std::vector<store::PathStep>& path) {
        std::size_t bytes = 0;
        for (const auto& step : path) bytes += step.name.size() + kStepBytes;
        return take(bytes);
    }

private:
    static constexpr std::size_t kMax = 1 << 20;
    static constexpr std::size_t kStepBytes = 48;  // the id of a path's step, and JSON's punctuation

    std::size_t bytes_ = 0;
    bool is_first_ = true;
};

}  // namespace bodega::app
