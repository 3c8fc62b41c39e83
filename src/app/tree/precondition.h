// The preconditions of a write (RFC 9110, section 13.1): If-Match and If-None-Match. The entity tag of a content is its
// SHA-256.
#pragma once

#include <optional>
#include <vector>

#include "store/tree/entry.h"

namespace bodega::app {

struct Precondition {
    bool absent = false;                                    // If-None-Match: *
    bool present = false;                                   // If-Match: *
    std::optional<std::vector<store::Sha256>> one_of = {};  // the tags of If-Match that are SHA-256
    std::vector<store::Sha256> none_of = {};                // the tags of If-None-Match that are SHA-256

    // Throws Error{precondition_failed} if `there`, the existing entry, does not meet the preconditions.
    void check(const std::optional<store::Entry>& there) const;
};

}  // namespace bodega::app
