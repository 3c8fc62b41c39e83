// The preconditions of a write (RFC 9110, section 13.1): If-Match and If-None-Match. A content's SHA-256 is its tag.
#pragma once

#include <optional>
#include <vector>

#include "store/tree/entry.h"

namespace bodega::app {

struct Precondition {
    bool absent = false;   // If-None-Match: *
    bool present = false;  // If-Match: *
    std::optional<std::vector<store::Sha256>> one_of =
        {};                                   // If-Match with tags; tags that are not SHA-256 are left out
    std::vector<store::Sha256> none_of = {};  // If-None-Match with tags

    // Throws Error{precondition_failed}.
    void check(const std::optional<store::Entry>& there) const;
};

}  // namespace bodega::app
