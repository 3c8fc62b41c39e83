#pragma once

#include <optional>

#include "base/error.h"

namespace bodega::test {

// The code of the base::Error that `work` throws; std::nullopt if it throws nothing.
std::optional<base::Code> code_of(const auto& work) {
    try {
        work();
    } catch (const base::Error& error) {
        return error.code();
    }
    return std::nullopt;
}

}  // namespace bodega::test
