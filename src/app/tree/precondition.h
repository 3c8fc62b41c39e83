// What a write demands of the file that is there (RFC 9110 section 13.1): If-Match and If-None-Match, with
// a content's sha256 as its tag.
#pragma once

#include <optional>
#include <vector>

#include "store/tree/entry.h"

namespace bodega::app {

struct Expected {
    bool absent = false;   // If-None-Match: *
    bool present = false;  // If-Match: *
    std::optional<std::vector<store::Sha256>> one_of =
        {};                                   // If-Match with tags; those that are none of ours are left out
    std::vector<store::Sha256> none_of = {};  // If-None-Match with tags

    // Whether it depends on what is there.
    bool is_conditional() const noexcept { return absent || present || one_of || !none_of.empty(); }

    // Throws Error{precondition_failed}.
    void check(const std::optional<store::Entry>& there) const;
};

}  // namespace bodega::app
